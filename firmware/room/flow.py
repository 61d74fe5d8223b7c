"""What happens on a room's own touch screen: which page follows on which touch, and which act is asked for.

Rule: pure. Instants are real monotonic seconds and come in as arguments; every act comes out as a question to the
controller, and its outcome, whatever it is, comes back as a notice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from core.room.commands import CallNext, Press, Recall, Resume, StaffAct
from core.room.ids import Number, RoomId, TicketId
from core.room.phrases import Phrase
from core.wire.messages import Answer, Doubt

__all__ = [
    "REFUSALS",
    "SETTLE_S",
    "Away",
    "Dismiss",
    "Do",
    "Flow",
    "Go",
    "Here",
    "Home",
    "Notice",
    "OnDuty",
    "One",
    "Page",
    "Queue",
    "Target",
    "Team",
    "Transferring",
    "Unclear",
    "doubt_key",
    "elapsed",
    "settled",
    "touched",
]

SETTLE_S = 0.25
"""A page is deaf for this long after it has appeared: the second tap of a double tap was not meant for it."""
_STAYS_S = 30.0
"""How long a page waits for a touch before the room finds its patient on the screen again."""
_NOTICE_S = 6.0
"""How long an outcome stands there: long enough to look up from the patient."""

REFUSALS = frozenset(
    {
        "changed-since",
        "disk-fault",
        "in-care",
        "no-ticket-in-room",
        "nobody-waits",
        "not-now",
        "not-on-duty",
        "nothing-to-undo",
        "recalled-enough",
        "room-busy",
        "too-late",
    }
)
"""Codes of rejections that have words of their own."""

DoubtKey = tuple[str, RoomId, int]


@dataclass(frozen=True, slots=True)
class Home:
    """Who is here, who waits."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Everybody who waits."""

    sheet: int = 0


@dataclass(frozen=True, slots=True)
class Away:
    """Those who were put aside and come back to this room."""

    sheet: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """What can be done for the patient in the room."""


@dataclass(frozen=True, slots=True)
class One:
    """One who waits."""

    ticket: TicketId


@dataclass(frozen=True, slots=True)
class Transferring:
    """To which service."""

    ticket: TicketId
    number: Number


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Until when, a pause, the end."""


@dataclass(frozen=True, slots=True)
class Team:
    """Calling the others."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A question about a doctor."""

    doubt: Doubt


Page = Home | Queue | Away | Here | One | Transferring | OnDuty | Team | Unclear


@dataclass(frozen=True, slots=True)
class Do:
    """Ask for an act."""

    act: StaffAct
    stays: bool = False
    """Whether the page stays, for a second touch like the first."""


@dataclass(frozen=True, slots=True)
class Go:
    page: Page


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Seen, and nothing to be done."""

    doubt: DoubtKey


Target = Do | Go | Dismiss
"""What a finger can be on."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of an act."""

    outcome: Literal["asking", "done", "refused"]
    says: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where the person in front of the screen is."""

    page: Page = Home()
    notice: Notice | None = None
    dismissed: frozenset[DoubtKey] = frozenset()
    appeared_s: float = float("-inf")
    touched_s: float = float("-inf")
    noticed_s: float = float("-inf")


def doubt_key(doubt: Doubt) -> DoubtKey:
    """Tells a doubt from the next one about the same room."""
    return doubt.kind, doubt.room, doubt.since_ms


def touched(flow: Flow, target: Target, now_s: float) -> tuple[Flow, StaffAct | None]:
    """The flow after a touch, and the act that it asks for, if any: one at a time."""
    if now_s - flow.appeared_s < SETTLE_S:
        return flow, None
    flow = replace(flow, touched_s=now_s)
    match target:
        case Go(page):
            return replace(flow, page=page, appeared_s=now_s), None
        case Dismiss(doubt):
            return replace(flow, page=Home(), appeared_s=now_s, dismissed=flow.dismissed | {doubt}), None
        case Do() if flow.notice is not None and flow.notice.outcome == "asking":
            return flow, None
        case Do(act, stays):
            flow = _noticed(flow, Notice("asking", Phrase("unit.asking")), now_s)
            return (flow if stays else replace(flow, page=Home(), appeared_s=now_s)), act


def settled(flow: Flow, act: StaffAct, answer: Answer | None, now_s: float) -> Flow:
    """The flow once an act, of a touch or of the button, has its outcome.

    Args:
        answer: None when the question's lifetime passed in silence, or it could not be asked.
    """
    return _noticed(flow, _outcome(act, answer), now_s)


def elapsed(flow: Flow, now_s: float) -> Flow:
    """The flow after time has passed."""
    notice = flow.notice
    if notice is not None and notice.outcome != "asking" and now_s - flow.noticed_s >= _NOTICE_S:
        flow = replace(flow, notice=None)
    if not isinstance(flow.page, Home) and now_s - max(flow.appeared_s, flow.touched_s) >= _STAYS_S:
        flow = replace(flow, page=Home(), appeared_s=now_s)
    return flow


def _noticed(flow: Flow, notice: Notice, now_s: float) -> Flow:
    return replace(flow, notice=notice, noticed_s=now_s)


def _outcome(act: StaffAct, answer: Answer | None) -> Notice:
    if answer is None:
        return Notice("refused", Phrase("unit.no-answer"))
    if answer.outcome == "expired":
        return Notice("refused", Phrase("unit.no-expired"))
    if answer.outcome == "rejected":
        code = answer.code if answer.code in REFUSALS else "other"
        return Notice("refused", Phrase(f"unit.no-{code}"))
    if answer.number is not None and isinstance(act, Press | CallNext | Recall | Resume):
        return Notice("done", Phrase("unit.called-number", {"number": answer.number}))
    return Notice("done", Phrase("unit.done"))
