"""A whole centre, driven at random: kiosks that number on their own disks, rooms that press, people who come and go.

What must hold after every step is said here without the code under test: from the slips, and from the events alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.room import commands as c
from core.room import events as e
from core.room.decide import CommandRejected, decide, decide_or_refuse, overdue
from core.room.ids import DeviceId, DiskId, Letter, Number, RoomId, ServiceId, TicketId, Token
from core.room.numbering import number_after
from core.room.passage import Policy
from core.room.state import SiteState, evolve, fingerprint, fold
from tests.core.room.given import CONSULTATION, NINE, SMALL_WOUND

_ROOMS = [RoomId("room-1"), RoomId("room-2"), RoomId("care-room")]
_OFFERED: Mapping[RoomId, frozenset[ServiceId]] = {RoomId("care-room"): frozenset({SMALL_WOUND})}
_POLICY = Policy(rooms=_OFFERED)
_FOUR, _NIGHT_MS, _DAY_MS = NINE - 5 * 3_600_000, 6 * 3_600_000, 24 * 3_600_000
_HEAD_START_MIN = {"urgent": 600, "card": 60, "return": 45, "courtesy": 20, "ordinary": 0}

_rooms = st.sampled_from(_ROOMS)
_services = st.sampled_from([CONSULTATION, SMALL_WOUND])
_outcomes = st.sampled_from([None, *e.PrintOutcome])


@dataclass
class Disk:
    """A kiosk's disk: its letter, its journal, the numbers it has given today."""

    id: DiskId
    kiosk: DeviceId
    letter: Letter
    journal: list[c.AdmitTicket | c.ReportPrint] = field(default_factory=list)
    today: list[Number] = field(default_factory=list)


@dataclass
class Person:
    """What the person in the waiting room knows of their own place."""

    came_ms: int
    head_start_min: int = 0

    def counts_as_come_ms(self) -> int:
        return self.came_ms - 60_000 * self.head_start_min


class Centre(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.state = SiteState()
        self.records: list[e.Record[e.Event]] = []
        self.now_ms = NINE
        self.disks: list[Disk] = []
        """Disks of today; the last one of each kiosk is in use, the others were taken out."""
        self.slips: list[tuple[str, Number]] = []
        self.people: dict[TicketId, Person] = {}
        self.rooms: dict[RoomId, set[TicketId]] = defaultdict(set)
        self.last_room: dict[TicketId, RoomId] = {}
        self.day_began_ms = _FOUR
        self.do(c.OpenDay(day="2026-11-22", began_ms=_FOUR))
        self.put_a_new_disk_into_a_kiosk("kiosk-1")
        self.put_a_new_disk_into_a_kiosk("kiosk-2")
        for disk in self.disks:
            for service in (CONSULTATION, SMALL_WOUND, CONSULTATION):
                self._let_time_pass(300)
                self._take_a_ticket(disk, service, e.PrintOutcome.PRINTED)
            self._tell(disk, disk.journal)

    # What happens to the site

    def _let_time_pass(self, passes_s: int) -> None:
        self.now_ms += passes_s * 1000
        for command in overdue(self.state, self.now_ms, _POLICY):
            assert self.do(command), "what time brings about is never rejected"

    def do(self, command: c.Command) -> list[e.Event]:
        """A rejected command says why, and like every other changes nothing by being decided."""
        before = self.state, dict(self.state.tickets), dict(self.state.grants), dict(self.state.reported)
        events: list[e.Event] = []
        why = None
        try:
            events = decide(self.state, command, self.now_ms, _POLICY)
        except CommandRejected as rejected:
            why = rejected
        assert why is None or (why.code and str(why))
        assert before == (self.state, self.state.tickets, self.state.grants, self.state.reported)
        self._happen(events)
        return events

    def _happen(self, events: list[e.Event]) -> None:
        for event in events:
            if isinstance(event, e.TicketCalled):
                assert event.ticket == self._who_is_next(event.room)
            self.state = evolve(self.state, event, self.now_ms)
            self.records.append(e.Record(at_ms=self.now_ms, event=event))
            self._walk(event)

    def _walk(self, event: e.Event) -> None:
        """Who is in which room, told from the events alone."""
        match event:
            case e.TicketCalled():
                self.last_room[event.ticket] = event.room
                self.rooms[event.room].add(event.ticket)
            case e.TicketResumed():
                self.rooms[self.last_room[event.ticket]].add(event.ticket)
            case (
                e.TicketCompleted()
                | e.TicketNotPresent()
                | e.TicketParked()
                | e.TicketRequeued()
                | e.TicketTransferred()
                | e.TicketCancelled()
            ):
                for inside in self.rooms.values():
                    inside.discard(event.ticket)

    def _who_is_next(self, room: RoomId) -> TicketId:
        """Of those who wait for what the room offers, the one before whom nobody goes."""
        offered = _OFFERED.get(room, frozenset({CONSULTATION, SMALL_WOUND}))
        waiting = [one for one in self.state.tickets.values() if one.state == "waiting" and one.service in offered]
        first = waiting[0]
        for one in waiting[1:]:
            mine, theirs = self.people[one.id], self.people[first.id]
            if mine.counts_as_come_ms() < theirs.counts_as_come_ms() or (
                mine.counts_as_come_ms() == theirs.counts_as_come_ms() and mine.came_ms < theirs.came_ms
            ):
                first = one
        return first.id

    # The kiosks

    def _in_use(self) -> list[Disk]:
        return list({disk.kiosk: disk for disk in self.disks}.values())

    @precondition(lambda self: len(self.disks) < 4)
    @rule(kiosk=st.sampled_from(["kiosk-1", "kiosk-2", "kiosk-3"]))
    def put_a_new_disk_into_a_kiosk(self, kiosk: str) -> None:
        disk = DiskId(f"disk-{len(self.records)}")
        self.do(c.GrantLetter(disk=disk, kiosk=DeviceId(kiosk)))
        self.disks.append(Disk(disk, DeviceId(kiosk), self.state.grants[disk].letter))

    @precondition(lambda self: self._how_many_wait() < 6)
    @rule(
        arrivals=st.lists(st.tuples(_services, st.integers(1, 600), _outcomes), min_size=1, max_size=5),
        data=st.data(),
    )
    def people_come(self, arrivals: list[tuple[ServiceId, int, e.PrintOutcome | None]], data: st.DataObject) -> None:
        """And one of the disks tells a run from anywhere: known entries again, new ones, or a gap."""
        disk = data.draw(st.sampled_from(self._in_use()))
        for service, passes_s, outcome in arrivals:
            self._let_time_pass(passes_s)
            self._take_a_ticket(disk, service, outcome)
        told = data.draw(st.sampled_from(self.disks))
        first = data.draw(st.integers(0, self.state.reported.get(told.id, 0) + 1))
        self._tell(told, told.journal[first:])

    def _how_many_wait(self) -> int:
        return sum(one.state == "waiting" for one in self.state.tickets.values())

    def _take_a_ticket(self, disk: Disk, service: ServiceId, outcome: e.PrintOutcome | None) -> None:
        number = number_after(disk.letter, disk.today)
        assert number is not None
        ticket = TicketId(f"{self.state.day}-{number.lower()}")
        disk.today.append(number)
        self.slips.append((str(self.state.day), number))
        self.people[ticket] = Person(self.now_ms)
        disk.journal.append(
            c.AdmitTicket(
                ticket=ticket,
                number=number,
                token=Token(f"token-{number}"),
                service=service,
                language="fr",
                kiosk=disk.kiosk,
                disk=disk.id,
                disk_seq=len(disk.journal) + 1,
                ordered_at_ms=self.now_ms,
            )
        )
        if outcome:
            seq = len(disk.journal) + 1
            disk.journal.append(
                c.ReportPrint(ticket=ticket, outcome=outcome, kiosk=disk.kiosk, disk=disk.id, disk_seq=seq)
            )

    def _tell(self, disk: Disk, reports: list[c.AdmitTicket | c.ReportPrint]) -> None:
        for report in reports:
            if report.disk_seq == self.state.reported.get(disk.id, 0) + 1:
                self._happen(decide_or_refuse(self.state, report, _POLICY))

    # The rooms and the people

    @rule(data=st.data(), room=_rooms, passes_s=st.sampled_from([1, 25, 200]))
    def somebody_acts(self, data: st.DataObject, room: RoomId, passes_s: int) -> None:
        """One rule for all acts: hypothesis leaves some rules out of a run, and most runs must call patients."""
        self._let_time_pass(passes_s)
        ticket = data.draw(st.sampled_from([TicketId("of-nobody"), *self.state.tickets]))
        priority, service = data.draw(st.sampled_from(e.Priority)), data.draw(_services)
        acts = [
            *4 * [c.Press(room=room)],
            *4 * [c.SetPriority(ticket=ticket, priority=priority)],
            c.CallNext(room=room),
            c.Recall(room=room),
            c.Start(room=room),
            c.Complete(room=room),
            c.MarkNoShow(room=room),
            c.Park(room=room),
            *2 * [c.Resume(ticket=ticket, room=self.last_room.get(ticket, room))],
            c.Resume(ticket=ticket, room=room),
            c.Requeue(ticket=ticket),
            c.Transfer(ticket=ticket, service=service),
            c.Cancel(ticket=ticket, reason="left"),
        ]
        act = data.draw(st.sampled_from(acts))
        if self.do(act) and isinstance(act, c.SetPriority):
            self.people[ticket].head_start_min = _HEAD_START_MIN[priority]

    @precondition(lambda self: len(self.state.tickets) > 12)
    @rule()
    def begin_the_next_day(self) -> None:
        self.disks = self._in_use()
        for disk in self.disks:
            self._tell(disk, disk.journal)
            disk.today.clear()
        self.day_began_ms = max(self.day_began_ms + _DAY_MS, self.now_ms + _NIGHT_MS)
        self._let_time_pass((self.day_began_ms - self.now_ms) // 1000)
        tomorrow = date.fromisoformat(str(self.state.day)) + timedelta(days=1)
        assert self.do(c.OpenDay(day=tomorrow.isoformat(), began_ms=self.day_began_ms))

    # What holds

    @invariant()
    def no_ticket_is_lost(self) -> None:
        told = {
            report.ticket
            for disk in self.disks
            for report in disk.journal[: self.state.reported.get(disk.id, 0)]
            if isinstance(report, c.AdmitTicket) and report.ticket.startswith(str(self.state.day))
        }
        assert told <= set(self.state.tickets)
        assert self.state.refused == 0

    @invariant()
    def no_ticket_is_in_two_rooms_and_no_room_has_two(self) -> None:
        assert all(len(inside) <= 1 for inside in self.rooms.values())
        assert sum(map(len, self.rooms.values())) == len(set().union(*self.rooms.values()))
        live = {room: {one.id} for room in _ROOMS if (one := self.state.in_room(room))}
        assert live == {room: inside for room, inside in self.rooms.items() if inside}

    @invariant()
    def numbers_are_unique_in_a_day(self) -> None:
        assert len(set(self.slips)) == len(self.slips)
        taken_in = [one.number for one in self.state.tickets.values()]
        assert len(set(taken_in)) == len(taken_in)

    def teardown(self) -> None:
        """Replay equals the live state."""
        if hasattr(self, "state"):
            assert fingerprint(fold(self.records)) == fingerprint(self.state)


TestCentre = Centre.TestCase
TestCentre.settings = settings(
    max_examples=100,
    stateful_step_count=50,
    deadline=None,
    # Not Phase.shrink: it takes minutes for a run of fifty steps, longer than a test may.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
