"""What hardware can do wrong, one class per situation that a caller treats differently.

    DriverFault
    ├── PrinterFault            bytes_taken: how much of the job the printer had swallowed
    │   ├── PaperOut
    │   ├── CoverOpen
    │   ├── CutterJammed
    │   ├── PrinterOffline      says it is not ready and not why
    │   ├── PrinterAbsent       nothing there to talk to
    │   ├── PrinterStalled      stopped taking bytes
    │   └── PrinterMute         does not answer, or never said what became of a slip
    ├── PanelAbsent             no screen can be opened
    ├── GpioFault
    │   ├── GpioAbsent          no chip
    │   └── PinBusy             another process holds the pin
    └── SoundFault
        ├── SoundAbsent         no sound card, or nothing that plays
        ├── SoundStalled        the card takes nothing any more
        └── SpeechAbsent        nothing that makes words sound

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
    "SoundAbsent",
    "SoundFault",
    "SoundStalled",
    "SpeechAbsent",
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

    remedy = "the paper is out; open the cover, put in a new roll with its end hanging out, close the cover"


class CoverOpen(PrinterFault):
    """The cover is open."""

    remedy = "the printer's cover is open; close it until it clicks"


class CutterJammed(PrinterFault):
    """The cutter is blocked."""

    remedy = "the cutter is jammed; open the cover, pull the paper out of the blade, close the cover"


class PrinterOffline(PrinterFault):
    """The printer says that it is not ready, without a known cause."""

    remedy = "the printer is offline and does not say why; switch it off, wait for 5 seconds, switch it on"


class PrinterAbsent(PrinterFault):
    """There is no printer at the end of the cable."""

    remedy = "no printer answers there; check its power and its cable at both ends, then switch it off and on"


class PrinterStalled(PrinterFault):
    """The printer stopped taking bytes before the end of the job."""

    remedy = "the printer stopped taking data in a slip; switch it off, tear off what hangs out, switch it on"


class PrinterMute(PrinterFault):
    """The printer does not answer, or did not confirm a slip."""

    remedy = "the printer does not answer what it is asked; print a test slip, and if none comes switch it off and on"


class PanelAbsent(DriverFault):
    """No screen can be opened."""


class GpioFault(DriverFault):
    """The button or the lamp cannot be used."""


class GpioAbsent(GpioFault):
    """The machine has no such GPIO chip, or this user may not open it."""


class PinBusy(GpioFault):
    """Another process, or another part of this one, holds the pin."""


class SoundFault(DriverFault):
    """Nothing can be heard."""


class SoundAbsent(SoundFault):
    """There is no such sound card, or no program that plays on it."""


class SoundStalled(SoundFault):
    """The sound card takes nothing any more."""


class SpeechAbsent(SoundFault):
    """There are words to say, and nothing that makes them sound."""
