"""What a site looks like now: the fold of its events.

Rule: `evolve` obeys. It runs no policy, reads no clock and refuses nothing that `decide` would have let happen; an
event that breaks the transition table means a damaged journal, and raises.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from core.room import events as e
from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, TicketId, Token
from core.room.transitions import IN_ROOM, TRANSITIONS, TicketEvent, TicketState

__all__ = ["CorruptHistory", "Grant", "SiteState", "Ticket", "evolve", "fingerprint", "fold"]


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
    kiosk: DeviceId
    ordered_at_ms: int
    priority: e.Priority
    key_ms: int
    state: TicketState = TicketState.WAITING
    slip: e.PrintOutcome | None = None
    """What became of the slip; None until the kiosk has said."""
    room: RoomId | None = None
    """The room that called it last, kept after the visit."""
    calls: int = 0
    called_at_ms: int | None = None
    """First call to the present room."""
    summoned_at_ms: int | None = None
    """Last call or recall: what a board shows newest first."""
    started_at_ms: int | None = None
    ended_at_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A letter held by a kiosk's disk."""

    kiosk: DeviceId
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """A site's service day."""

    day: str | None = None
    """ISO date of the open service day; None before the first."""
    tickets: Mapping[TicketId, Ticket] = field(default_factory=dict)
    """Every ticket of the day, in the order they were taken in."""
    grants: Mapping[DiskId, Grant] = field(default_factory=dict)
    reported: Mapping[DiskId, int] = field(default_factory=dict)
    """How far each kiosk's own journal has been taken in, without gaps."""
    refused: int = 0
    """Reports of the day that were passed over."""

    def in_room(self, room: RoomId) -> Ticket | None:
        """The ticket that a room has called or is serving."""
        for ticket in self.tickets.values():
            if ticket.room == room and ticket.state in IN_ROOM:
                return ticket
        return None

    def with_number(self, number: Number) -> Ticket | None:
        return next((ticket for ticket in self.tickets.values() if ticket.number == number), None)


def fold(records: Iterable[e.Record[e.Event]], state: SiteState | None = None) -> SiteState:
    """Replay records onto a state.

    Raises:
        CorruptHistory: a record could not have followed the ones before it.
    """
    state = state or SiteState()
    for record in records:
        state = evolve(state, record.event, record.at_ms)
    return state


def evolve(state: SiteState, event: e.Event, at_ms: int) -> SiteState:
    """The state after one event.

    Raises:
        CorruptHistory: the event names no ticket of the day, issues one again, or the transition table forbids it.
    """
    match event:
        case e.DayOpened():
            return replace(state, day=event.day, tickets={}, refused=0, grants=_newest_per_kiosk(state.grants))
        case e.LetterGranted():
            grant = Grant(kiosk=event.kiosk, letter=event.letter)
            return replace(state, grants={**state.grants, event.disk: grant})
        case e.TicketIssued():
            if event.ticket in state.tickets:
                raise CorruptHistory(f"ticket {event.ticket} is issued twice in the day {state.day}")
            return replace(
                state,
                tickets={**state.tickets, event.ticket: _issued(event)},
                reported={**state.reported, event.disk: event.disk_seq},
            )
        case e.PrintReported():
            state = replace(state, reported={**state.reported, event.disk: event.disk_seq})
            if event.ticket not in state.tickets:
                return state  # the slip of yesterday's last ticket, told after the day changed
            return _with(state, replace(_ticket(state, event.ticket), slip=event.outcome))
        case e.ReportRefused():
            return replace(state, reported={**state.reported, event.disk: event.disk_seq}, refused=state.refused + 1)
        case _:
            return _with(state, _moved(_ticket(state, event.ticket), event, at_ms))


def _issued(event: e.TicketIssued) -> Ticket:
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
    )


def _moved(ticket: Ticket, event: TicketEvent, at_ms: int) -> Ticket:
    try:
        ticket = replace(ticket, state=TRANSITIONS[ticket.state][type(event)])
    except KeyError:
        raise CorruptHistory(f"{event.kind} cannot follow {ticket.state} for ticket {ticket.number}") from None
    match event:
        case e.TicketCalled():
            return replace(
                ticket,
                room=event.room,
                calls=ticket.calls + 1,
                called_at_ms=at_ms,
                summoned_at_ms=at_ms,
                started_at_ms=None,
            )
        case e.TicketRecalled():
            return replace(ticket, calls=ticket.calls + 1, summoned_at_ms=at_ms)
        case e.TicketResumed():
            return replace(ticket, calls=ticket.calls + 1, called_at_ms=at_ms, summoned_at_ms=at_ms, started_at_ms=None)
        case e.ServiceStarted():
            return replace(ticket, started_at_ms=at_ms)
        case e.TicketTransferred():
            return replace(ticket, service=event.service)
        case e.PriorityChanged():
            return replace(ticket, priority=event.priority, key_ms=event.key_ms)
        case e.TicketCompleted() | e.TicketCancelled():
            return replace(ticket, ended_at_ms=at_ms)
        case e.TicketNotPresent() | e.TicketParked() | e.TicketRequeued():
            return ticket


def _ticket(state: SiteState, ticket: TicketId) -> Ticket:
    try:
        return state.tickets[ticket]
    except KeyError:
        raise CorruptHistory(f"no ticket {ticket} in the day {state.day}") from None


def _with(state: SiteState, ticket: Ticket) -> SiteState:
    return replace(state, tickets={**state.tickets, ticket.id: ticket})


def _newest_per_kiosk(grants: Mapping[DiskId, Grant]) -> Mapping[DiskId, Grant]:
    """Letters of disks that a kiosk has replaced become free with the new day."""
    newest = {grant.kiosk: disk for disk, grant in grants.items()}
    return {disk: grants[disk] for disk in newest.values()}


def fingerprint(state: SiteState) -> str:
    """Sixteen hexadecimal letters that two states share only if they are the same in every field.

    What is nothing (None, 0, empty) is left out, so a release that adds such a field gives old histories their letters.
    """
    canonical = json.dumps(asdict(state, dict_factory=_something), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _something(fields: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in fields if value}
