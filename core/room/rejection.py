"""Why a wish is not granted, and what several wishes take for granted."""

from __future__ import annotations

from typing import NoReturn

from core.room.ids import RoomId, TicketId
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketEvent, is_allowed

__all__ = ["CommandRejected", "able", "called_by", "named", "reject"]


class CommandRejected(Exception):
    """A command that cannot be done now; the state is untouched.

    Attributes:
        code: a stable word for programs and catalogues: `nobody-waits`, `no-ticket-in-room`, `unknown-ticket`, …
    """

    def __init__(self, code: str, because: str) -> None:
        super().__init__(because)
        self.code = code


def reject(code: str, because: str) -> NoReturn:
    """
    Raises:
        CommandRejected: always.
    """
    raise CommandRejected(code, because)


def called_by(state: SiteState, room: RoomId) -> Ticket:
    """The ticket that a room has called or is serving.

    Raises:
        CommandRejected: there is none.
    """
    ticket = state.in_room(room)
    if ticket is None:
        reject("no-ticket-in-room", f"{room} has called nobody")
    return ticket


def named(state: SiteState, ticket: TicketId) -> Ticket:
    """A ticket of the day.

    Raises:
        CommandRejected: there is none of this name.
    """
    if ticket not in state.tickets:
        reject("unknown-ticket", f"no ticket {ticket} today")
    return state.tickets[ticket]


def able(ticket: Ticket, event: type[TicketEvent]) -> TicketId:
    """The id of a ticket to which an event can happen now.

    Raises:
        CommandRejected: it cannot.
    """
    if not is_allowed(ticket.state, event):
        reject("not-now", f"{ticket.number} is {ticket.state}: {event.__name__} cannot follow")
    return ticket.id
