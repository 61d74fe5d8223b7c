"""A centre without a clock that can be trusted: its controller and two kiosks, driven through nights, restarts, jumps
of the wall clock and time servers that answer late.

The disks are real ones, the messages real bytes; only the time is played. What must hold is told from the slips, with
the true hour, which no machine of the centre knows for sure.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.edge.clock import ManualClock
from core.edge.journal import Journal
from core.room.commands import GrantLetter, Press
from core.room.day import begins_ms, service_day
from core.room.decide import CommandRejected
from core.room.events import PrintOutcome
from core.room.ids import DeviceId, Number, RoomId, ServiceId, TicketId, Token
from core.room.ordering import KioskTime
from core.room.passage import Policy
from core.room.transitions import TicketState
from core.wire.coding import decode, decode_record, wrap_reports
from core.wire.messages import IssuedReport, Reports, Screen
from firmware.controller.reports import take_reports
from firmware.controller.screen import screen_of
from firmware.controller.sequencer import Sequencer
from firmware.kiosk.desk.count import next_number
from firmware.kiosk.desk.store import Store

PARIS = ZoneInfo("Europe/Paris")
ROOM = RoomId("room-1")
_HOUR_S = 3600
_OPEN_MS = int(datetime(2026, 10, 23, 9, tzinfo=PARIS).timestamp()) * 1000
"""Two days before the night in which the clock is put back."""
_YOUNG_MS = 6 * _HOUR_S * 1000
_WRONG_MS = [0, 1_795_000_000_000, 2_145_916_800_000]
"""What a clock may say after the power was off: 1970, something that looks right, 2038."""


@dataclass
class Machine:
    """A Pi: a wall clock that nobody has set since its start, until a time server does."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(_OPEN_MS))
    boot: int = 1

    def now(self) -> KioskTime:
        return KioskTime(
            boot=self.boot,
            mono_ms=self.clock.mono_ms(),
            wall_ms=self.clock.wall_ms(),
            is_synchronised=self.clock.is_synchronised(),
        )

    def start_again(self, wall_ms: int) -> None:
        self.clock = ManualClock(wall_ms, mono_ms=5000)
        self.clock.synchronised = False
        self.boot += 1

    def hear_a_time_server(self, true_ms: int) -> None:
        self.clock.jump((true_ms - self.clock.wall_ms()) / 1000)
        self.clock.synchronised = True


@dataclass
class Slip:
    """What a patient holds."""

    number: Number
    given_ms: int
    """The true hour."""


class Centre(RuleBasedStateMachine):
    @initialize(is_set=st.booleans())
    def open(self, is_set: bool) -> None:
        self.true_ms = _OPEN_MS
        self.controller = Machine()
        self.controller.clock.synchronised = is_set
        self.journal = Journal(Path(":memory:"))
        self.sequencer = Sequencer(self.journal, self.controller.clock, PARIS, Policy())
        self.kiosks = [Machine(), Machine()]
        self.disks = [Journal(Path(":memory:")), Journal(Path(":memory:"))]
        self.stores = [Store(disk) for disk in self.disks]
        self.slips: dict[TicketId, Slip] = {}
        self.read = 0
        self.last_at_ms = 0
        self.is_called: set[TicketId] = set()
        for number, store in enumerate(self.stores):
            self.sequencer.submit(GrantLetter(disk=store.disk, kiosk=_name(number)))
        self._turn()
        for store in self.stores:
            store.hear(self._screen())
            store.save()

    # What happens

    @rule(
        kiosk=st.integers(0, 1),
        times=st.integers(1, 3),
        wait_min=st.sampled_from([1, 20, 90]),
        line=st.sampled_from(["whole", "whole", "breaks", "cut"]),
    )
    def patients_come(self, kiosk: int, times: int, wait_min: int, line: str) -> None:
        """And the kiosk tells of them; or the line breaks before the answer, or there is none."""
        self._pass(wait_min * 60)
        if line == "cut":
            self._hear_nobody(kiosk)
        for _ in range(times):
            self._pass(30)
            self._give(kiosk)
        if line != "cut":
            self._tell(kiosk, is_answered=line == "whole")

    @rule(off=st.sets(st.integers(0, 2)), wall_ms=st.sampled_from(_WRONG_MS), told=st.sets(st.integers(0, 1)))
    def a_night_passes(self, off: set[int], wall_ms: int, told: set[int]) -> None:
        """Until 8:30; some machines have no power, and some kiosks are heard in the morning."""
        local = datetime.fromtimestamp(self.true_ms / 1000, UTC).astimezone(PARIS)
        morning = datetime.combine(local.date() + timedelta(days=local.hour >= 4), time(8, 30), PARIS)
        self._pass(int(morning.timestamp()) - self.true_ms // 1000, off=off)
        for who in off:
            self._start_again(who, wall_ms)
        for kiosk in told:
            self._tell(kiosk, is_answered=True)

    def time_passes_until(self, hour: int) -> None:
        local = datetime.fromtimestamp(self.true_ms / 1000, UTC).astimezone(PARIS)
        at = datetime.combine(local.date() + timedelta(days=local.hour >= hour), time(hour), PARIS)
        self._pass(int(at.timestamp()) - self.true_ms // 1000)

    @rule(who=st.integers(0, 2), wall_ms=st.sampled_from(_WRONG_MS), off_s=st.sampled_from([5, 600]))
    def a_machine_starts_again(self, who: int, wall_ms: int, off_s: int) -> None:
        self._pass(off_s, off={who})
        self._start_again(who, wall_ms)

    @rule(kiosk=st.integers(0, 1))
    def a_kiosk_hears_nobody(self, kiosk: int) -> None:
        self._hear_nobody(kiosk)

    @rule(who=st.integers(0, 2))
    def a_time_server_answers(self, who: int) -> None:
        self._machine(who).hear_a_time_server(self.true_ms)
        self._turn()

    @rule(who=st.integers(0, 2), by_s=st.sampled_from([-400_000_000, -86_400, 90, 86_400, 400_000_000]))
    def a_clock_is_set_by_hand(self, who: int, by_s: int) -> None:
        """The kernel no longer calls it synchronised."""
        clock = self._machine(who).clock
        clock.synchronised = False
        if clock.wall_ms() + by_s * 1000 >= 0:
            clock.jump(by_s)

    @rule()
    def the_doctor_presses(self) -> None:
        with suppress(CommandRejected):  # nobody waits
            self.sequencer.submit(Press(room=ROOM))
        self._turn()

    # What holds

    @invariant()
    def no_live_ticket_is_lost(self) -> None:
        if not hasattr(self, "sequencer"):
            return
        tickets = self.sequencer.state.tickets
        today_ms = begins_ms(service_day(self.true_ms, PARIS), PARIS)
        for ticket in self._taken_in():
            slip = self.slips[ticket]
            if slip.given_ms >= today_ms or self.true_ms - slip.given_ms < _YOUNG_MS:
                assert ticket in tickets or ticket in self.is_called, f"{slip.number} is lost"

    @invariant()
    def no_report_is_refused(self) -> None:
        if hasattr(self, "sequencer"):
            assert self.sequencer.state.refused == 0

    @invariant()
    def each_kiosks_own_order_is_kept(self) -> None:
        if not hasattr(self, "sequencer"):
            return
        for kiosk in range(2):
            mine = [one for one in self.sequencer.state.tickets.values() if one.kiosk == _name(kiosk)]
            assert [one.id for one in sorted(mine, key=lambda one: one.ordered_at_ms)] == [one.id for one in mine]

    @invariant()
    def the_site_clock_never_runs_backwards(self) -> None:
        if not hasattr(self, "sequencer"):
            return
        for body in self.journal.read(self.read):
            record = decode_record(body)
            assert record.at_ms >= self.last_at_ms
            self.read, self.last_at_ms = self.read + 1, record.at_ms
        assert self.sequencer.now_ms() >= self.last_at_ms
        assert self.sequencer.now_ms() <= self.true_ms + 5, "it is ahead of the truth, which nobody told it"

    # How it is played

    def _pass(self, seconds: int, *, off: Collection[int] = ()) -> None:
        """Every machine that has power counts the seconds; the controller looks at the clock on the way."""
        until_ms = self.true_ms + seconds * 1000
        while self.true_ms < until_ms:
            step_s = min(_HOUR_S, (until_ms - self.true_ms) // 1000)
            self.true_ms += step_s * 1000
            for who in {0, 1, 2} - set(off):
                self._machine(who).clock.advance(step_s)
            if 0 not in off:
                self._turn()

    def _start_again(self, who: int, wall_ms: int) -> None:
        self._machine(who).start_again(wall_ms)
        if who == 0:
            self.sequencer = Sequencer(self.journal, self.controller.clock, PARIS, Policy())
        else:
            self.stores[who - 1] = Store(self.disks[who - 1])

    def _tell(self, kiosk: int, *, is_answered: bool) -> None:
        store, disk = self.stores[kiosk], self.disks[kiosk]
        bodies = disk.read(disk.acked)
        if bodies:
            now = self.kiosks[kiosk].now()
            told = wrap_reports(store.disk, disk.acked + 1, bodies, now, oldest=disk.first, known=disk.acked)
            refused = take_reports(self.sequencer, _name(kiosk), decode(Reports, told))
            assert refused is None
        self._turn()
        if is_answered:
            disk.acknowledge(self.sequencer.state.reported.get(store.disk, 0))
            store.hear(self._screen())
            store.save()

    def _hear_nobody(self, kiosk: int) -> None:
        self.stores[kiosk].roll_over(self._today(kiosk))
        self.stores[kiosk].save()

    def _today(self, kiosk: int) -> str | None:
        clock = self.kiosks[kiosk].clock
        return service_day(clock.wall_ms(), PARIS) if clock.is_synchronised() else None

    def _turn(self) -> None:
        self.sequencer.let_time_pass()
        for record in self.sequencer.commit():
            if record.event.kind == "ticket-called":
                self.is_called.add(record.event.ticket)

    def _give(self, kiosk: int) -> None:
        store = self.stores[kiosk]
        number = next_number(store.count)
        assert number, "no number is left"
        ticket = TicketId(f"t{len(self.slips)}")
        today = service_day(self.true_ms, PARIS)
        same = [one for one in self.slips.values() if one.number == number]
        assert all(service_day(one.given_ms, PARIS) != today for one in same), f"{number} is in two hands"
        store.issue(
            IssuedReport(
                ticket=ticket,
                number=number,
                token=Token(f"{len(self.slips):016d}"),
                service=ServiceId("consultation"),
                language="fr",
                at=self.kiosks[kiosk].now(),
                day=store.count.day,
            ),
            given_on=self._today(kiosk),
        )
        store.note(ticket, PrintOutcome.PRINTED)
        self.slips[ticket] = Slip(number, self.true_ms)

    def _taken_in(self) -> list[TicketId]:
        """Every ticket that the journal has ever taken in."""
        return [
            TicketId(record.event.ticket)
            for record in map(decode_record, self.journal.read(0, 10_000))
            if record.event.kind == "ticket-issued"
        ]

    def _screen(self) -> Screen:
        return screen_of(
            self.sequencer.state,
            [ROOM],
            Policy(),
            is_hour_certain=not self.sequencer.is_in_doubt,
            epoch="e",
            rev=1,
            beat="1",
            at_ms=self.sequencer.now_ms(),
        )

    def _machine(self, who: int) -> Machine:
        return [self.controller, *self.kiosks][who]


def _name(kiosk: int) -> DeviceId:
    return DeviceId(f"kiosk-{kiosk + 1}")


class TestNothingIsLostToAClock(Centre.TestCase):
    settings = settings(
        max_examples=200,
        stateful_step_count=30,
        deadline=None,
        # Not Phase.shrink: it takes longer than a test may.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )


@pytest.fixture
def centre() -> Centre:
    """Open since 9:00; every clock is set."""
    centre = Centre()
    centre.open(is_set=True)
    return centre


def _numbers(centre: Centre) -> list[Number]:
    """Of everybody who waits."""
    return [one.number for one in centre.sequencer.state.tickets.values() if one.state is TicketState.WAITING]


def test_who_took_a_ticket_before_the_clock_was_set_is_carried_into_the_new_day(centre: Centre) -> None:
    centre.patients_come(kiosk=0, times=2, wait_min=90, line="whole")
    centre.a_night_passes(off={0, 1}, wall_ms=0, told=set())
    centre.patients_come(kiosk=0, times=1, wait_min=20, line="whole")
    assert (centre.sequencer.state.day, _numbers(centre)) == ("2026-10-23", ["A001", "A002", "A003"])

    centre.a_time_server_answers(who=0)

    assert (centre.sequencer.state.day, _numbers(centre)) == ("2026-10-24", ["A003"])
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")
    assert _numbers(centre) == ["A003", "A004"]


def test_a_kiosk_that_has_begun_the_day_alone_tells_the_hour_to_a_controller_in_doubt(centre: Centre) -> None:
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")
    centre.a_night_passes(off={0}, wall_ms=0, told=set())

    centre.patients_come(kiosk=0, times=1, wait_min=1, line="cut")
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")

    assert (centre.sequencer.state.day, _numbers(centre)) == ("2026-10-24", ["A001", "A002"])
    assert not centre.sequencer.is_in_doubt


def test_it_tells_at_least_the_day_when_it_has_lost_its_clock_since(centre: Centre) -> None:
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")
    centre.a_night_passes(off={0, 2}, wall_ms=0, told=set())
    centre.patients_come(kiosk=1, times=1, wait_min=1, line="whole")
    centre.a_kiosk_hears_nobody(kiosk=0)
    centre.a_machine_starts_again(who=1, wall_ms=0, off_s=5)

    centre.patients_come(kiosk=0, times=1, wait_min=1, line="cut")
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")

    assert centre.sequencer.state.day == "2026-10-24"
    assert sorted(_numbers(centre)) == ["A001", "A002", "B001"]


def test_a_patient_whose_age_nobody_knows_is_not_left_over_from_yesterday(centre: Centre) -> None:
    centre.patients_come(kiosk=1, times=1, wait_min=1, line="whole")
    centre.time_passes_until(20)
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")
    centre.a_night_passes(off={0, 2}, wall_ms=0, told=set())
    centre.patients_come(kiosk=1, times=1, wait_min=20, line="cut")
    centre.a_machine_starts_again(who=2, wall_ms=0, off_s=5)
    centre.patients_come(kiosk=1, times=1, wait_min=1, line="whole")

    centre.a_time_server_answers(who=0)

    assert _numbers(centre) == ["B002", "B003"]


def test_a_controller_that_starts_with_the_hour_still_moves_what_it_took_in_without(centre: Centre) -> None:
    centre.a_night_passes(off={0, 1}, wall_ms=0, told=set())
    centre.patients_come(kiosk=0, times=1, wait_min=20, line="whole")

    centre.controller.hear_a_time_server(centre.true_ms)
    centre.sequencer = Sequencer(centre.journal, centre.controller.clock, PARIS, Policy())
    centre.sequencer.let_time_pass()

    assert (centre.sequencer.state.day, _numbers(centre)) == ("2026-10-24", ["A001"])


def test_an_impatient_second_press_still_recalls_when_the_clock_is_set_in_between(centre: Centre) -> None:
    centre.a_night_passes(off={0, 1}, wall_ms=0, told=set())
    centre.patients_come(kiosk=0, times=2, wait_min=20, line="whole")
    centre.the_doctor_presses()  # comes on duty
    centre.the_doctor_presses()

    centre.a_time_server_answers(who=0)
    centre.the_doctor_presses()

    called = centre.sequencer.state.in_room(ROOM)
    assert called
    assert (called.number, called.calls) == ("A001", 2)


@pytest.mark.parametrize("hours", [24, 10])
def test_a_time_server_that_lies_forward_costs_nobody_their_place(centre: Centre, hours: int) -> None:
    """18:00 becomes 4:00, or tomorrow's 18:00; then it is corrected."""
    centre.time_passes_until(17)
    centre.patients_come(kiosk=0, times=3, wait_min=60, line="whole")

    centre.controller.clock.jump(hours * _HOUR_S)
    centre.sequencer.let_time_pass()
    centre.sequencer.commit()
    lied_ms = centre.sequencer.now_ms()
    centre.a_time_server_answers(who=0)

    assert (centre.sequencer.state.day, _numbers(centre)) == ("2026-10-24", ["A001", "A002", "A003"])
    assert centre.sequencer.now_ms() >= lied_ms
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")
    assert _numbers(centre)[-1] == "A004"


def test_the_evening_that_runs_past_midnight_and_past_the_change_of_the_clock_is_one_day(centre: Centre) -> None:
    centre.a_night_passes(off=set(), wall_ms=0, told={0, 1})
    assert centre.sequencer.state.day == "2026-10-24"
    centre.time_passes_until(23)
    centre.patients_come(kiosk=0, times=1, wait_min=90, line="whole")
    centre.patients_come(kiosk=0, times=1, wait_min=90, line="whole")
    centre.time_passes_until(3)
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")
    assert (centre.sequencer.state.day, _numbers(centre)) == ("2026-10-24", ["A001", "A002", "A003"])

    centre.time_passes_until(4)
    centre.patients_come(kiosk=0, times=1, wait_min=1, line="whole")

    assert centre.sequencer.state.day == "2026-10-25"
    assert _numbers(centre) == ["A001", "A002", "A003", "A004"], "who came less than six hours ago is still here"
