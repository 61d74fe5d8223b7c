"""Who is planned, and what a plan that does not come true makes one ask."""

from __future__ import annotations

import pytest

from core.room import events as e
from core.room.ids import PractitionerId
from core.room.passage import Policy
from core.room.roster import Doubt, Roster, Shift, comes_next, doubts, is_past_end, planned, room_of
from core.room.state import SiteState
from tests.core.room.given import NINE, ROOM_1, ROOM_2, given, on_duty

_MIN_MS = 60_000
_VIDAL, _MARCHAND = PractitionerId("doctor-vidal"), PractitionerId("doctor-marchand")
_MORNING = Shift(practitioner=_VIDAL, room=ROOM_2, begins_ms=NINE, ends_ms=NINE + 300 * _MIN_MS)
_AFTERNOON = Shift(practitioner=_MARCHAND, room=ROOM_2, begins_ms=_MORNING.ends_ms, ends_ms=NINE + 600 * _MIN_MS)
_PLAN = Roster(shifts=[_MORNING, _AFTERNOON])
_CAME = on_duty(ROOM_2, until_min=300, who=_VIDAL)
_MISSING = Doubt(kind="missing", room=ROOM_2, practitioner=_VIDAL, since_ms=NINE)
_LONG_PAST = Doubt(kind="past-end", room=ROOM_2, practitioner=_VIDAL, since_ms=_MORNING.ends_ms)


@pytest.mark.parametrize(
    ("minute", "shift"),
    [
        pytest.param(-60.1, None, id="too early"),
        pytest.param(-60, _MORNING, id="an hour early"),
        pytest.param(0, _MORNING, id="at the beginning"),
        pytest.param(149, _MORNING, id="in the middle"),
        pytest.param(290, _AFTERNOON, id="shortly before one takes over"),
        pytest.param(300, _AFTERNOON, id="as one takes over"),
        pytest.param(599.9, _AFTERNOON, id="just before the end"),
        pytest.param(600, None, id="at the end"),
    ],
)
def test_a_room_expects_the_shift_whose_beginning_is_nearest(minute: float, shift: Shift | None) -> None:
    assert planned(_PLAN, ROOM_2, NINE + int(minute * _MIN_MS)) == shift
    assert planned(_PLAN, ROOM_1, NINE + int(minute * _MIN_MS)) is None


def _asked(state: SiteState, minute: float, roster: Roster = _PLAN) -> list[Doubt]:
    return doubts(state, roster, NINE + int(minute * _MIN_MS), Policy())


def test_a_doctor_who_has_not_come_ten_minutes_into_the_shift_is_missing_until_its_end() -> None:
    nobody = SiteState()

    assert _asked(nobody, 9.9) == []
    assert _asked(nobody, 10) == _asked(nobody, 299.9) == [_MISSING]
    assert _MISSING not in _asked(nobody, 300)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param([_CAME], id="on duty"),
        pytest.param([_CAME, e.DutyPaused(room=ROOM_2)], id="on a break"),
        pytest.param([on_duty(ROOM_1, who=_VIDAL)], id="in another room"),
        pytest.param([_CAME, e.DutyEnded(room=ROOM_2, reason="said")], id="has been there and left"),
    ],
)
def test_a_doctor_who_has_come_is_not_missing(history: list[e.Event]) -> None:
    assert _asked(given(history).state, 60) == []


def test_a_doctor_of_another_name_in_the_room_does_not_answer_the_question() -> None:
    assert _asked(given([on_duty(ROOM_2, who=_MARCHAND)]).state, 60) == [_MISSING]


def test_a_doctor_still_there_ten_minutes_past_the_end_is_asked_about_until_they_say() -> None:
    there = given([_CAME])

    assert _asked(there.state, 309.9, Roster()) == []
    assert _asked(there.state, 310, Roster()) == [_LONG_PAST]
    assert is_past_end(there.state, ROOM_2, NINE + 310 * _MIN_MS, Policy())
    assert not is_past_end(there.state, ROOM_1, NINE + 310 * _MIN_MS, Policy())
    stays = there.later(e.DutyUntilSet(room=ROOM_2, until_ms=NINE + 400 * _MIN_MS), after_s=0)
    assert _asked(stays.state, 310, Roster()) == []


def test_the_oldest_question_comes_first() -> None:
    there = given([_CAME, on_duty(ROOM_1, until_min=200, who=PractitionerId("doctor-roux"))]).state

    assert [(doubt.kind, doubt.room) for doubt in _asked(there, 311)] == [
        ("past-end", ROOM_1),
        ("missing", ROOM_2),
        ("past-end", ROOM_2),
    ]


def test_a_centre_sets_when_to_ask() -> None:
    assert doubts(SiteState(), _PLAN, NINE + 2 * _MIN_MS, Policy(late_min=2)) == [_MISSING]


def test_a_practitioner_is_where_they_are_on_duty() -> None:
    here = given([_CAME, e.DutyPaused(room=ROOM_2)])

    assert room_of(here.state, _VIDAL) == ROOM_2
    assert room_of(here.state, _MARCHAND) is None
    gone = here.later(e.DutyEnded(room=ROOM_2, reason="said"), after_s=1)
    assert room_of(gone.state, _VIDAL) is None


@pytest.mark.parametrize(
    ("minute", "shift"),
    [
        pytest.param(-600, _MORNING, id="long before"),
        pytest.param(59.9, _MORNING, id="late"),
        pytest.param(60, _MORNING, id="very late, and nobody else comes before the end"),
        pytest.param(300, _AFTERNOON, id="the shift is over"),
        pytest.param(599, _AFTERNOON, id="the last one, to its end"),
        pytest.param(600, None, id="nobody comes any more"),
    ],
)
def test_while_nobody_is_there_the_first_who_has_not_come_is_expected(minute: float, shift: Shift | None) -> None:
    assert comes_next(SiteState(), _PLAN, NINE + int(minute * _MIN_MS)) == shift


def test_somebody_who_comes_before_the_end_of_a_shift_is_named_rather_than_who_is_very_late() -> None:
    helper = Shift(practitioner=_MARCHAND, room=ROOM_1, begins_ms=NINE + 200 * _MIN_MS, ends_ms=NINE + 400 * _MIN_MS)

    assert comes_next(SiteState(), Roster(shifts=[_MORNING, helper]), NINE + 61 * _MIN_MS) == helper


def test_who_has_come_and_left_is_expected_only_for_the_next_shift() -> None:
    left = given([_CAME, e.DutyEnded(room=ROOM_2, reason="said")]).state
    evening = Shift(practitioner=_VIDAL, room=ROOM_1, begins_ms=NINE + 400 * _MIN_MS, ends_ms=NINE + 500 * _MIN_MS)

    assert comes_next(left, Roster(shifts=[evening, _MORNING]), NINE + _MIN_MS) == evening


def test_a_shift_that_ends_before_its_doctor_is_late_is_over() -> None:
    short = Shift(practitioner=_VIDAL, room=ROOM_1, begins_ms=NINE, ends_ms=NINE + 20 * _MIN_MS)

    assert comes_next(SiteState(), Roster(shifts=[short]), NINE + 20 * _MIN_MS) is None
