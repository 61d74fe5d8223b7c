"""The pages of the kiosk.

Rule: plain values: what follows on what is the flow's matter, what stands on a page the sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.room.announce import Said
from core.room.ids import Number, ServiceId
from firmware.kiosk.dialogue.errands import CallTeam, Present, PrintAgain, Team, Wish

__all__ = [
    "Birth",
    "Calling",
    "Checked",
    "Checking",
    "Cleaning",
    "Code",
    "Corner",
    "Declaring",
    "Grid",
    "Idle",
    "Languages",
    "Name",
    "NotPrinted",
    "Page",
    "Printing",
    "Reading",
    "Services",
    "Signs",
    "Start",
    "StillThere",
    "Taken",
    "Typing",
]


@dataclass(frozen=True, slots=True)
class Start:
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class Services:
    kind: Literal["services"] = "services"


@dataclass(frozen=True, slots=True)
class Declaring:
    """A priority card, pregnancy or an infant, before the service is chosen."""

    kind: Literal["declaring"] = "declaring"


@dataclass(frozen=True, slots=True)
class Name:
    """The first name, sign by sign, of who wants to give it."""

    service: ServiceId
    typed: str = ""
    part: int = 0
    """Of a keyboard that has no room as a whole."""
    kind: Literal["name"] = "name"


@dataclass(frozen=True, slots=True)
class Birth:
    """The year of birth, likewise."""

    service: ServiceId
    first_name: str
    typed: str = ""
    kind: Literal["birth"] = "birth"


@dataclass(frozen=True, slots=True)
class Printing:
    wish: Wish | PrintAgain
    kind: Literal["printing"] = "printing"


@dataclass(frozen=True, slots=True)
class Taken:
    number: Number
    kind: Literal["taken"] = "taken"


@dataclass(frozen=True, slots=True)
class NotPrinted:
    number: Number
    url: str
    """Of the ticket's page, for a code to photograph."""
    is_sure: bool
    """False when a slip may have come out all the same."""
    kind: Literal["not-printed"] = "not-printed"


@dataclass(frozen=True, slots=True)
class Typing:
    """The number of a slip, sign by sign."""

    typed: str = ""
    with_result: bool = False
    """Whether it is for somebody who is back from an exam."""
    kind: Literal["typing"] = "typing"


@dataclass(frozen=True, slots=True)
class Checking:
    wish: Present
    kind: Literal["checking"] = "checking"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the controller says of a slip."""

    outcome: Literal["kept", "called", "over", "unknown", "unsure"]
    """`unsure` while the controller cannot be asked."""
    number: Number | None = None
    wait: Said | None = None
    """How long it still takes; None while nobody says it."""
    kind: Literal["checked"] = "checked"


@dataclass(frozen=True, slots=True)
class Signs:
    """The warning signs."""

    kind: Literal["signs"] = "signs"


@dataclass(frozen=True, slots=True)
class Calling:
    """The team is being called."""

    wish: CallTeam
    team: Team = "asked"
    """As last told by the office."""
    kind: Literal["calling"] = "calling"


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading options."""

    before: Page
    """Where it was opened from."""
    kind: Literal["reading"] = "reading"


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages, where a panel has no room for their names elsewhere."""

    before: Page
    kind: Literal["languages"] = "languages"


@dataclass(frozen=True, slots=True)
class StillThere:
    """Before what was begun is forgotten."""

    before: Page
    kind: Literal["still-there"] = "still-there"


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is there."""

    kind: Literal["idle"] = "idle"


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The glass is wiped."""

    left_s: int
    kind: Literal["cleaning"] = "cleaning"


@dataclass(frozen=True, slots=True)
class Code:
    """The code of the technician's corner, sign by sign."""

    typed: str = ""
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Corner:
    """The technician's."""

    asked: int | None = None
    """The test whose outcome is shown."""
    kind: Literal["corner"] = "corner"


@dataclass(frozen=True, slots=True)
class Grid:
    """Fields to touch, one after the other, until none is left."""

    touched: frozenset[tuple[int, int]] = frozenset()
    kind: Literal["grid"] = "grid"


Page = (
    Start
    | Services
    | Declaring
    | Name
    | Birth
    | Printing
    | Taken
    | NotPrinted
    | Typing
    | Checking
    | Checked
    | Signs
    | Calling
    | Reading
    | Languages
    | StillThere
    | Idle
    | Cleaning
    | Code
    | Corner
    | Grid
)
