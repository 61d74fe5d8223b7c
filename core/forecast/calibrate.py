"""Keeping the spread honest: a day that is over is forecast again, and the spread moved to where it was right.

Each wait beyond p90 draws the upper side out by a little, each one within draws it in by a ninth of that; so it rests
where one in ten is beyond, whatever the plays leave out (adaptive conformal inference, Gibbs & Candès 2021,
arXiv:2106.00170). It forgets by itself.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import replace
from math import exp

from core.forecast.day import DayHistory
from core.forecast.floor import Floor
from core.forecast.habits import HORIZONS_MIN, RETURN, URGENT, Calibration, Habits
from core.forecast.play import forecast
from core.room.ids import TicketId
from core.room.outlook import Wait

__all__ = ["calibrated"]

_EVERY = 2
"""Of those who come, one in so many is asked about: neighbours wait for the same things."""
_STEP = 0.014
"""How far one wait moves a factor, as a logarithm: after some two hundred and fifty the old is forgotten."""
_OUTSIDE = 0.1
"""Share of waits beyond p90, and below p10."""
_LEAST, _MOST = 0.4, 2.5
_SEED = 0


def calibrated(day: DayHistory, habits: Habits) -> Calibration:
    """The calibration after a day: asked as people come, when patients are told."""
    floor, asked, calibration = Floor(day), dict[str, tuple[float, Wait]](), habits.calibration
    came = 0
    for fact in day.facts:
        floor.take(fact)
        came += fact.what == "came"
        if fact.what == "came" and came % _EVERY == 0 and fact.kind not in (URGENT, RETURN) and not floor.is_idle:
            outlook = forecast(floor.moment(fact.at_min), replace(habits, calibration=calibration), _SEED)
            wait = outlook.tickets.get(TicketId(fact.ticket))
            if wait is not None:
                asked[fact.ticket] = fact.at_min, wait
        elif fact.what == "called" and fact.ticket in asked:
            came_min, wait = asked.pop(fact.ticket)
            calibration = _moved(calibration, wait, 60 * (fact.at_min - came_min))
    return calibration


def _moved(calibration: Calibration, wait: Wait, waited_s: float) -> Calibration:
    horizon = bisect(HORIZONS_MIN, wait.p50_s / 60)
    return Calibration(
        below=_step(calibration.below, horizon, is_outside=waited_s < wait.p10_s),
        above=_step(calibration.above, horizon, is_outside=waited_s > wait.p90_s),
    )


def _step(factors: tuple[float, ...], horizon: int, *, is_outside: bool) -> tuple[float, ...]:
    moved = factors[horizon] * exp(_STEP * (is_outside - _OUTSIDE))
    return (*factors[:horizon], min(max(moved, _LEAST), _MOST), *factors[horizon + 1 :])
