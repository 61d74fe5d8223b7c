"""Who is next. The whole rule: key = ticket time less a head start; smallest key first among what a room may serve.

It can be said in one sentence ("as if you had come 20 minutes earlier"), starves nobody, and two waiting tickets never
swap by themselves, because a key changes only when a person changes the class. `docs/order-of-passage.md` says it to a
doctor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.room.events import Priority
from core.room.ids import RoomId, ServiceId, TicketId
from core.room.opening import Opening
from core.room.roster import Roster, room_of
from core.room.state import SiteState, Ticket
from core.room.transitions import TicketState

__all__ = [
    "HEAD_START_MIN",
    "Policy",
    "ahead_of",
    "key_ms",
    "may_serve",
    "next_for",
    "offers",
    "order_of_passage",
    "returning",
    "waiting_for",
]

HEAD_START_MIN: Mapping[Priority, int] = {
    Priority.URGENT: 600,
    Priority.SOON: 120,
    Priority.CARD: 60,
    Priority.RETURN: 45,
    Priority.COURTESY: 20,
    Priority.ORDINARY: 0,
}
"""Minutes. An urgent ticket precedes a whole day's ordinary ones; the others move by a bounded, explainable amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a centre may set about its order of passage and its day."""

    head_start_min: Mapping[Priority, int] = field(default_factory=lambda: HEAD_START_MIN)
    rooms: Mapping[RoomId, frozenset[ServiceId]] = field(default_factory=dict)
    """The services that a room offers; a room that is not named offers all."""
    offered: frozenset[ServiceId] = frozenset()
    """The services that kiosks give tickets for; empty where nobody has said."""
    care: frozenset[ServiceId] = frozenset()
    """The services that only a doctor sends to: the care room's."""
    roster: Roster = field(default_factory=Roster)
    opening: Opening | None = None
    """None where no hours are known: never closed, never full."""
    recall_window_s: int = 20
    """A second press this soon after a call summons the same patient again: an impatient tap does no harm."""
    max_recalls: int = 3
    """Of one call; a button that is hit again and again does not ring all evening."""
    grace_s: int = 180
    """From then until here a press says that nobody came."""
    return_min: int = 60
    """An absent patient is back at the old place by showing the slip within this time of the last summons …"""
    max_returns: int = 2
    """… and no more often than this."""
    undo_s: int = 120
    """How long an act can be taken back."""
    leave_min: int = 15
    """Who leaves this shortly before the end of the shift, or after it, does not come back."""
    late_min: int = 10
    """So long after the beginning of a shift, or after its end, a practitioner's absence or presence is a question."""
    silent_min: int = 30
    """So long after the end, and without any act of the room, a practitioner has left."""
    own_min: int = 60
    """So long does a patient who is back wait for a practitioner whose room does nothing: then that one has left."""
    visit_min: float = 17.5
    """A visit, from call to end, before the day has shown how long its own take (field notes: 15 to 20)."""
    longest_visit_min: int = 120
    """No visit takes longer: past the end of its practitioner's duty, a room that has done nothing since is empty."""
    is_hour_known: bool = True

    def without_hours(self) -> Policy:
        """What holds while nobody knows the true hour: no plan and no opening can be read without a clock."""
        return replace(self, roster=Roster(), opening=None, is_hour_known=False)


def key_ms(ordered_at_ms: int, priority: Priority, policy: Policy) -> int:
    return ordered_at_ms - policy.head_start_min[priority] * 60_000


def returning(ticket: Ticket, policy: Policy) -> tuple[Priority, int]:
    """Class and key of a patient who comes back from an exam or from care.

    Nobody loses by having been sent away: who had a larger head start keeps it.
    """
    had_min, gets_min = (policy.head_start_min[one] for one in (ticket.priority, Priority.RETURN))
    priority = ticket.priority if had_min > gets_min else Priority.RETURN
    return priority, key_ms(ticket.ordered_at_ms, priority, policy)


def offers(room: RoomId, service: ServiceId, policy: Policy) -> bool:
    """Whether a room is there for what somebody waits for."""
    offered = policy.rooms.get(room)
    return offered is None or service in offered


def may_serve(state: SiteState, room: RoomId, ticket: Ticket, policy: Policy) -> bool:
    """Whether a room can take this ticket now: it waits, for something that the room offers, and for no other doctor.

    Who comes back belongs to the practitioner seen before, a break included. Once that one is not there, or where the
    service is not offered, anybody may see them: nobody waits for someone who does not come. On the way to the care
    room a patient belongs to nobody yet.
    """
    if ticket.state is not TicketState.WAITING or not offers(room, ticket.service, policy):
        return False
    if ticket.owner is None or ticket.back_to is not None:
        return True
    theirs = room_of(state, ticket.owner)
    return theirs in (None, room) or not offers(theirs, ticket.service, policy)


def order_of_passage(state: SiteState) -> list[Ticket]:
    """The waiting tickets, next first. Equal keys go by ticket time, then by number, so the order is total."""
    waiting = [ticket for ticket in state.tickets.values() if ticket.state is TicketState.WAITING]
    return sorted(waiting, key=_place)


def waiting_for(state: SiteState, room: RoomId, policy: Policy) -> list[Ticket]:
    """Those of them whom a room may serve, next first."""
    return sorted((one for one in state.tickets.values() if may_serve(state, room, one, policy)), key=_place)


def next_for(state: SiteState, room: RoomId, policy: Policy) -> Ticket | None:
    """The ticket that a room calls next."""
    return min((one for one in state.tickets.values() if may_serve(state, room, one, policy)), key=_place, default=None)


def ahead_of(state: SiteState, ticket: TicketId) -> int | None:
    """How many waiting tickets go before this one; None when it does not wait."""
    mine = state.tickets[ticket]
    if mine.state is not TicketState.WAITING:
        return None
    place = _place(mine)
    return sum(one.state is TicketState.WAITING and _place(one) < place for one in state.tickets.values())


def _place(ticket: Ticket) -> tuple[int, int, str]:
    return ticket.key_ms, ticket.ordered_at_ms, ticket.number
