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
from core.room.duty import (
    Duty,
    DutyBegan,
    DutyEnded,
    DutyEvent,
    DutyPaused,
    DutyRestored,
    DutyResumed,
    DutyState,
    DutyUntilSet,
    after,
    begun_later,
)
from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, TicketId
from core.room.outlook import Told, Wait
from core.room.ticket import (
    CorruptHistory,
    Ticket,
    issued,
    moved,
    presented,
    put_forward,
    restored,
    summoned_later,
)
from core.room.transitions import IN_ROOM, TicketState

__all__ = ["CorruptHistory", "Grant", "Intake", "SiteState", "TeamWarning", "Ticket", "evolve", "fingerprint", "fold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A letter held by a kiosk's disk."""

    kiosk: DeviceId
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Whether kiosks give tickets, as far as the day's crowd decides it."""

    is_stopped: bool = False
    is_kept_open: bool = False
    """A practitioner takes whoever comes, for the rest of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWarning:
    """Somebody has called the team, and no room has acknowledged it yet."""

    device: DeviceId
    at_ms: int


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
    duties: Mapping[RoomId, Duty] = field(default_factory=dict)
    """Of every room where somebody was on duty since the journal began."""
    intake: Intake = field(default_factory=Intake)
    warning: TeamWarning | None = None
    """The one that rings."""
    warnings_behind: tuple[TeamWarning, ...] = ()
    """Raised elsewhere while it rings, oldest first: each rings once the one before it is acknowledged."""
    told: Mapping[TicketId, Told] = field(default_factory=dict)
    """What those who wait were told last of their wait."""
    newcomers: Mapping[ServiceId, Wait] = field(default_factory=dict)
    """What somebody is told who takes a ticket now; empty while nobody forecasts."""

    @property
    def warned_from(self) -> tuple[DeviceId, ...]:
        """The devices whose warning nobody has acknowledged, the one that rings first."""
        warnings = () if self.warning is None else (self.warning, *self.warnings_behind)
        return tuple(one.device for one in warnings)

    def in_room(self, room: RoomId) -> Ticket | None:
        """The ticket that a room has called or is serving."""
        for ticket in self.tickets.values():
            if ticket.room == room and ticket.state in IN_ROOM:
                return ticket
        return None

    def on_duty(self, room: RoomId) -> Duty | None:
        """The room's duty, a break included; None when nobody is on duty."""
        duty = self.duties.get(room)
        return None if duty is None or duty.state is DutyState.OFF else duty

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
        self._duties = dict(state.duties)
        self._intake = state.intake
        self._warning, self._warnings_behind = state.warning, state.warnings_behind
        self._told = dict(state.told)
        self._newcomers = state.newcomers

    def finished(self) -> SiteState:
        """The state; the draft is not used after it."""
        return SiteState(
            day=self._day,
            tickets=self._tickets,
            grants=self._grants,
            reported=self._reported,
            refused=self._refused,
            duties=self._duties,
            intake=self._intake,
            warning=self._warning,
            warnings_behind=self._warnings_behind,
            told=self._told,
            newcomers=self._newcomers,
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
                self._intake, self._warning, self._warnings_behind = Intake(), None, ()
                self._told = {ticket: told for ticket, told in self._told.items() if ticket in carried}
                self._grants = _newest_per_kiosk(self._grants)
            case e.ClockSet():
                late = {ticket: self._ticket(ticket) for ticket in event.tickets}
                self._tickets |= {ticket: put_forward(one, event.by_ms) for ticket, one in late.items()}
                self._told |= {
                    ticket: replace(told, at_ms=told.at_ms + event.by_ms)
                    for ticket, told in self._told.items()
                    if ticket in late
                }
                self._duties |= {room: begun_later(self._duties[room], event.by_ms) for room in event.rooms or ()}
                self._tickets |= {
                    ticket: summoned_later(one, event.by_ms)
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
                self._tickets[event.ticket] = issued(event)
                self._reported[event.disk] = event.disk_seq
                if event.wait is not None:
                    self._told[event.ticket] = Told(at_ms=event.ordered_at_ms, wait=event.wait)
            case e.TicketRestored():
                self._restore(event)
            case e.TicketPresented():
                if event.ticket in self._tickets:
                    raise CorruptHistory(f"ticket {event.ticket} is made twice in the day {self._day}")
                self._tickets[event.ticket] = presented(event)
            case e.PrintReported():
                self._reported[event.disk] = event.disk_seq
                # The slip of yesterday's last ticket may be told after the day has changed.
                if event.ticket in self._tickets:
                    self._tickets[event.ticket] = replace(self._tickets[event.ticket], slip=event.outcome)
            case e.ReportRefused():
                self._reported[event.disk] = event.disk_seq
                self._refused += 1
            case DutyBegan() | DutyPaused() | DutyResumed() | DutyEnded() | DutyUntilSet() | DutyRestored():
                self._on_duty(event, at_ms)
            case e.IntakeStopped():
                self._intake = Intake(is_stopped=True)
            case e.IntakeReopened():
                self._intake = Intake(is_kept_open=event.room is not None)
            case e.WarningRaised():
                raised = TeamWarning(device=event.device, at_ms=at_ms)
                if self._warning is None:
                    self._warning = raised
                else:
                    self._warnings_behind = (*self._warnings_behind, raised)
            case e.WarningAcknowledged():
                self._warning, *behind = self._warnings_behind or (None,)
                self._warnings_behind = tuple(behind)
            case e.WaitsTold():
                for one, wait in event.tickets.items():
                    self._tell(one, None if wait is None else Told(at_ms=at_ms, wait=wait))
                self._newcomers = event.newcomers
            case e.WaitsForgotten():
                self._told, self._newcomers = {}, {}
            case e.ActUndone():
                for ticket in event.tickets:
                    self._restore(ticket)
                if event.duty is not None:
                    self._duties[event.room] = event.duty
            case _:
                self._tickets[event.ticket] = now = moved(self._ticket(event.ticket), event, at_ms)
                if now.state is not TicketState.WAITING:
                    self._tell(event.ticket, None)

    def _tell(self, ticket: TicketId, told: Told | None) -> None:
        if told is None:
            self._told.pop(ticket, None)
        else:
            self._told[ticket] = told

    def _restore(self, event: e.TicketRestored) -> None:
        if event.replaces is not None and self._tickets.pop(event.replaces, None) is None:
            raise CorruptHistory(f"no ticket {event.replaces} to replace in the day {self._day}")
        self._tickets[event.ticket] = restored(event)
        if event.disk is not None and event.disk_seq is not None:
            self._reported[event.disk] = event.disk_seq

    def _on_duty(self, event: DutyEvent, at_ms: int) -> None:
        try:
            self._duties[event.room] = after(self._duties.get(event.room), event, at_ms)
        except ValueError as error:
            raise CorruptHistory(str(error)) from error

    def _ticket(self, ticket: TicketId) -> Ticket:
        try:
            return self._tickets[ticket]
        except KeyError:
            raise CorruptHistory(f"no ticket {ticket} in the day {self._day}") from None


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


def _something(part: SiteState | Ticket | Grant | Duty | Intake | TeamWarning | Told | Wait) -> dict[str, object]:
    said = ((name, getattr(part, name)) for name in part.__slots__)
    return {name: value for name, value in said if value and value != Intake()}
