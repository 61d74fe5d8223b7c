"""What the page of a ticket says. Pure.

Rule: it says what the patient has to do now, and nothing about anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from core.room.announce import Said
from core.room.phrases import Phrase
from core.room.state import Ticket
from core.room.transitions import AT_LARGE, TicketState

__all__ = ["Sentence", "Stage", "may_leave", "sentence_for", "words_of"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The state of a ticket, to be read at a glance."""

    tone: Literal["wait", "soon", "now", "over"]
    headline: Phrase
    advice: Phrase | None = None
    wait: Phrase | None = None
    """How long it is likely to be."""
    note: Phrase | None = None
    """Whether that is before closing."""


Stage = Literal["asked", "done", "changed", "failed"]
"""Of leaving: whether they are sure; it is done; the ticket is no longer one to leave with; nobody can be asked."""


def may_leave(ticket: Ticket) -> bool:
    """Whether a patient may say from afar that they go: not to the doctor who calls them or is with them."""
    return ticket.state in AT_LARGE


def words_of(stage: Stage, number: str) -> tuple[Phrase, Phrase]:
    """What a stage of leaving says first, and below that."""
    of_ticket = {"number": number}
    match stage:
        case "asked":
            return Phrase("leave.title"), Phrase("leave.advice", of_ticket)
        case "done":
            return Phrase("leave.done"), Phrase("leave.done-advice", of_ticket)
        case "changed":
            return Phrase("leave.changed"), Phrase("leave.changed-advice", of_ticket)
        case "failed":
            return Phrase("leave.failed"), Phrase("leave.failed-advice")


def sentence_for(ticket: Ticket, before: int, room: str, said: Said | None = None) -> Sentence:
    """
    Args:
        before: how many go before a waiting ticket.
        room: what the reader's language calls the ticket's room; empty when it has none.
        said: of the wait; None when nothing is.
    """
    in_room = {"room": room}
    match ticket.state:
        case TicketState.WAITING if before:
            return _with_wait(Sentence("wait", Phrase("ticket.before", count=before)), said)
        case TicketState.WAITING:
            return _with_wait(Sentence("soon", Phrase("ticket.next"), Phrase("ticket.next-advice")), said)
        case TicketState.CALLED:
            return Sentence("now", Phrase("ticket.called"), Phrase("ticket.called-advice", in_room))
        case TicketState.IN_SERVICE:
            return Sentence("over", Phrase("ticket.in-service"))
        case TicketState.PARKED:
            return Sentence("wait", Phrase("ticket.parked"), Phrase("ticket.parked-advice", in_room))
        case TicketState.NO_SHOW:
            return Sentence("soon", Phrase("ticket.no-show"), Phrase("ticket.no-show-advice"))
        case TicketState.TO_CONFIRM:
            return Sentence("soon", Phrase("ticket.to-confirm"), Phrase("ticket.to-confirm-advice"))
        case TicketState.DONE:
            return Sentence("over", Phrase("ticket.done"), Phrase("ticket.done-advice"))
        case TicketState.CANCELLED:
            return Sentence("over", Phrase("ticket.cancelled"), Phrase("ticket.cancelled-advice"))


def _with_wait(sentence: Sentence, said: Said | None) -> Sentence:
    """Who is next stays, however long it takes: the order may change."""
    if said is None or not said.is_promise:
        return sentence
    return replace(
        sentence,
        tone="soon" if said.kind == "soon" else sentence.tone,
        advice=sentence.advice or said.advice,
        wait=said.wait,
        note=said.in_time,
    )
