"""A whole centre, driven at random: kiosks that number on their own disks, doctors who come, leave and take back what
they did, people who come, go, and are sent away and back.

What must hold after every step is said here without the code under test: from the slips, and from the events alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.room import commands as c
from core.room import events as e
from core.room.decide import CommandRejected, decide, decide_or_refuse, overdue
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.numbering import number_after
from core.room.opening import Opening
from core.room.passage import Policy, order_of_passage
from core.room.roster import Roster, Shift
from core.room.state import SiteState, evolve, fingerprint, fold
from core.room.undo import Act, undo
from tests.core.room.given import CONSULTATION, NINE, SMALL_WOUND, present
from tests.core.room.watcher import Person, Watcher

_ROOMS = [RoomId("room-1"), RoomId("room-2"), RoomId("care-room")]
_CARE = ServiceId("care")
_VISITS = frozenset({CONSULTATION, SMALL_WOUND})
_OFFERED: Mapping[RoomId, frozenset[ServiceId]] = {
    RoomId("room-1"): _VISITS,
    RoomId("room-2"): _VISITS,
    RoomId("care-room"): frozenset({SMALL_WOUND, _CARE}),
}
_DOCTORS = [PractitionerId("doctor-vidal"), PractitionerId("doctor-marchand")]
_PLAN = Shift(practitioner=_DOCTORS[0], room=_ROOMS[0], begins_ms=NINE, ends_ms=NINE + 4 * 3_600_000)
_POLICY = Policy(rooms=_OFFERED, care=frozenset({_CARE}), roster=Roster(shifts=[_PLAN]), opening=Opening())
_FOUR, _NIGHT_MS, _DAY_MS = NINE - 5 * 3_600_000, 6 * 3_600_000, 24 * 3_600_000

_ACTS_AT_ONCE = 3

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


def _everything(state: SiteState, now_ms: int) -> Iterator[tuple[RoomId, c.StaffAct | c.PresentSlip]]:
    """All that anybody could ask for in a centre, and the room in which they do."""
    for room in _ROOMS:
        for act in (c.Press, c.CallNext, c.Recall, c.Start, c.Complete, c.MarkNoShow, c.Park, c.SendToCare):
            yield room, act(room=room)
        for act in (c.Leave, c.Pause, c.GoOffDuty, c.AcknowledgeWarning, c.ReopenIntake):
            yield room, act(room=room)
        for who in (None, *_DOCTORS):
            yield room, c.ComeOnDuty(room=room, practitioner=who)
        yield room, c.StayUntil(room=room, until_ms=now_ms + 900_000)
        yield room, c.RaiseWarning(device=DeviceId("kiosk-1"))
        yield room, c.RaiseWarning(device=DeviceId("kiosk-2"))
    for ticket in (TicketId("of-nobody"), *state.tickets):
        room = _ROOMS[0]
        for other in _ROOMS:
            yield other, c.Resume(ticket=ticket, room=other)
        yield room, c.Requeue(ticket=ticket)
        yield room, c.Cancel(ticket=ticket, reason="left")
        for service in _VISITS:
            yield room, c.Transfer(ticket=ticket, service=service)
        for priority in e.Priority:
            yield room, c.SetPriority(ticket=ticket, priority=priority)
    for one in state.tickets.values():
        yield _ROOMS[0], present(one.number)


class Centre(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.state = SiteState()
        self.records: list[e.Record[e.Event]] = []
        self.now_ms = NINE
        self.disks: list[Disk] = []
        """Disks of today; the last one of each kiosk is in use, the others were taken out."""
        self.slips: list[tuple[str, Number]] = []
        self.watcher = Watcher(_OFFERED)
        self.acts: dict[RoomId, tuple[Act, dict[TicketId, Person]]] = {}
        """What each room did last, and how it was for the people before."""
        self.order: list[TicketId] = []
        """Who waited after the last step, next first."""
        self.day_began_ms = _FOUR
        self.do(c.OpenDay(day="2026-11-22", began_ms=_FOUR))
        self.put_a_new_disk_into_a_kiosk("kiosk-1")
        self.put_a_new_disk_into_a_kiosk("kiosk-2")
        for disk in self.disks:
            for service in (CONSULTATION, SMALL_WOUND, CONSULTATION):
                self._let_time_pass(300)
                self._take_a_ticket(disk, service, e.PrintOutcome.PRINTED)
            self._tell(disk, disk.journal)
        for room in _ROOMS:
            self.do(c.Press(room=room))

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
                assert event.ticket == self.watcher.who_is_next(self.state, event.room)
                assert event.practitioner == self.watcher.doctors[event.room]
            self.state = evolve(self.state, event, self.now_ms)
            self.records.append(e.Record(at_ms=self.now_ms, event=event))
            self.watcher.hear(event)

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
        self.watcher.people[ticket] = Person(self.now_ms, number)
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

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        """One rule for all acts: hypothesis leaves some rules out of a run, and most runs must call patients."""
        for _ in range(_ACTS_AT_ONCE):
            self._let_time_pass(data.draw(st.sampled_from([1, 1, 25, 200, 900, 3700])))
            is_possible = data.draw(st.integers(0, 4)) > 0
            by_kind: dict[str, list[tuple[RoomId, c.StaffAct | c.PresentSlip]]] = defaultdict(list)
            for room, act in _everything(self.state, self.now_ms):
                if self._can(act) is is_possible:
                    by_kind["present" if isinstance(act, c.PresentSlip) else act.kind].append((room, act))
            kind = data.draw(st.sampled_from(sorted([*by_kind, *4 * ["press"], *4 * ["undo"]])))
            if kind in by_kind:
                self._act(*data.draw(st.sampled_from(by_kind[kind])))
            else:
                self._take_back(data.draw(_rooms))
            self.two_who_wait_never_swap_by_themselves()

    def _can(self, command: c.Command) -> bool:
        try:
            return bool(decide(self.state, command, self.now_ms, _POLICY))
        except CommandRejected:
            return False

    def _act(self, room: RoomId, act: c.StaffAct | c.PresentSlip) -> None:
        before, people, was_ringing = self.state, self.watcher.everybody(), self.watcher.ringing > 0
        events = self.do(act)
        if isinstance(act, c.Press) and was_ringing:
            assert events == [e.WarningAcknowledged(room=room)]
        if events and not isinstance(act, c.PresentSlip):
            self.acts[room] = Act(room=room, at_ms=self.now_ms, before=before, after=self.state), people

    def _take_back(self, room: RoomId) -> None:
        """What a room did is as if it had not been; what others did since is as it is."""
        act, people = self.acts.pop(room, (None, {}))
        before = self.state
        try:
            undone = undo(self.state, act, self.now_ms, _POLICY)
        except CommandRejected:
            return
        assert act is not None
        touched = {one.ticket for one in undone.tickets}
        self._happen([undone])
        self.watcher.people |= {one: people[one] for one in touched}
        self.watcher.placed_anew |= touched
        expected = {
            ticket: replace(act.before.tickets[ticket], slip=one.slip) if ticket in touched else one
            for ticket, one in before.tickets.items()
        }
        assert self.state.tickets == expected
        was_there = act.before.duties.get(room) if undone.duty else before.duties.get(room)
        assert self.state.duties.get(room) == was_there or (was_there is None and self.state.on_duty(room) is None)
        assert {**self.state.duties, room: None} == {**before.duties, room: None}

    @precondition(lambda self: len(self.state.tickets) > 20)
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
        live = {room: [one.id] for room in _ROOMS if (one := self.state.in_room(room))}
        assert live == self.watcher.inside(self.state.tickets)

    @invariant()
    def a_room_without_a_doctor_holds_nobody(self) -> None:
        with_a_doctor = self.watcher.doctors.keys() - self.watcher.on_pause
        assert set(self.watcher.inside(self.state.tickets)) <= with_a_doctor

    @invariant()
    def no_doctor_is_in_two_rooms(self) -> None:
        doctors = self.watcher.doctors
        assert len(set(doctors.values())) == len(doctors)
        assert doctors == {room: duty.practitioner for room in _ROOMS if (duty := self.state.on_duty(room))}

    @invariant()
    def everybody_who_waits_has_a_place_of_their_own(self) -> None:
        places = [self.watcher.people[one.id].place() for one in order_of_passage(self.state)]
        assert places == sorted(set(places))

    @invariant()
    def two_who_wait_never_swap_by_themselves(self) -> None:
        order = [one.id for one in order_of_passage(self.state)]
        stayed = (set(order) & set(self.order)) - self.watcher.placed_anew
        assert [one for one in order if one in stayed] == [one for one in self.order if one in stayed]
        self.order, self.watcher.placed_anew = order, set()

    @invariant()
    def an_intake_that_is_kept_open_is_not_stopped(self) -> None:
        assert not (self.state.intake.is_stopped and self.state.intake.is_kept_open)

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
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    # Not Phase.shrink: it takes minutes for a run of fifty steps, longer than a test may.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
