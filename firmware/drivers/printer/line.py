"""A line to a printer: bytes out and bytes in over one non-blocking file descriptor, each with a time limit.

The usblp character device and a TCP socket behave alike under poll(2), write(2) and read(2); this owns what they share.
Opened at the first use and again after a loss, so that a printer pulled out and put back works without a restart.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable

from firmware.drivers.errors import PrinterAbsent, PrinterStalled

__all__ = ["Line"]

_CHUNK = 16_384
_STALLED_S = 3.0
"""A printer that takes not a byte for so long has stopped: between two rows and for a cut it needs less than one."""


class Line:
    """Bytes to and from what `open_fd` opens.

    Args:
        where: how a technician knows the place, for messages.
        open_fd: returns a non-blocking file descriptor; its OSError means that no printer is there.
        is_stream: reading nothing means the other end has closed (TCP), not an empty USB packet.
    """

    def __init__(self, where: str, open_fd: Callable[[], int], *, is_stream: bool) -> None:
        self._where = where
        self._open_fd = open_fd
        self._is_stream = is_stream
        self._fd: int | None = None
        self.openings = 0
        """How often it was opened: what was handed over before the last time may not be there any more."""

    @property
    def is_open(self) -> bool:
        return self._fd is not None

    def write(self, data: bytes, *, timeout_s: float) -> None:
        """Hand over all of `data`.

        Raises:
            PrinterStalled: the printer took only a part in time.
            PrinterAbsent: it is not there, or has gone.
        """
        deadline = time.monotonic() + timeout_s
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._opened(), rest) :]
            except BlockingIOError:
                left_s = deadline - time.monotonic()
                if left_s <= 0 or not self._is_ready(select.POLLOUT, min(left_s, _STALLED_S)):
                    raise PrinterStalled(self._where, bytes_taken=len(data) - len(rest)) from None
            except OSError as error:
                raise self._lost(error.strerror, len(data) - len(rest)) from error

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived, waiting at most `timeout_s` for the first byte; empty when nothing came.

        Raises:
            PrinterAbsent: the printer is not there, or has gone.
        """
        received = self._received()
        if received is None and timeout_s > 0 and self._is_ready(select.POLLIN, timeout_s):
            received = self._received()
        return received or b""

    def drain(self) -> None:
        """Drop what arrived unasked. A connection that the printer closed meanwhile is opened anew.

        Raises:
            PrinterAbsent: no printer is there.
        """
        was_open = self._fd is not None
        try:
            while self.read(timeout_s=0.0):
                pass
        except PrinterAbsent:
            if not was_open:
                raise
            self._opened()

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _received(self) -> bytes | None:
        """What is there; None when nothing is."""
        try:
            received = os.read(self._opened(), _CHUNK)
        except BlockingIOError:
            return None
        except OSError as error:
            raise self._lost(error.strerror, 0) from error
        if not received and self._is_stream:
            raise self._lost("closed by the printer", 0)
        return received

    def _opened(self) -> int:
        if self._fd is None:
            try:
                self._fd = self._open_fd()
                self.openings += 1
            except OSError as error:
                raise PrinterAbsent(f"{self._where} ({error.strerror or error})") from error
        return self._fd

    def _is_ready(self, event: int, timeout_s: float) -> bool:
        """Also true of a broken line: the next read or write says how it broke."""
        poll = select.poll()
        poll.register(self._opened(), event)
        return bool(poll.poll(timeout_s * 1000))

    def _lost(self, reason: str | None, taken: int) -> PrinterAbsent:
        self.close()
        return PrinterAbsent(f"{self._where} ({reason})", bytes_taken=taken)
