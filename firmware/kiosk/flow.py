"""What happens on the kiosk's screen: which page follows on which touch, and on no touch at all.

Rule: pure. Instants are real monotonic seconds and come in as arguments; giving a ticket is a wish that comes out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from core.edge.site import Language
from core.room.announce import Said
from core.room.ids import Number, ServiceId
from core.room.phrases import Phrase

__all__ = [
    "Answer",
    "Back",
    "Begin",
    "Checked",
    "Checking",
    "Choose",
    "ChooseLanguage",
    "Desk",
    "Done",
    "Erase",
    "Flow",
    "HaveTicket",
    "Key",
    "NotPrinted",
    "Present",
    "Printing",
    "Services",
    "Start",
    "Taken",
    "Target",
    "Typing",
    "Wish",
    "elapsed",
    "scanned",
    "touched",
]

_SLIP = re.compile(r"(?:^|/t/)([A-Z][0-9]{3}|[A-Za-z0-9_-]{16})$")
"""The number of a slip, or the token at the end of the address in its code."""
SETTLE_S = 0.25
"""A page is deaf for this long after it has appeared: the second tap of a double tap was not meant for it."""
_STAYS_S = {"start": 60.0, "services": 30.0, "taken": 10.0, "not-printed": 120.0, "typing": 30.0, "checked": 15.0}
"""How long a page waits for a touch before the next patient finds the start page, in French again."""


@dataclass(frozen=True, slots=True)
class Start:
    kind: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class Services:
    kind: Literal["services"] = "services"


@dataclass(frozen=True, slots=True)
class Printing:
    wish: Wish
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


Page = Start | Services | Printing | Taken | NotPrinted | Typing | Checking | Checked


@dataclass(frozen=True, slots=True)
class Begin:
    """The one large way in."""


@dataclass(frozen=True, slots=True)
class Choose:
    service: ServiceId


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    language: Language


@dataclass(frozen=True, slots=True)
class Back:
    pass


@dataclass(frozen=True, slots=True)
class Done:
    pass


@dataclass(frozen=True, slots=True)
class HaveTicket:
    """The small way in, for those who have a slip already."""


@dataclass(frozen=True, slots=True)
class Key:
    sign: str


@dataclass(frozen=True, slots=True)
class Erase:
    pass


Target = Begin | Choose | ChooseLanguage | Back | Done | HaveTicket | Key | Erase
"""What a finger can be on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A ticket, please."""

    id: int
    """Tells the answer to this wish from the one to an earlier wish."""
    service: ServiceId
    language: Language


@dataclass(frozen=True, slots=True)
class Present:
    """My place, please: I have a slip."""

    id: int
    slip: str
    """Its number or its token."""
    language: Language


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish."""

    wish: int
    page: Taken | NotPrinted | Checked | None
    """What to show; None when no ticket was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the screen knows of the office behind it."""

    state: Literal["starting", "ready", "out-of-order"] = "starting"
    intake: Literal["open", "full", "closed"] = "open"
    """As the controller says; `open` while it is not heard."""
    opens: Phrase | None = None
    """When the centre opens next, while it gives no tickets; None where no hours are known."""
    waiting: int | None = None
    """How many wait; None while the kiosk cannot know."""
    wait: Said | None = None
    """How long somebody waits who takes a ticket now; None while nobody says it."""
    answer: Answer | None = None
    """To the newest wish that has one."""

    @property
    def gives_tickets(self) -> bool:
        return self.state == "ready" and self.intake == "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where the person in front of the screen is."""

    services: tuple[ServiceId, ...]
    home: Language = "fr"
    """What the start page speaks to the next patient."""
    language: Language = "fr"
    page: Page = Start()
    appeared_s: float = float("-inf")
    touched_s: float = float("-inf")
    wishes: int = 0


def touched(flow: Flow, target: Target, desk: Desk, now_s: float) -> tuple[Flow, Wish | Present | None]:
    """The flow after a touch, and what it asks for, if anything."""
    if now_s - flow.appeared_s < SETTLE_S:
        return flow, None
    flow = replace(flow, touched_s=now_s)
    match flow.page, target:
        case ((Printing() | Checking()), _):
            return flow, None
        case _, ChooseLanguage(language):
            return replace(flow, language=language), None
        case ((Start() | Services()), (Begin() | Choose())) if not desk.gives_tickets:
            return flow, None
        case Start(), Begin() if len(flow.services) > 1:
            return _turn(flow, Services(), now_s), None
        case Start(), Begin():
            return _wish(flow, flow.services[0], now_s)
        case Services(), Choose(service):
            return _wish(flow, service, now_s)
        case ((Start() | Services()), HaveTicket()):
            return _turn(flow, Typing(), now_s), None
        case Typing(typed), Key(sign):
            return _typed(flow, typed + sign, now_s)
        case Typing(typed), Erase():
            return replace(flow, page=Typing(typed[:-1])), None
        case ((Services() | Typing()), Back()) | ((Taken() | NotPrinted() | Checked()), Done()):
            return _home(flow, now_s, keep_language=isinstance(target, Back)), None
        case _:
            return flow, None


def scanned(flow: Flow, text: str, now_s: float) -> tuple[Flow, Present | None]:
    """The flow after a code was held before the scanner: the address on a slip, or whatever else patients carry."""
    flow = replace(flow, touched_s=now_s)
    slip = _SLIP.search(text.strip())
    if slip is None or isinstance(flow.page, Printing | Checking):
        return flow, None
    return _present(flow, slip.group(1), now_s)


def elapsed(flow: Flow, desk: Desk, now_s: float) -> Flow:
    """The flow after time has passed and the office has worked."""
    if isinstance(flow.page, Printing | Checking):
        answer = desk.answer
        if answer is None or answer.wish != flow.page.wish.id:
            return flow
        return _turn(flow, answer.page, now_s) if answer.page else _home(flow, now_s, keep_language=True)
    is_idle = now_s - max(flow.appeared_s, flow.touched_s) >= _STAYS_S[flow.page.kind]
    is_home = isinstance(flow.page, Start) and flow.language == flow.home
    return _home(flow, now_s, keep_language=False) if is_idle and not is_home else flow


def _wish(flow: Flow, service: ServiceId, now_s: float) -> tuple[Flow, Wish]:
    wish = Wish(flow.wishes + 1, service, flow.language)
    return replace(_turn(flow, Printing(wish), now_s), wishes=wish.id), wish


def _typed(flow: Flow, typed: str, now_s: float) -> tuple[Flow, Present | None]:
    if len(typed) < len("A001"):
        return replace(flow, page=Typing(typed)), None
    return _present(flow, typed, now_s)


def _present(flow: Flow, slip: str, now_s: float) -> tuple[Flow, Present]:
    wish = Present(flow.wishes + 1, slip, flow.language)
    return replace(_turn(flow, Checking(wish), now_s), wishes=wish.id), wish


def _home(flow: Flow, now_s: float, *, keep_language: bool) -> Flow:
    flow = _turn(flow, Start(), now_s)
    return flow if keep_language else replace(flow, language=flow.home)


def _turn(flow: Flow, page: Page, now_s: float) -> Flow:
    return replace(flow, page=page, appeared_s=now_s)
