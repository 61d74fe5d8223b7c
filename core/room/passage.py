"""Who is next. The whole rule: key = ticket time less a head start; smallest key first among what a room may serve.

It can be said in one sentence ("as if you had come 20 minutes earlier"), starves nobody, and two waiting tickets never
swap by themselves, because a key changes only when a person changes the class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.room.events import Priority
from core.room.ids import RoomId, ServiceId, TicketId
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketState

__all__ = ["HEAD_START_MIN", "Policy", "ahead_of", "key_ms", "may_serve", "next_for", "order_of_passage"]

HEAD_START_MIN: Mapping[Priority, int] = {
    Priority.URGENT: 600,
    Priority.CARD: 60,
    Priority.RETURN: 45,
    Priority.COURTESY: 20,
    Priority.ORDINARY: 0,
}
"""Minutes. An urgent ticket precedes a whole day's ordinary ones; the others move by a bounded, explainable amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a centre may set about its order of passage."""

    head_start_min: Mapping[Priority, int] = field(default_factory=lambda: HEAD_START_MIN)
    rooms: Mapping[RoomId, frozenset[ServiceId]] = field(default_factory=dict)
    """The services that a room offers; a room that is not named offers all."""
    recall_window_s: int = 20
    """A second press this soon after a call summons the same patient again: an impatient tap does no harm."""
    grace_s: int = 180
    """From then until here a press says that nobody came."""


def key_ms(ordered_at_ms: int, priority: Priority, policy: Policy) -> int:
    return ordered_at_ms - policy.head_start_min[priority] * 60_000


def may_serve(room: RoomId, ticket: Ticket, policy: Policy) -> bool:
    """Whether a room can take this ticket now: it waits, and for something that the room offers."""
    offered = policy.rooms.get(room)
    return ticket.state is TicketState.WAITING and (offered is None or ticket.service in offered)


def order_of_passage(state: SiteState) -> list[Ticket]:
    """The waiting tickets, next first. Equal keys go by ticket time, then by number, so the order is total."""
    waiting = [ticket for ticket in state.tickets.values() if ticket.state is TicketState.WAITING]
    return sorted(waiting, key=_place)


def next_for(state: SiteState, room: RoomId, policy: Policy) -> Ticket | None:
    """The ticket that a room calls next."""
    return min((one for one in state.tickets.values() if may_serve(room, one, policy)), key=_place, default=None)


def ahead_of(state: SiteState, ticket: TicketId) -> int | None:
    """How many waiting tickets go before this one; None when it does not wait."""
    mine = state.tickets[ticket]
    if mine.state is not TicketState.WAITING:
        return None
    place = _place(mine)
    return sum(one.state is TicketState.WAITING and _place(one) < place for one in state.tickets.values())


def _place(ticket: Ticket) -> tuple[int, int, str]:
    return ticket.key_ms, ticket.ordered_at_ms, ticket.number
