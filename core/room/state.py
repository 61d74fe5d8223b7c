"""What a site looks like now: the fold of its events.

Rule: `evolve` obeys. It runs no policy, reads no clock and refuses nothing that `decide` would have let happen; an
event that breaks the transition table means a damaged journal, and raises.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
    kiosk: DeviceId | None
    """None while only its number is known: no disk has told of it."""
    ordered_at_ms: int
    priority: e.Priority
    key_ms: int
    is_doubtful: bool = False
    """Whether these times were told by a site clock in doubt, which `ClockSet` will put forward."""
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

    def with_slip(self, slip: str) -> Ticket | None:
        """The ticket whose number or token a slip shows."""
        return next((ticket for ticket in self.tickets.values() if slip in (ticket.number, ticket.token)), None)

    def with_number(self, number: Number) -> Ticket | None:
        return next((ticket for ticket in self.tickets.values() if ticket.number == number), None)


def fold(records: Iterable[e.Record[e.Event]], state: SiteState | None = None) -> SiteState:
    """Replay records onto a state.

    Raises:
        CorruptHistory: a record could not have followed the ones before it.
    """
    draft = _Draft(state or SiteState())
    for record in records:
        draft.take(record.event, record.at_ms)
    return draft.finished()


def evolve(state: SiteState, event: e.Event, at_ms: int) -> SiteState:
    """The state after one event.

    Raises:
        CorruptHistory: the event names no ticket of the day, issues one again, or the transition table forbids it.
    """
    draft = _Draft(state)
    draft.take(event, at_ms)
    return draft.finished()


class _Draft:
    """A state in the making. Its maps are its own, so that a run of events copies them once and not each time."""

    def __init__(self, state: SiteState) -> None:
        self._day = state.day
        self._tickets = dict(state.tickets)
        self._grants = dict(state.grants)
        self._reported = dict(state.reported)
        self._refused = state.refused

    def finished(self) -> SiteState:
        """The state; the draft is not used after it."""
        return SiteState(
            day=self._day,
            tickets=self._tickets,
            grants=self._grants,
            reported=self._reported,
            refused=self._refused,
        )

    def take(self, event: e.Event, at_ms: int) -> None:
        """
        Raises:
            CorruptHistory: the event cannot follow; the draft is spoilt.
        """
        match event:
            case e.DayOpened():
                carried = {ticket: self._ticket(ticket) for ticket in event.carried or ()}
                self._day, self._tickets, self._refused = event.day, carried, 0
                self._grants = _newest_per_kiosk(self._grants)
            case e.ClockSet():
                late = {ticket: self._ticket(ticket) for ticket in event.tickets}
                self._tickets |= {ticket: _put_forward(one, event.by_ms) for ticket, one in late.items()}
                self._tickets |= {
                    ticket: _summoned_later(one, event.by_ms)
                    for ticket, one in self._tickets.items()
                    if one.state in IN_ROOM
                }
            case e.LetterGranted():
                self._grants[event.disk] = Grant(kiosk=event.kiosk, letter=event.letter)
                if event.upto is not None:
                    self._reported[event.disk] = event.upto
            case e.TicketIssued():
                if event.ticket in self._tickets:
                    raise CorruptHistory(f"ticket {event.ticket} is issued twice in the day {self._day}")
                self._tickets[event.ticket] = _issued(event)
                self._reported[event.disk] = event.disk_seq
            case e.TicketRestored():
                self._restore(event)
            case e.TicketPresented():
                if event.ticket in self._tickets:
                    raise CorruptHistory(f"ticket {event.ticket} is made twice in the day {self._day}")
                self._tickets[event.ticket] = _presented(event)
            case e.PrintReported():
                self._reported[event.disk] = event.disk_seq
                # The slip of yesterday's last ticket may be told after the day has changed.
                if event.ticket in self._tickets:
                    self._tickets[event.ticket] = replace(self._tickets[event.ticket], slip=event.outcome)
            case e.ReportRefused():
                self._reported[event.disk] = event.disk_seq
                self._refused += 1
            case _:
                self._tickets[event.ticket] = _moved(self._ticket(event.ticket), event, at_ms)

    def _restore(self, event: e.TicketRestored) -> None:
        if event.replaces is not None and self._tickets.pop(event.replaces, None) is None:
            raise CorruptHistory(f"no ticket {event.replaces} to replace in the day {self._day}")
        self._tickets[event.ticket] = _restored(event)
        if event.disk is not None and event.disk_seq is not None:
            self._reported[event.disk] = event.disk_seq

    def _ticket(self, ticket: TicketId) -> Ticket:
        try:
            return self._tickets[ticket]
        except KeyError:
            raise CorruptHistory(f"no ticket {ticket} in the day {self._day}") from None


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
        is_doubtful=bool(event.is_doubtful),
    )


def _put_forward(ticket: Ticket, by_ms: int) -> Ticket:
    """The order among these tickets stays; against those of earlier days it becomes right."""
    return replace(ticket, ordered_at_ms=ticket.ordered_at_ms + by_ms, key_ms=ticket.key_ms + by_ms, is_doubtful=False)


def _summoned_later(ticket: Ticket, by_ms: int) -> Ticket:
    """Who is called or with the doctor has not been so any longer than before: a second press still is a recall."""

    def later(at_ms: int | None) -> int | None:
        return None if at_ms is None else at_ms + by_ms

    return replace(
        ticket,
        called_at_ms=later(ticket.called_at_ms),
        summoned_at_ms=later(ticket.summoned_at_ms),
        started_at_ms=later(ticket.started_at_ms),
    )


def _presented(event: e.TicketPresented) -> Ticket:
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


def _restored(event: e.TicketRestored) -> Ticket:
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
        called_at_ms=event.called_at_ms,
        summoned_at_ms=event.summoned_at_ms,
        started_at_ms=event.started_at_ms,
        ended_at_ms=event.ended_at_ms,
        is_doubtful=bool(event.is_doubtful),
    )


def _moved(ticket: Ticket, event: TicketEvent, at_ms: int) -> Ticket:
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
                calls=ticket.calls + 1,
                called_at_ms=at_ms,
                summoned_at_ms=at_ms,
                started_at_ms=None,
            )
        case e.TicketRecalled():
            return replace(ticket, state=state, calls=ticket.calls + 1, summoned_at_ms=at_ms)
        case e.TicketResumed():
            return replace(
                ticket,
                state=state,
                calls=ticket.calls + 1,
                called_at_ms=at_ms,
                summoned_at_ms=at_ms,
                started_at_ms=None,
            )
        case e.ServiceStarted():
            return replace(ticket, state=state, started_at_ms=at_ms)
        case e.TicketTransferred():
            return replace(ticket, state=state, service=event.service)
        case e.PriorityChanged():
            return replace(ticket, state=state, priority=event.priority, key_ms=event.key_ms)
        case e.TicketCompleted() | e.TicketCancelled():
            return replace(ticket, state=state, ended_at_ms=at_ms)
        case e.TicketNotPresent() | e.TicketParked() | e.TicketRequeued():
            return replace(ticket, state=state)


def _newest_per_kiosk(grants: Mapping[DiskId, Grant]) -> dict[DiskId, Grant]:
    """Letters of disks that a kiosk has replaced become free with the new day."""
    newest = {grant.kiosk: disk for disk, grant in grants.items()}
    return {disk: grants[disk] for disk in newest.values()}


def fingerprint(state: SiteState) -> str:
    """Sixteen hexadecimal letters that two states share only if they are the same in every field.

    What is nothing (None, 0, empty) is left out, so a release that adds such a field gives old histories their letters.
    """
    canonical = json.dumps(state, default=_something, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _something(part: SiteState | Ticket | Grant) -> dict[str, object]:
    return {name: value for name in part.__slots__ if (value := getattr(part, name))}
