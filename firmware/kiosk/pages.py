"""The pages of the kiosk, what they ask of the office, and what they know of it.

Rule: plain values: what follows on what is the flow's matter, what stands on a page the sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from core.edge.site import Language
from core.room.announce import Said
from core.room.ids import Number, ServiceId
from core.room.phrases import Phrase
from firmware.kiosk.targets import Claim

__all__ = [
    "Answer",
    "Birth",
    "CallTeam",
    "Calling",
    "Checked",
    "Checking",
    "Cleaning",
    "Code",
    "Corner",
    "Declaring",
    "Desk",
    "Elsewhere",
    "Errand",
    "Grid",
    "Idle",
    "Languages",
    "Name",
    "NotPrinted",
    "OnDuty",
    "Page",
    "Present",
    "PrintAgain",
    "PrintTest",
    "Printing",
    "Reading",
    "Services",
    "Signs",
    "SoundTest",
    "Start",
    "StillThere",
    "Taken",
    "Team",
    "Tested",
    "Typing",
    "Wish",
]

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


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish."""

    wish: int
    page: Taken | NotPrinted | Checked | None
    """What to show; None when no ticket was given."""


@dataclass(frozen=True, slots=True)
class Tested:
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
    tested: Tested | None = None
    """The newest outcome of a technician's test."""

    @property
    def gives_tickets(self) -> bool:
        return self.state == "ready" and self.intake == "open"
