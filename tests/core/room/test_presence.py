"""Doctors who come, take a break, leave, and forget to say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room import commands as c
from core.room import events as e
from core.room.decide import overdue
from core.room.duty import unnamed
from core.room.ids import PractitionerId, RoomId
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from core.room.state import CorruptHistory, evolve
from tests.core.room.given import (
    NINE,
    ROOM_1,
    ROOM_2,
    Given,
    a_morning,
    called,
    doctor_of,
    given,
    issued,
    on_duty,
    ticket,
)

_ROOM_3 = RoomId("room-3")
_VIDAL, _MARCHAND = PractitionerId("doctor-vidal"), PractitionerId("doctor-marchand")
_A001 = ticket("A001")
_HOUR_MS = 3_600_000
_PLAN = Policy(
    roster=Roster(
        shifts=[Shift(practitioner=_VIDAL, room=_ROOM_3, begins_ms=NINE, ends_ms=NINE + 4 * _HOUR_MS)],
        names={_VIDAL: "Dr Vidal"},
    )
)
_ENDED = e.DutyEnded(room=ROOM_2, reason="said")
_PAUSED = e.DutyPaused(room=ROOM_2)
_COMPLETED = e.TicketCompleted(ticket=_A001)


def _until(minute: float | None, *events: e.Event) -> Given:
    """Two patients wait; the doctor of room 2 means to stay until some minutes after nine."""
    return given([*a_morning("A001", "A002"), on_duty(ROOM_2, until_min=minute), *events])


def test_the_first_press_comes_on_duty_and_calls_nobody() -> None:
    here = given(a_morning("A001")).when(c.Press(room=_ROOM_3))
    here.then(e.DutyBegan(room=_ROOM_3, practitioner=unnamed(_ROOM_3))).when(c.Press(room=_ROOM_3)).then(
        e.TicketCalled(ticket=_A001, room=_ROOM_3, practitioner=unnamed(_ROOM_3))
    )


@pytest.mark.parametrize("command", [c.Press(room=_ROOM_3), c.ComeOnDuty(room=_ROOM_3)])
def test_who_presses_is_whom_the_plan_names_until_the_end_of_the_shift(command: c.Command) -> None:
    given(a_morning(), _PLAN).when(command).then(
        e.DutyBegan(room=_ROOM_3, practitioner=_VIDAL, until_ms=NINE + 4 * _HOUR_MS)
    )


def test_a_plan_that_names_somebody_who_is_elsewhere_names_nobody() -> None:
    moved = given([*a_morning(), on_duty(ROOM_1, who=_VIDAL)], _PLAN)

    moved.when(c.Press(room=_ROOM_3)).then(e.DutyBegan(room=_ROOM_3, practitioner=unnamed(_ROOM_3)))


def test_a_press_after_a_pause_is_back_and_calls_nobody() -> None:
    _until(None, _PAUSED).when(c.Press(room=ROOM_2)).then(e.DutyResumed(room=ROOM_2)).when(c.Press(room=ROOM_2)).then(
        called("A001")
    )


def test_who_is_back_may_say_until_when() -> None:
    until_ms = NINE + _HOUR_MS
    _until(None, _PAUSED).when(c.ComeOnDuty(room=ROOM_2, practitioner=doctor_of(ROOM_2), until_ms=until_ms)).then(
        e.DutyResumed(room=ROOM_2), e.DutyUntilSet(room=ROOM_2, until_ms=until_ms)
    )


def test_a_name_says_who_whoever_it_is_is_even_during_a_visit() -> None:
    nameless = given([*a_morning("A001"), on_duty(ROOM_2, who=unnamed(ROOM_2)), called("A001")])

    nameless.when(c.ComeOnDuty(room=ROOM_2, practitioner=_VIDAL)).then(e.DutyBegan(room=ROOM_2, practitioner=_VIDAL))


def test_who_takes_a_free_room_over_ends_the_duty_of_the_one_who_forgot() -> None:
    given(a_morning("A001")).when(c.ComeOnDuty(room=ROOM_2, practitioner=_VIDAL, until_ms=NINE + _HOUR_MS)).then(
        _ENDED, e.DutyBegan(room=ROOM_2, practitioner=_VIDAL, until_ms=NINE + _HOUR_MS)
    )


def test_who_says_a_name_and_no_end_has_the_end_of_the_plan() -> None:
    came = given(a_morning(), _PLAN)

    came.when(c.ComeOnDuty(room=_ROOM_3, practitioner=_VIDAL)).then(
        e.DutyBegan(room=_ROOM_3, practitioner=_VIDAL, until_ms=NINE + 4 * _HOUR_MS)
    )
    came.when(c.ComeOnDuty(room=_ROOM_3, practitioner=_MARCHAND)).then(
        e.DutyBegan(room=_ROOM_3, practitioner=_MARCHAND)
    )
    came.when(c.ComeOnDuty(room=_ROOM_3, until_ms=NINE + _HOUR_MS)).then(
        e.DutyBegan(room=_ROOM_3, practitioner=_VIDAL, until_ms=NINE + _HOUR_MS)
    )


@pytest.mark.parametrize(
    ("until_min", "after_min", "away"),
    [
        pytest.param(60, 44.9, _PAUSED, id="well before the end: a pause"),
        pytest.param(60, 45, _ENDED, id="a quarter of an hour before it: for good"),
        pytest.param(60, 75, _ENDED, id="past it: for good"),
        pytest.param(None, 10, _PAUSED, id="no end known and somebody waits: a pause"),
    ],
)
def test_who_leaves_ends_the_visit_and_is_on_pause_or_gone(
    until_min: float | None, after_min: float, away: e.Event
) -> None:
    visit = _until(until_min, called("A001"), e.ServiceStarted(ticket=_A001))

    visit.when(c.Leave(room=ROOM_2), after_s=after_min * 60).then(_COMPLETED, away)


def test_who_leaves_without_an_end_and_with_nobody_waiting_is_gone() -> None:
    given([*a_morning("A001"), called("A001"), e.ServiceStarted(ticket=_A001)]).when(
        c.Leave(room=ROOM_2), after_s=600
    ).then(_COMPLETED, _ENDED)


def test_who_leaves_during_a_pause_is_gone() -> None:
    _until(None, _PAUSED).when(c.Leave(room=ROOM_2)).then(_ENDED)


@pytest.mark.parametrize("command", [c.Leave(room=ROOM_2), c.GoOffDuty(room=ROOM_2)])
def test_a_patient_called_a_moment_ago_keeps_the_place_when_the_doctor_leaves(command: c.Command) -> None:
    just_called = _until(1, called("A001"))

    just_called.when(command, after_s=179.9).then(e.TicketRequeued(ticket=_A001), _ENDED)
    just_called.when(command, after_s=180).then(_COMPLETED, _ENDED)


def test_a_pause_begins_between_two_patients() -> None:
    _until(None).when(c.Pause(room=ROOM_2)).then(_PAUSED)


def test_who_stays_longer_says_so() -> None:
    stays = _until(60).when(c.StayUntil(room=ROOM_2, until_ms=NINE + 2 * _HOUR_MS))

    stays.then(e.DutyUntilSet(room=ROOM_2, until_ms=NINE + 2 * _HOUR_MS)).when(c.Leave(room=ROOM_2), after_s=3600).then(
        _PAUSED
    )


@pytest.mark.parametrize("state", [None, _PAUSED])
def test_who_is_silent_half_an_hour_past_the_end_has_left(state: e.Event | None) -> None:
    silent = _until(60, *([state] if state else [])).state

    assert overdue(silent, NINE + 90 * 60_000 - 1, Policy()) == []
    assert overdue(silent, NINE + 90 * 60_000, Policy()) == [c.EndDuty(room=ROOM_2)]
    assert (
        given([])
        .later(*a_morning(), on_duty(ROOM_2, until_min=60), after_s=0)
        .when(c.EndDuty(room=ROOM_2), after_s=5400)
        .then(e.DutyEnded(room=ROOM_2, reason="silent"))
        .state.on_duty(ROOM_2)
        is None
    )


def test_who_still_sees_patients_past_the_end_has_not_left() -> None:
    working = _until(60).later(called("A001"), after_s=80 * 60)
    assert overdue(working.state, NINE + 200 * 60_000 - 1, Policy()) == [c.Start(room=ROOM_2)]

    done = working.later(_COMPLETED, after_s=100 * 60).state
    assert overdue(done, NINE + 130 * 60_000 - 1, Policy()) == []
    assert overdue(done, NINE + 130 * 60_000, Policy()) == [c.EndDuty(room=ROOM_2)]


def test_a_visit_that_nobody_ends_is_over_two_hours_after_the_call_but_only_past_the_end() -> None:
    in_vain = _until(60).later(called("A001"), after_s=50 * 60).later(e.ServiceStarted(ticket=_A001), after_s=53 * 60)

    assert overdue(in_vain.state, NINE + 170 * 60_000 - 1, Policy()) == []
    assert overdue(in_vain.state, NINE + 170 * 60_000, Policy()) == [c.EndDuty(room=ROOM_2)]
    in_vain.when(c.EndDuty(room=ROOM_2), after_s=170 * 60).then(_COMPLETED, e.DutyEnded(room=ROOM_2, reason="silent"))
    for until_min in (None, 200):
        long_visit = _until(until_min).later(called("A001"), e.ServiceStarted(ticket=_A001), after_s=0)
        assert overdue(long_visit.state, NINE + 229 * 60_000, Policy()) == []


def test_nobody_has_left_a_quiet_room_without_an_end() -> None:
    assert overdue(given(a_morning("A001")).state, NINE + 8 * _HOUR_MS, Policy()) == []


def test_a_patient_who_is_back_waits_an_hour_for_a_doctor_who_does_nothing() -> None:
    """Else somebody sick would wait all evening for a doctor who went home."""
    parked = given([*a_morning("A001"), called("A001")]).when(c.Park(room=ROOM_2), after_s=600).after()
    back = parked.when(c.Requeue(ticket=_A001), after_s=7200).after()

    back.when(c.CallNext(room=ROOM_1), after_s=7201).then_rejected("nobody-waits")
    assert overdue(back.state, NINE + 3 * _HOUR_MS - 1, Policy()) == []
    assert overdue(back.state, NINE + 3 * _HOUR_MS, Policy()) == [c.EndDuty(room=ROOM_2)]
    gone = back.when(c.EndDuty(room=ROOM_2), after_s=10_800).after()
    gone.when(c.CallNext(room=ROOM_1), after_s=10_801).then(called("A001", ROOM_1))


def test_a_doctor_who_sees_others_first_has_not_left_the_patient_who_is_back() -> None:
    parked = given([*a_morning("A001", "A002"), called("A001")]).when(c.Park(room=ROOM_2), after_s=60).after()
    back = parked.when(c.Requeue(ticket=_A001), after_s=120).after()
    others = back.later(called("A002"), e.TicketCompleted(ticket=ticket("A002")), after_s=3600)

    assert overdue(others.state, NINE + 2 * _HOUR_MS - 1, Policy()) == []
    assert overdue(others.state, NINE + 2 * _HOUR_MS, Policy()) == [c.EndDuty(room=ROOM_2)]


def test_nobody_is_on_duty_from_one_day_to_the_next_but_who_came_early_or_is_with_a_patient() -> None:
    night_s, four_ms = 19 * 3600, NINE + 19 * _HOUR_MS
    evening = given([*a_morning(), on_duty(_ROOM_3), e.DutyEnded(room=_ROOM_3, reason="said")])
    night = evening.later(
        replace(issued("A009", disk_seq=9), ordered_at_ms=four_ms - 1), called("A009"), after_s=68_000
    )
    early = night.later(on_duty(RoomId("room-4")), after_s=night_s + 10)

    early.when(c.OpenDay(day="2026-11-23", began_ms=four_ms), after_s=night_s + 20).then(
        e.DutyEnded(room=ROOM_1, reason="day-over"), e.DayOpened(day="2026-11-23", carried=(ticket("A009"),))
    )


def test_a_duty_that_nobody_began_cannot_go_on() -> None:
    with pytest.raises(CorruptHistory, match="nobody is on duty in room-3"):
        evolve(given(a_morning()).state, e.DutyPaused(room=_ROOM_3), NINE)


def test_a_policy_without_hours_has_no_plan() -> None:
    blind = _PLAN.without_hours()

    assert blind == Policy(is_hour_known=False)
    given(a_morning(), blind).when(c.Press(room=_ROOM_3)).then(
        e.DutyBegan(room=_ROOM_3, practitioner=unnamed(_ROOM_3), is_doubtful=True)
    )


def test_who_came_before_the_clock_was_set_is_on_duty_in_the_day_that_it_was() -> None:
    """The clock had stopped with the power last night at nine; it is nine in the morning."""
    night_ms = 12 * _HOUR_MS
    four_ms = NINE + night_ms - 5 * _HOUR_MS
    came = given(a_morning(), _PLAN.without_hours()).when(c.Press(room=_ROOM_3)).after()

    clock_set = came.when(c.SetClock(by_ms=night_ms, was_in_doubt=True)).then(
        e.ClockSet(by_ms=night_ms, tickets=(), rooms=(_ROOM_3,))
    )

    duty = clock_set.state.duties[_ROOM_3]
    assert (duty.since_ms, duty.is_doubtful) == (NINE + night_ms, None)
    opened = clock_set.when(c.OpenDay(day="2026-11-23", began_ms=four_ms), after_s=12 * 3600).after()
    assert [room for room in opened.state.duties if opened.state.on_duty(room)] == [_ROOM_3]


def test_who_came_by_a_clock_that_is_still_not_set_stays_on_duty_in_a_new_day() -> None:
    came = given([e.DayOpened(day="2026-11-22")], Policy().without_hours()).when(c.Press(room=_ROOM_3)).after()

    came.when(c.OpenDay(day="2026-11-23", began_ms=NINE + _HOUR_MS)).then(e.DayOpened(day="2026-11-23"))
