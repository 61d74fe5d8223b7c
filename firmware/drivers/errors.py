"""What hardware can do wrong, one class per situation that a caller treats differently.

    DriverFault
    ├── PrinterFault            bytes_taken: how much of the job the printer had swallowed
    │   ├── PaperOut
    │   ├── CoverOpen
    │   ├── CutterJammed
    │   ├── PrinterOffline      says it is not ready and not why
    │   ├── PrinterAbsent       nothing there to talk to
    │   ├── PrinterStalled      stopped taking bytes
    │   └── PrinterMute         took the bytes and never said what became of them
    ├── PanelAbsent             no screen can be opened
    └── GpioFault
        ├── GpioAbsent          no chip
        └── PinBusy             another process holds the pin

Rule: a message says what a person in front of the device should do.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "CoverOpen",
    "CutterJammed",
    "DriverFault",
    "GpioAbsent",
    "GpioFault",
    "PanelAbsent",
    "PaperOut",
    "PinBusy",
    "PrinterAbsent",
    "PrinterFault",
    "PrinterMute",
    "PrinterOffline",
    "PrinterStalled",
]


class DriverFault(Exception):
    """Hardware that does not do what it was asked."""


class PrinterFault(DriverFault):
    """A slip that was not printed, or not surely: the printer may still print what it has taken."""

    remedy: ClassVar[str] = "look at the printer"

    def __init__(self, detail: str = "", *, bytes_taken: int = 0) -> None:
        super().__init__(f"{detail}: {self.remedy}" if detail else self.remedy)
        self.detail = detail
        self.bytes_taken = bytes_taken


class PaperOut(PrinterFault):
    """The roll is at its end."""

    remedy = "the paper is out; put in a new roll"


class CoverOpen(PrinterFault):
    """The cover is open."""

    remedy = "the printer's cover is open; close it until it clicks"


class CutterJammed(PrinterFault):
    """The cutter is blocked."""

    remedy = "the cutter is jammed; open the cover, take the paper out of the blade, close it"


class PrinterOffline(PrinterFault):
    """The printer says that it is not ready, without a known cause."""

    remedy = "the printer is offline; switch it off and on"


class PrinterAbsent(PrinterFault):
    """There is no printer at the end of the cable."""

    remedy = "no printer answers there; check its power and its cable"


class PrinterStalled(PrinterFault):
    """The printer stopped taking bytes before the end of the job."""

    remedy = "the printer stopped taking data; look at its lights, then switch it off and on"


class PrinterMute(PrinterFault):
    """The printer took the whole job and did not confirm it."""

    remedy = "the printer took the slip and did not confirm it; see whether it came out"


class PanelAbsent(DriverFault):
    """No screen can be opened."""


class GpioFault(DriverFault):
    """The button or the lamp cannot be used."""


class GpioAbsent(GpioFault):
    """The machine has no such GPIO chip, or this user may not open it."""


class PinBusy(GpioFault):
    """Another process, or another part of this one, holds the pin."""
