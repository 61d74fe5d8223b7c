"""What the screen asks of the office behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from core.edge.site import Language
from core.room.ids import Number, ServiceId
from firmware.kiosk.dialogue.targets import Claim

__all__ = ["CallTeam", "Errand", "Present", "PrintAgain", "PrintTest", "SoundTest", "Team", "Wish"]

Team = Literal["asked", "heard", "unheard", "coming"]
"""Of a call for help: on its way; a room unit says that it rings there; none has for 3 s; somebody has answered."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A ticket, please."""

    id: int
    """Tells the answer to this wish from the one to an earlier wish."""
    service: ServiceId
    language: Language
    claim: Claim | None = None
    """What the patient declares; staff confirm it."""
    first_name: str = field(default="", repr=False)
    """No log and no error shows it."""
    born: int | None = field(default=None, repr=False)
    """Year, likewise."""


@dataclass(frozen=True, slots=True)
class Present:
    """My place, please: I have a slip."""

    id: int
    slip: str
    """Its number or its token."""
    language: Language
    with_result: bool = False
    """Whether the patient is back from an exam."""


@dataclass(frozen=True, slots=True)
class PrintAgain:
    """My slip, please, now that there is paper: it did not come out."""

    id: int
    number: Number


@dataclass(frozen=True, slots=True)
class CallTeam:
    """Help, please, now."""

    id: int


@dataclass(frozen=True, slots=True)
class PrintTest:
    """Of a technician: a slip that is no ticket."""

    id: int


@dataclass(frozen=True, slots=True)
class SoundTest:
    """Of a technician: something to hear."""

    id: int


Errand = Wish | Present | PrintAgain | CallTeam | PrintTest | SoundTest
"""What the screen asks of the office."""
