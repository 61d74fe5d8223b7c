"""The last ticket of an evening."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from core.room import commands as c
from core.room import events as e
from core.room.decide import overdue
from core.room.ids import PractitionerId, RoomId, ServiceId
from core.room.intake import is_full, mean_visit_ms
from core.room.opening import Opening
from core.room.outlook import Wait
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from tests.core.room.given import NINE, ROOM_1, ROOM_2, Given, a_morning, called, given, issued, on_duty, ticket

_MIN_MS = 60_000
_CLOSES_MIN = 13 * 60
_CLOSES_MS = NINE + _CLOSES_MIN * _MIN_MS
"""22:00."""
_OPEN = Policy(opening=Opening(zone=ZoneInfo("Europe/Paris")))
_CARE = ServiceId("care")


def _waiting(how_many: int) -> list[e.Event]:
    return [issued(f"A{place:03d}", disk_seq=place) for place in range(1, how_many + 1)]


def _one_doctor(waiting: int, *more: e.Event, policy: Policy = _OPEN) -> Given:
    return given([e.DayOpened(day="2026-11-22"), on_duty(ROOM_2), *_waiting(waiting), *more], policy)


def _full_at(here: Given, minute: float) -> bool:
    return is_full(here.state, NINE + int(minute * _MIN_MS), _CLOSES_MS, here.policy)


def test_an_evening_is_full_when_those_who_wait_fill_the_time_that_is_left() -> None:
    """Four visits of 17.5 minutes are 70 minutes: full at 20:50."""
    four = _one_doctor(4)

    assert not _full_at(four, _CLOSES_MIN - 70.1)
    assert _full_at(four, _CLOSES_MIN - 70)


def _told(**p75_min: int) -> e.WaitsTold:
    """What somebody is told who comes now, by service."""
    return e.WaitsTold(
        newcomers={
            ServiceId(service): Wait(p10_s=0, p25_s=0, p50_s=0, p75_s=60 * minutes, p90_s=60 * minutes)
            for service, minutes in p75_min.items()
        }
    )


def test_with_a_forecast_it_is_full_when_the_next_one_would_not_be_called_in_three_cases_of_four() -> None:
    told = _one_doctor(1, _told(consultation=60))

    assert not _full_at(told, _CLOSES_MIN - 60.1)
    assert _full_at(told, _CLOSES_MIN - 60)


def test_a_forecast_fills_an_evening_only_when_no_service_is_left() -> None:
    told = _one_doctor(1, _told(consultation=60, dressing=30))

    assert not _full_at(told, _CLOSES_MIN - 30.1)
    assert _full_at(told, _CLOSES_MIN - 30)


def test_by_a_forecast_too_there_is_room_again_for_two_visits_of_all_rooms_together() -> None:
    one = _one_doctor(1, _told(consultation=60), e.IntakeStopped())
    both = _one_doctor(1, on_duty(ROOM_1), _told(consultation=60), e.IntakeStopped())

    assert _full_at(one, _CLOSES_MIN - 60 - 34)
    assert not _full_at(one, _CLOSES_MIN - 60 - 35)
    assert not _full_at(both, _CLOSES_MIN - 60 - 17.5)


def test_two_doctors_take_twice_as_many() -> None:
    both = _one_doctor(4, on_duty(ROOM_1))

    assert not _full_at(both, _CLOSES_MIN - 35.1)
    assert _full_at(both, _CLOSES_MIN - 35)


def test_a_doctor_counts_until_they_mean_to_leave_and_not_beyond_closing() -> None:
    leaves = _one_doctor(4, e.DutyUntilSet(room=ROOM_2, until_ms=_CLOSES_MS - 60 * _MIN_MS))
    stays = _one_doctor(4, e.DutyUntilSet(room=ROOM_2, until_ms=_CLOSES_MS + 60 * _MIN_MS))

    assert _full_at(leaves, _CLOSES_MIN - 130)
    assert not _full_at(leaves, _CLOSES_MIN - 130.1)
    assert _full_at(stays, _CLOSES_MIN - 70)


def test_who_is_inside_needs_the_rest_of_a_visit_and_no_more_once_it_is_long() -> None:
    """Three wait and need 52.5 minutes; the fourth was called 71 minutes before closing."""
    inside = _one_doctor(4).later(called("A001"), after_s=(_CLOSES_MIN - 71) * 60)

    assert not _full_at(inside, _CLOSES_MIN - 60)
    assert not _full_at(inside, _CLOSES_MIN - 52.6)
    assert _full_at(inside, _CLOSES_MIN - 52.5)


def test_a_slow_day_is_full_earlier() -> None:
    """Five visits of 30 minutes and five of 17.5 in mind: 23.75 minutes each."""
    slow = given([e.DayOpened(day="2026-11-22"), on_duty(ROOM_2), *_waiting(9)], _OPEN)
    for place in range(1, 6):
        number = f"A{place:03d}"
        slow = slow.later(called(number), after_s=place * 3600)
        slow = slow.later(e.TicketCompleted(ticket=ticket(number)), after_s=place * 3600 + 1800)

    assert mean_visit_ms(slow.state, _OPEN) == 23.75 * _MIN_MS
    assert _full_at(slow, _CLOSES_MIN - 95)
    assert not _full_at(slow, _CLOSES_MIN - 95.1)


def test_a_visit_that_nobody_ended_is_no_sign_of_a_slow_day() -> None:
    forgotten = _one_doctor(1).later(called("A001"), after_s=0)
    forgotten = forgotten.later(e.TicketCompleted(ticket=ticket("A001")), after_s=5 * 3600)

    assert mean_visit_ms(forgotten.state, _OPEN) == (60 + 5 * 17.5) / 6 * _MIN_MS


def test_stitches_are_no_sign_of_how_long_a_visit_takes() -> None:
    policy = replace(_OPEN, care=frozenset({_CARE}))
    stitched = _one_doctor(0, replace(issued("A001"), service=_CARE), policy=policy).later(called("A001"), after_s=0)
    stitched = stitched.later(e.TicketCompleted(ticket=ticket("A001")), after_s=3000)

    assert mean_visit_ms(stitched.state, policy) == 17.5 * _MIN_MS


def _shift(begins_min: float, ends_min: float, room: RoomId = ROOM_1, who: str = "doctor-vidal") -> Shift:
    begins_ms, ends_ms = (NINE + int(minute * _MIN_MS) for minute in (begins_min, ends_min))
    return Shift(practitioner=PractitionerId(who), room=room, begins_ms=begins_ms, ends_ms=ends_ms)


@pytest.mark.parametrize(
    ("shift", "adds_min"),
    [
        pytest.param(_shift(_CLOSES_MIN - 40, _CLOSES_MIN), 40, id="a doctor still to come"),
        pytest.param(_shift(_CLOSES_MIN - 40, _CLOSES_MIN + 60), 40, id="until closing at most"),
        pytest.param(_shift(_CLOSES_MIN - 105, _CLOSES_MIN), 100, id="one who is late"),
        pytest.param(_shift(_CLOSES_MIN - 110, _CLOSES_MIN), 0, id="one who is missing"),
        pytest.param(_shift(_CLOSES_MIN - 40, _CLOSES_MIN, ROOM_2, "doctor-roux"), 0, id="a room that is counted"),
        pytest.param(_shift(_CLOSES_MIN - 40, _CLOSES_MIN, ROOM_1, "doctor-of-room-2"), 0, id="one who is counted"),
        pytest.param(_shift(_CLOSES_MIN, _CLOSES_MIN + 60), 0, id="one who comes after closing"),
    ],
)
def test_the_plan_adds_the_time_of_those_still_to_come(shift: Shift, adds_min: float) -> None:
    """One doctor is there for the last 100 minutes."""
    planned = replace(_OPEN, roster=Roster(shifts=[shift]), visit_min=10)
    left_min = 100 + adds_min

    assert _full_at(_one_doctor(int(left_min / 10), policy=planned), _CLOSES_MIN - 100)
    assert not _full_at(_one_doctor(int(left_min / 10) - 1, policy=planned), _CLOSES_MIN - 100)


def test_a_doctor_who_comes_back_for_a_second_shift_adds_its_time() -> None:
    split = replace(_OPEN, roster=Roster(shifts=[_shift(_CLOSES_MIN - 40, _CLOSES_MIN, ROOM_2, "doctor-of-room-2")]))
    leaves = e.DutyUntilSet(room=ROOM_2, until_ms=_CLOSES_MS - 80 * _MIN_MS)

    assert not _full_at(_one_doctor(3, leaves, policy=split), _CLOSES_MIN - 100)
    assert _full_at(_one_doctor(4, leaves, policy=split), _CLOSES_MIN - 100)


def test_nothing_is_full_where_nobody_is_and_nobody_is_planned() -> None:
    nobody = given([e.DayOpened(day="2026-11-22"), *_waiting(9)], _OPEN)

    assert not _full_at(nobody, _CLOSES_MIN - 1)


def test_the_care_room_takes_no_visits_and_who_is_in_care_comes_back_for_one() -> None:
    care_room = RoomId("care-room")
    policy = replace(_OPEN, care=frozenset({_CARE}), rooms={care_room: frozenset({_CARE})})
    in_care = [
        called("A001"),
        e.TicketTransferred(ticket=ticket("A001"), service=_CARE, back_to=issued("A001").service),
        on_duty(care_room),
    ]
    waits = _one_doctor(4, *in_care, policy=policy)
    inside = waits.later(called("A001", care_room), after_s=60)
    for here in (waits, inside):
        assert not _full_at(here, _CLOSES_MIN - 70.1)
        assert _full_at(here, _CLOSES_MIN - 70)
    only_care = given([e.DayOpened(day="2026-11-22"), *_waiting(1), *in_care[:2]], policy)
    assert not _full_at(given([on_duty(care_room)], policy), _CLOSES_MIN - 1)
    assert not _full_at(only_care, _CLOSES_MIN - 1)


def _asked(here: Given, minute: float) -> list[c.Command]:
    return overdue(here.state, NINE + int(minute * _MIN_MS), here.policy)


def test_time_stops_the_intake_and_room_for_two_more_visits_opens_it_again() -> None:
    four = _one_doctor(4)
    assert _asked(four, _CLOSES_MIN - 70.1) == []
    assert _asked(four, _CLOSES_MIN - 70) == [c.StopIntake()]

    stopped = four.when(c.StopIntake()).then(e.IntakeStopped())
    assert stopped.state.intake.is_stopped
    stopped.when(c.StopIntake()).then()
    one_left = stopped.when(c.Cancel(ticket=ticket("A001"), reason="left")).after()
    assert _asked(one_left, _CLOSES_MIN - 70) == [], "room for one visit only"
    two_left = one_left.when(c.Cancel(ticket=ticket("A002"), reason="left")).after()
    assert _asked(two_left, _CLOSES_MIN - 70) == [c.ResumeIntake()]
    opened = two_left.when(c.ResumeIntake()).then(e.IntakeReopened())
    opened.when(c.ResumeIntake()).then()
    assert _asked(opened, _CLOSES_MIN - 70) == []


def test_a_doctor_who_takes_more_keeps_the_intake_open_for_the_rest_of_the_day() -> None:
    stopped = _one_doctor(4).when(c.StopIntake()).after()

    kept_open = stopped.when(c.ReopenIntake(room=ROOM_2)).then(e.IntakeReopened(room=ROOM_2))

    assert _asked(kept_open, _CLOSES_MIN - 1) == []
    tomorrow = kept_open.later(e.DayOpened(day="2026-11-23"), after_s=19 * 3600)
    assert not tomorrow.state.intake.is_kept_open


def test_outside_opening_hours_the_crowd_changes_nothing() -> None:
    four = _one_doctor(4)
    stopped = four.when(c.StopIntake()).after()

    for here in (four, stopped):
        assert _asked(here, _CLOSES_MIN) == _asked(here, -1) == []


def test_where_no_hours_are_known_nothing_is_full_any_more() -> None:
    stopped = _one_doctor(4).when(c.StopIntake()).after()

    assert overdue(stopped.state, _CLOSES_MS - 1, _OPEN.without_hours()) == [c.ResumeIntake()]
    assert overdue(_one_doctor(4).state, _CLOSES_MS - 1, Policy()) == []


@settings(max_examples=100, deadline=None)
@for_all(
    waiting=st.integers(0, 30),
    doctors=st.integers(1, 3),
    minute=st.integers(0, _CLOSES_MIN),
    is_stopped=st.booleans(),
)
def test_one_more_who_waits_never_makes_room_and_one_more_doctor_never_takes_it(
    waiting: int, doctors: int, minute: int, is_stopped: bool
) -> None:
    def evening(people: int, rooms: int) -> bool:
        there: list[e.Event] = [on_duty(RoomId(f"room-{place}")) for place in range(rooms)]
        stopped: list[e.Event] = [e.IntakeStopped()] if is_stopped else []
        return _full_at(given([*a_morning()[:1], *there, *_waiting(people), *stopped], _OPEN), minute)

    is_now = evening(waiting, doctors)

    assert not is_now or evening(waiting + 1, doctors)
    assert is_now or not evening(waiting, doctors + 1)
