"""Learnt on ordinary days of a small centre, asked on days like them and unlike them."""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest

from core.forecast.habits import FIRST_DAY, Habits
from core.forecast.learn import learn
from core.forecast.play import forecast
from tests.core.forecast.asking import Asked, asked_of
from tests.core.forecast.centre import Centre, days
from tests.core.forecast.given import SERVICE, doctor, moment, waiting

ORDINARY = Centre()
SUNDAY = Centre(plan=(("a", 540, 900), ("b", 780, 1320)), crowd=0.45)


class Score:
    """How forecasts at the ticket went."""

    def __init__(self, asked: list[Asked]) -> None:
        self.mean_error_min = fmean(abs(one.error_min) for one in asked)
        self.error_by_pace_min = fmean(abs(_by_pace(one) - one.real_min) for one in asked)
        """Of people waiting × mean visit / practitioners on duty, asked the same."""
        self.covered = fmean(one.is_covered for one in asked)


def _by_pace(one: Asked) -> float:
    return one.waiting * ORDINARY.visit_min / max(1, one.on_duty)


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
    score = Score(list(asked_of(days(centre, 8, seed=2, first=100), learnt)))

    assert score.mean_error_min < 0.8 * score.error_by_pace_min, name
    assert score.covered == pytest.approx(0.8, abs=coverage), name


@pytest.mark.parametrize(("visit_min", "crowd"), [(10, 1.0), (13, 1.0), (16, 0.85), (19, 0.75)])
def test_a_centre_without_a_past_gets_a_useful_and_honest_forecast_on_its_first_day(visit_min, crowd):
    centre = Centre(visit_min=visit_min, crowd=crowd)
    score = Score(list(asked_of(days(centre, 5, seed=3), FIRST_DAY, is_learning=False)))

    assert score.mean_error_min < 0.8 * score.error_by_pace_min
    assert score.covered == pytest.approx(0.82, abs=0.1)


def test_what_is_not_known_on_the_first_day_is_known_within_days():
    at = moment(tuple(doctor(name, since_min=5.0) for name in "abc"), waiting(20))

    first, later = (
        forecast(at, habits, 0).newcomers[SERVICE] for habits in (FIRST_DAY, learn(days(ORDINARY, 5, seed=1)))
    )

    assert (later.p90_s - later.p10_s) / later.p50_s < 0.6 * (first.p90_s - first.p10_s) / first.p50_s


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
