"""Learnt on ordinary days of a small centre, asked on days like them and unlike them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from core.forecast.day import DayHistory
from core.forecast.floor import Floor
from core.forecast.habits import FIRST_DAY, Habits
from core.forecast.learn import learn
from core.forecast.play import forecast
from core.room.ids import TicketId
from tests.core.forecast.centre import Centre, days

ORDINARY = Centre()
SUNDAY = Centre(plan=(("a", 540, 900), ("b", 780, 1320)), crowd=0.45)


@dataclass(frozen=True)
class Score:
    """How forecasts at the ticket went."""

    mean_error_min: float
    error_by_pace_min: float
    """Of people waiting × mean visit / practitioners on duty, asked the same."""
    covered: float


def _score(asked: list[DayHistory], habits: Habits, *, is_learning: bool = True) -> Score:
    rows: list[tuple[float, float, bool]] = []
    for day in asked:
        floor, said = Floor(day), {}
        for fact in day.facts:
            floor.take(fact)
            if fact.what == "came" and fact.kind != "urgent" and not floor.is_idle:
                at = floor.moment(fact.at_min)
                on_duty = max(1, sum(stretch.is_on for stretch in at.stretches))
                wait = forecast(at, habits, 0).tickets[TicketId(fact.ticket)]
                said[fact.ticket] = fact.at_min, wait, len(at.waiting) * ORDINARY.visit_min / on_duty
            elif fact.what == "called" and fact.ticket in said:
                came, wait, by_pace = said.pop(fact.ticket)
                real = fact.at_min - came
                rows.append((abs(real - wait.p50_s / 60), abs(real - by_pace), wait.p10_s <= 60 * real <= wait.p90_s))
        habits = learn([day], habits) if is_learning else habits
    error, by_pace, covered = np.array(rows, dtype=float).mean(0)
    return Score(error, by_pace, covered)


@pytest.fixture(scope="module")
def learnt() -> Habits:
    return learn(days(ORDINARY, 25, seed=1))


@pytest.mark.parametrize(
    ("name", "centre", "coverage"),
    [
        ("ordinary", ORDINARY, 0.06),
        ("sunday", SUNDAY, 0.08),
        ("surge", Centre(crowd=1.3), 0.08),
        ("disrupted", Centre(disrupted=0.2), 0.12),
        ("drift", Centre(visit_min=15.6), 0.12),
    ],
)
def test_better_than_the_pace_rule_and_honest_about_the_spread(name, centre, coverage, learnt):
    score = _score(days(centre, 8, seed=2, first=100), learnt)

    assert score.mean_error_min < 0.8 * score.error_by_pace_min, name
    assert score.covered == pytest.approx(0.8, abs=coverage), name


def test_a_centre_without_a_past_gets_a_useful_forecast_on_its_first_day():
    score = _score(days(ORDINARY, 5, seed=3), FIRST_DAY, is_learning=False)

    assert score.mean_error_min < score.error_by_pace_min


def test_a_change_of_pace_is_followed_within_a_week(learnt):
    slower = Centre(visit_min=1.2 * ORDINARY.visit_min)

    after = learn(days(slower, 7, seed=4, first=200), learnt)

    change = _pace(after) - _pace(learnt)
    assert change == pytest.approx(np.log(1.2), abs=0.05)


def _pace(habits: Habits) -> float:
    return habits.visits["consultation"].log_mean + habits.level.value


def test_what_a_centre_does_is_learnt(learnt):
    visit = learnt.visits["consultation"]

    assert np.exp(_pace(learnt) + visit.spread**2 / 2) == pytest.approx(ORDINARY.visit_min, rel=0.05)
    assert learnt.crossings["urgent"].share.value == pytest.approx(0.03, abs=0.01)
    assert learnt.crowd.value < 0
    assert np.exp(learnt.grace.log_mean) == pytest.approx(2.5, rel=0.02)


def test_days_that_were_learnt_from_are_passed_over(learnt):
    assert learn(days(ORDINARY, 25, seed=1), learnt) == learnt
