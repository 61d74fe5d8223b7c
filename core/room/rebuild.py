"""A service day put together again for a controller whose disk is empty, from what others have kept of it.

The newest source is believed, as far as it reaches. Screens say who waits, in which order, and who is in which room;
the agent's snapshot says what each ticket is; kiosks tell the tickets given since by their own journals, afterwards
(`core.room.slips`). A ticket about which nothing certain is known is to confirm. Who is on duty, whether the evening is
full and whether a warning rings come from the same newest source.

Rule: pure, and the result is events, so that a replay and the agent's fold agree with it. Nobody who may have been seen
waits; nobody who waits on the newest source is lost; no letter of the day is given to another disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.room import events as e
from core.room.duty import Duty, DutyState, unnamed
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId
from core.room.slips import restored
from core.room.state import SiteState, Ticket
from core.room.transitions import IN_ROOM, TicketState

__all__ = ["UNKNOWN_KIOSK", "KioskDisk", "Presence", "Remembered", "Sources", "StandIn", "Summons", "View", "rebuild"]

StandIn = Callable[[Number, ServiceId | None, int], Ticket]
"""Makes the ticket of which only the number is known, the service perhaps, and that it was given by some instant."""

_OPEN = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.IN_SERVICE})
"""What a newer screen would still show."""
_UNKNOWN_ROOM = RoomId("unknown")
"""Where the practitioner sat who keeps the intake open: nothing depends on it."""
UNKNOWN_KIOSK = DeviceId("unknown")
"""Holds the letters of disks that no source names the kiosk of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summons:
    """Who a room was with."""

    number: Number
    is_in_service: bool
    at_ms: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A room's duty, as a screen showed it."""

    room: RoomId
    duty: DutyState
    practitioner: PractitionerId | None = None
    """None for a screen of before it named them."""
    until_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a screen of the lost journal showed."""

    epoch: str
    rev: int
    at_ms: int
    day: str | None
    rooms: Mapping[RoomId, Summons]
    waiting: Sequence[tuple[Number, ServiceId]]
    """In order of passage."""
    letters: Mapping[DiskId, Letter]
    duties: Sequence[Presence] = ()
    is_full: bool = False
    """Whether the crowd had stopped the intake."""
    warned_from: Sequence[DeviceId] = ()
    """Where warnings were raised that nobody had acknowledged, the one that rang first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the agent knows of the lost journal."""

    epoch: str
    seq: int
    at_ms: int
    state: SiteState


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskDisk:
    """A kiosk that lives, and what it numbers under."""

    kiosk: DeviceId
    disk: DiskId
    letter: Letter
    day: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that was found. Any of it may be missing."""

    views: Sequence[View] = ()
    remembered: Remembered | None = None
    kiosks: Sequence[KioskDisk] = ()

    @property
    def newest_ms(self) -> int:
        """When the lost controller last spoke, as far as is known; 0 when nothing is."""
        ours = [self.remembered.at_ms] if self.remembered else []
        return max([*ours, *(view.at_ms for view in self.views)], default=0)


def rebuild(sources: Sources, *, today: str | None, stand_in: StandIn) -> list[e.Event]:
    """The events that bring the lost day about; none when nothing was found.

    Args:
        today: the service day now; None while the clock is not set, and the newest day found is believed. Whether the
            day found is over is decided afterwards, as after any night.
    """
    days = {view.day for view in sources.views} | {kiosk.day for kiosk in sources.kiosks}
    if sources.remembered is not None:
        days.add(sources.remembered.state.day)
    # A centre whose clock was never set has no day yet, and tickets all the same.
    day = max((one for one in days if one and (today is None or one <= today)), default=None)
    known = sources.remembered.state if sources.remembered and sources.remembered.state.day == day else None
    views = [view for view in sources.views if view.day == day]
    view = max(views, key=lambda one: (one.at_ms, one.rev), default=None)
    if view is not None and sources.remembered and known and not _is_ahead(view, sources.remembered):
        view = None
    tickets = _Tickets(known, view, stand_in).all()
    return [
        *([] if day is None else [e.DayOpened(day=day)]),
        *_letters(sources),
        *map(restored, tickets),
        *_duties(known, view, tickets),
        *_intake(known, view),
        *_warnings(known, view),
    ]


def _letters(sources: Sources) -> Iterator[e.LetterGranted]:
    """Who numbers under which letter; a kiosk that lives is believed first, and is the last to be named."""
    known = sources.remembered.state if sources.remembered else SiteState()
    kiosk_of = {disk: grant.kiosk for disk, grant in known.grants.items()}
    found: dict[DiskId, Letter] = {}
    alive = {one.disk: one.letter for one in sources.kiosks}
    shown = [dict(view.letters) for view in sorted(sources.views, key=lambda view: -view.at_ms)]
    for letters in (alive, *shown, {disk: grant.letter for disk, grant in known.grants.items()}):
        for disk, letter in letters.items():
            if disk not in found and letter not in found.values():
                found[disk] = letter
    kiosk_of |= {one.disk: one.kiosk for one in sources.kiosks}
    for disk in sorted(found, key=lambda disk: (disk in alive, found[disk])):
        yield e.LetterGranted(
            disk=disk, kiosk=kiosk_of.get(disk, UNKNOWN_KIOSK), letter=found[disk], upto=known.reported.get(disk)
        )


class _Tickets:
    """The day's tickets, each number once."""

    def __init__(self, known: SiteState | None, view: View | None, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._by_number = {one.number: one for one in known.tickets.values()} if known else {}
        if view is not None:
            self._believe(view)

    def all(self) -> list[Ticket]:
        return list(self._by_number.values())

    def _believe(self, view: View) -> None:
        """Hold what is known of each ticket against a screen that reaches further."""
        inside = {summons.number: (room, summons) for room, summons in view.rooms.items()}
        shown = {number for number, _service in view.waiting} | inside.keys()
        for number, ticket in self._by_number.items():
            if number not in shown and ticket.state in _OPEN:
                self._by_number[number] = replace(ticket, state=TicketState.TO_CONFIRM)
        for number, (room, summons) in inside.items():
            self._by_number[number] = _inside(self._ticket(number, None, summons.at_ms), room, summons)
        key_ms = view.at_ms
        for number, service in reversed(view.waiting):
            ticket = self._ticket(number, service, key_ms - 1)
            key_ms = min(ticket.key_ms, key_ms - 1)
            self._by_number[number] = replace(ticket, state=TicketState.WAITING, service=service, key_ms=key_ms)

    def _ticket(self, number: Number, service: ServiceId | None, at_ms: int) -> Ticket:
        """What is known under a number, or a stand-in until a kiosk tells of it."""
        return self._by_number.get(number) or self._stand_in(number, service, at_ms)


def _is_ahead(view: View, known: Remembered) -> bool:
    return view.rev > known.seq if view.epoch == known.epoch else view.at_ms > known.at_ms


def _inside(ticket: Ticket, room: RoomId, summons: Summons) -> Ticket:
    """A ticket that a screen shows in a room."""
    same_call = ticket.room == room and ticket.calls == summons.calls
    return replace(
        ticket,
        state=TicketState.IN_SERVICE if summons.is_in_service else TicketState.CALLED,
        room=room,
        calls=summons.calls,
        called_at_ms=ticket.called_at_ms if same_call else summons.at_ms,
        summoned_at_ms=summons.at_ms,
        started_at_ms=(ticket.started_at_ms or summons.at_ms) if summons.is_in_service else None,
    )


def _duties(known: SiteState | None, view: View | None, tickets: Sequence[Ticket]) -> Iterator[e.DutyRestored]:
    """Who is on duty; in a room that holds a patient there is somebody, even if no source says so."""
    found = dict(known.duties) if known else {}
    if view is not None:
        there = [one for one in view.duties if one.duty is not DutyState.OFF]
        found = {one.room: _shown(one, found.get(one.room), view.at_ms) for one in there}
    for ticket in tickets:
        if ticket.room is not None and ticket.state in IN_ROOM:
            duty = found.get(ticket.room)
            if duty is None or duty.state is not DutyState.ON:
                found[ticket.room] = _somebody(ticket.room, ticket.summoned_at_ms or 0)
    for room, duty in found.items():
        yield e.DutyRestored(room=room, duty=duty)


def _shown(presence: Presence, known: Duty | None, at_ms: int) -> Duty:
    """The duty that a screen shows; since when, only the agent may know."""
    shown = Duty(
        room=presence.room,
        state=presence.duty,
        practitioner=presence.practitioner or unnamed(presence.room),
        since_ms=at_ms,
        until_ms=presence.until_ms,
    )
    if known is not None and (known.state, known.practitioner) == (shown.state, shown.practitioner):
        return replace(shown, since_ms=known.since_ms)
    return shown


def _somebody(room: RoomId, since_ms: int) -> Duty:
    return Duty(room=room, state=DutyState.ON, practitioner=unnamed(room), since_ms=since_ms)


def _intake(known: SiteState | None, view: View | None) -> list[e.Event]:
    """Whether kiosks give tickets; that a practitioner keeps them going only the agent knows."""
    if view.is_full if view is not None else known is not None and known.intake.is_stopped:
        return [e.IntakeStopped()]
    return [e.IntakeReopened(room=_UNKNOWN_ROOM)] if known is not None and known.intake.is_kept_open else []


def _warnings(known: SiteState | None, view: View | None) -> list[e.Event]:
    """A warning that rang rings again: better twice than never heard."""
    source = view if view is not None else known
    return [] if source is None else [e.WarningRaised(device=device) for device in source.warned_from]
