"""What a role sees of a printer.

Rule: what the printer does not say is None, never "fine".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from firmware.drivers.errors import CoverOpen, CutterJammed, PaperOut, PrinterFault, PrinterOffline
from firmware.drivers.printer.profiles import Profile

__all__ = ["Paper", "Printer", "PrinterStatus"]

Paper = Literal["ok", "low", "out"]


@dataclass(frozen=True)
class PrinterStatus:
    """What a printer says of itself at one moment; None is "it did not say"."""

    online: bool | None = None
    paper: Paper | None = None
    cover_open: bool | None = None
    cutter_ok: bool | None = None

    @property
    def fault(self) -> PrinterFault | None:
        """What surely hinders the next slip, the cause before its consequence."""
        if self.cover_open:
            return CoverOpen()
        if self.paper == "out":
            return PaperOut()
        if self.cutter_ok is False:
            return CutterJammed()
        if self.online is False:
            return PrinterOffline()
        return None


class Printer(Protocol):
    """One slip printer; used by one thread at a time."""

    @property
    def profile(self) -> Profile:
        """The model's figures."""
        ...

    def ask(self) -> None:
        """Put the questions of the next `status` ahead, where the model lets us: it answers while we do other work.

        Nothing may be said to the printer in between. It costs no time and raises nothing: what is wrong, `status`
        finds out.
        """
        ...

    def status(self) -> PrinterStatus:
        """What the printer answers, half a second old at the most; asks it if nobody has, two seconds at the most.

        Raises:
            PrinterAbsent: nothing there to ask.
        """
        ...

    def send(self, job: bytes, *, timeout_s: float) -> None:
        """Give the printer a job and return once it has confirmed it, as well as its model can.

        Raises:
            PrinterFault: it was not printed if `bytes_taken` is 0, and may have been otherwise.
        """
        ...

    def suspect(self) -> None:
        """Somebody who is gone may have left part of a job: let the printer forget it now, or end it before the next.

        It may take some seconds, and raises nothing: what is wrong, `status` finds out.
        """
        ...

    def close(self) -> None: ...
