"""One person's place, and what each event makes of it.

Rule: an event that the transition table forbids means a damaged journal, and raises.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.room import ticket_events as e
from core.room.ids import DeviceId, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.ticket_events import TicketEvent, TicketState
from core.room.transitions import TRANSITIONS

__all__ = ["CorruptHistory", "Ticket", "issued", "moved", "presented", "put_forward", "restored", "summoned_later"]


class CorruptHistory(Exception):
    """An event that could not have followed the ones before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One person's place; holds no name."""

    id: TicketId
    number: Number
    token: Token
    service: ServiceId
    language: str
    kiosk: DeviceId | None
    """None while only its number is known: no disk has told of it."""
    ordered_at_ms: int
    priority: e.Priority
    key_ms: int
    is_doubtful: bool = False
    """Whether these times were told by a site clock in doubt, which `ClockSet` will put forward."""
    is_claimed: bool = False
    """Whether the class is what the patient declared, and nobody has looked yet."""
    state: TicketState = TicketState.WAITING
    slip: e.PrintOutcome | None = None
    """What became of the slip; None while it is queued: the kiosk has not said."""
    room: RoomId | None = None
    """The room that called it last, kept after the visit."""
    calls: int = 0
    recalls: int = 0
    """Since the room called it."""
    returns: int = 0
    """How often the patient has shown the slip after an absence or a visit."""
    practitioner: PractitionerId | None = None
    """Who called it last."""
    owner: PractitionerId | None = None
    """To whom the patient comes back, while that one is there."""
    back_to: ServiceId | None = None
    """The service that the patient goes on waiting for after this one."""
    back_at_ms: int | None = None
    """Since when the patient waits for the owner."""
    called_at_ms: int | None = None
    """First call to the present room."""
    summoned_at_ms: int | None = None
    """Last call or recall: what a board shows newest first."""
    started_at_ms: int | None = None
    ended_at_ms: int | None = None


def issued(event: e.TicketIssued) -> Ticket:
    return Ticket(
        id=event.ticket,
        number=event.number,
        token=event.token,
        service=event.service,
        language=event.language,
        kiosk=event.kiosk,
        ordered_at_ms=event.ordered_at_ms,
        priority=event.priority,
        key_ms=event.key_ms,
        is_doubtful=bool(event.is_doubtful),
        is_claimed=bool(event.is_claimed),
    )


def presented(event: e.TicketPresented) -> Ticket:
    return Ticket(
        id=event.ticket,
        number=event.number,
        token=event.token,
        service=event.service,
        language=event.language,
        kiosk=None,
        ordered_at_ms=event.ordered_at_ms,
        priority=event.priority,
        key_ms=event.key_ms,
    )


def restored(event: e.TicketRestored) -> Ticket:
    return Ticket(
        id=event.ticket,
        number=event.number,
        token=event.token,
        service=event.service,
        language=event.language,
        kiosk=event.kiosk,
        ordered_at_ms=event.ordered_at_ms,
        priority=event.priority,
        key_ms=event.key_ms,
        state=event.state,
        slip=event.slip,
        room=event.room,
        calls=event.calls,
        recalls=event.recalls or 0,
        returns=event.returns or 0,
        practitioner=event.practitioner,
        owner=event.owner,
        back_to=event.back_to,
        back_at_ms=event.back_at_ms,
        called_at_ms=event.called_at_ms,
        summoned_at_ms=event.summoned_at_ms,
        started_at_ms=event.started_at_ms,
        ended_at_ms=event.ended_at_ms,
        is_doubtful=bool(event.is_doubtful),
        is_claimed=bool(event.is_claimed),
    )


def put_forward(ticket: Ticket, by_ms: int) -> Ticket:
    """The order among these tickets stays; against those of earlier days it becomes right."""
    return replace(ticket, ordered_at_ms=ticket.ordered_at_ms + by_ms, key_ms=ticket.key_ms + by_ms, is_doubtful=False)


def summoned_later(ticket: Ticket, by_ms: int) -> Ticket:
    """Who is called or with the doctor has not been so any longer than before: a second press still is a recall."""

    def later(at_ms: int | None) -> int | None:
        return None if at_ms is None else at_ms + by_ms

    return replace(
        ticket,
        called_at_ms=later(ticket.called_at_ms),
        summoned_at_ms=later(ticket.summoned_at_ms),
        started_at_ms=later(ticket.started_at_ms),
    )


def moved(ticket: Ticket, event: TicketEvent, at_ms: int) -> Ticket:
    try:
        state = TRANSITIONS[ticket.state][type(event)]
    except KeyError:
        raise CorruptHistory(f"{event.kind} cannot follow {ticket.state} for ticket {ticket.number}") from None
    match event:
        case e.TicketCalled():
            return replace(
                ticket,
                state=state,
                room=event.room,
                practitioner=event.practitioner,
                calls=ticket.calls + 1,
                recalls=0,
                called_at_ms=at_ms,
                summoned_at_ms=at_ms,
                started_at_ms=None,
            )
        case e.TicketRecalled():
            return replace(ticket, state=state, calls=ticket.calls + 1, recalls=event.nth or 0, summoned_at_ms=at_ms)
        case e.TicketResumed():
            return replace(
                ticket,
                state=state,
                practitioner=event.practitioner or ticket.practitioner,
                calls=ticket.calls + 1,
                recalls=0,
                called_at_ms=at_ms,
                summoned_at_ms=at_ms,
                started_at_ms=None,
            )
        case e.ServiceStarted():
            return replace(ticket, state=state, started_at_ms=at_ms)
        case e.TicketTransferred():
            is_back = event.owner is not None and event.back_to is None
            sent = replace(ticket, state=state, service=event.service, owner=event.owner, back_to=event.back_to)
            return _rekeyed(replace(sent, back_at_ms=at_ms if is_back else None), event)
        case e.PriorityChanged():
            return replace(ticket, state=state, priority=event.priority, key_ms=event.key_ms, is_claimed=False)
        case e.TicketCompleted() | e.TicketCancelled():
            return replace(ticket, state=state, ended_at_ms=at_ms)
        case e.TicketParked():
            return replace(ticket, state=state, owner=event.owner)
        case e.TicketRequeued():
            owner = event.owner or ticket.owner
            back = replace(
                ticket,
                state=state,
                returns=event.returns or ticket.returns,
                owner=owner,
                back_at_ms=None if owner is None else at_ms,
                ended_at_ms=None,
            )
            return _rekeyed(back, event)
        case e.TicketNotPresent():
            return replace(ticket, state=state)


def _rekeyed(ticket: Ticket, event: e.TicketRequeued | e.TicketTransferred) -> Ticket:
    """The ticket at the key that the event names, if it does."""
    if event.priority is None or event.key_ms is None:
        return ticket
    return replace(ticket, priority=event.priority, key_ms=event.key_ms)
