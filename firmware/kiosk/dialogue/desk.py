"""What the screen knows of the office behind it: one value, read whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.room.announce import Said
from core.room.phrases import Phrase
from firmware.kiosk.dialogue.errands import Team
from firmware.kiosk.dialogue.pages import Checked, NotPrinted, Taken

__all__ = ["Answer", "Desk", "Elsewhere", "OnDuty", "Tried"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish."""

    wish: int
    page: Taken | NotPrinted | Checked | None
    """What to show; None when no ticket was given."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a technician's test."""

    wish: int
    is_good: bool
    fault: str = ""
    """What is wrong, in a technician's words."""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A doctor who takes patients."""

    name: str | None
    """None for whoever it is."""
    room: str
    """What stands on the door."""
    until: str | None = None
    """Hour and minute; None while nobody has said it."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another centre that gives tickets, as it was last known."""

    name: str
    age_min: int
    """How old the news is."""
    distance_m: int | None = None
    closes: str | None = None
    """Hour and minute."""
    wait: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the screen knows of the office behind it."""

    state: Literal["starting", "ready", "out-of-order"] = "starting"
    intake: Literal["open", "full", "closed"] = "open"
    """As the controller says; `open` while it is not heard."""
    opens: Phrase | None = None
    """When the centre opens next, while it gives no tickets; None where no hours are known."""
    closes: str | None = None
    """Hour and minute of today's closing, while open; None where no hours are known."""
    waiting: int | None = None
    """How many wait; None while the kiosk cannot know."""
    wait: Said | None = None
    """How long somebody waits who takes a ticket now; None while nobody says it."""
    doctors: tuple[OnDuty, ...] = ()
    """Those who take patients; empty while the kiosk cannot know."""
    elsewhere: tuple[Elsewhere, ...] = ()
    """The nearest centres that give tickets, while this one does not."""
    team: Team | None = None
    """Of the call for help from this kiosk; None while none is under way."""
    is_linked: bool = False
    """Whether the controller is heard."""
    alerts: tuple[str, ...] = ()
    """What is wrong with the kiosk, for a technician."""
    answer: Answer | None = None
    """To the newest wish that has one."""
    can_print_again: bool = False
    """Whether its slip did not come out, and the printer says that it is well again."""
    tested: Tried | None = None
    """The newest outcome of a technician's test."""

    @property
    def gives_tickets(self) -> bool:
        return self.state == "ready" and self.intake == "open"
