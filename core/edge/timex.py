"""What the kernel knows about its wall clock: whether a time server has set it, whichever program spoke to the server.

Rule: it only reads (`modes` = 0), which needs no privilege.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

__all__ = ["Timex", "read_timex"]

_STA_UNSYNC = 0x0040
_PHASE_LIMIT_US = 16_000_000
"""NTP_PHASE_LIMIT, `linux/timex.h`: an error this large means that nothing is known."""


class _Timex(ctypes.Structure):
    """`struct timex` of adjtimex(2), up to `status`; the rest is room for what the kernel writes behind it.

    On a 32-bit system the symbol `adjtimex` keeps this layout; 64-bit time has a symbol of its own.
    """

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("_rest", ctypes.c_long * 32),
    )


_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Timex:
    """The kernel's answer."""

    status: int
    """STA_… bits."""
    esterror_us: int

    @property
    def is_synchronised(self) -> bool:
        """Whether a time server has set the clock since boot, and nobody has set it by hand since.

        STA_UNSYNC alone would forget it: the kernel raises that flag by itself nine hours after the last word of a
        server (`maxerror` grows by 500 µs a second up to 16 s), long before a cut of seven days is over. The estimated
        error stays as the time daemon left it; only boot and a clock set by hand put it back to 16 s (`ntp_clear` in
        the kernel's ntp.c). It also tells of a chronyd without `rtcsync`, which never clears the flag.
        """
        return not self.status & _STA_UNSYNC or self.esterror_us < _PHASE_LIMIT_US


def read_timex() -> Timex:
    """Ask the kernel.

    Raises:
        OSError: a sandbox forbids the question.
    """
    answer = _Timex()
    if _libc.adjtimex(ctypes.byref(answer)) == -1:
        raise OSError(ctypes.get_errno(), "adjtimex is refused")
    return Timex(status=answer.status, esterror_us=answer.esterror)
