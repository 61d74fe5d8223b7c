"""Habits from days. Each day adds its evidence to weighted means, and what was there before fades.

The pace of the centre as a whole follows within days where it changes; everything else fades within months. A day is
first forecast with the habits of the day before, which is how the calibration stays honest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import log, sqrt

from core.forecast.calibrate import calibrated
from core.forecast.day import DayHistory
from core.forecast.evidence import Evidence, evidence_of
from core.forecast.habits import CONSULTATION, FIRST_DAY, OFFSETS_MIN, VERSION, Crossing, Habits, Mean, Pace
from core.forecast.moment import Seen
from core.forecast.paces import of_practitioner, surprise, visits_of_doubt

__all__ = ["learn"]

_FADES = 0.5 ** (1 / 60)
"""What a day's evidence is worth the day after: half after two months …"""
_DIFFERENCE_FADES = 0.5 ** (1 / 10)
"""… of how much days differ half after ten, so that the first days, of which nothing is known, are forgotten, and …"""
_CROWD_FADES = 0.5 ** (1 / 180)
"""… of what a crowd does to it half after six months, for few hours of a day are crowded."""
_LEAST_REMEMBERED = 250.0
"""Visits that the level rests on at the least: some two days of them …"""
_MOST_REMEMBERED = 4000.0
"""… and at the most: some five weeks."""
_SETTLES = 0.1
"""Share of the level that becomes part of every pace each day."""
_LEAST = 1.0
"""A habit that nothing has shown for long is still worth an observation."""
_SHORTEST_MIN = 0.25
_CALIBRATED_DAYS = 14
"""The newest days of many: by older ones the calibration has nearly forgotten."""


def learn(days: Iterable[DayHistory], before: Habits | None = None) -> Habits:
    """The habits after these days, oldest first; days that were learnt from already are passed over.

    Args:
        before: what was known before them; habits of another version are not.
    """
    habits = FIRST_DAY if before is None or before.version != VERSION else before
    upto = habits.upto
    new = [day for day in days if upto is None or day.day > upto]
    for number, day in enumerate(new, 1):
        if number > len(new) - _CALIBRATED_DAYS:
            habits = replace(habits, calibration=calibrated(day, habits))
        habits = replace(_after(evidence_of(day), day.weekday, habits), upto=day.day)
    return habits


def _after(found: Evidence, weekday: int, habits: Habits) -> Habits:
    habits = _paced(found.seen, habits)
    visits, came = len(found.seen), found.came
    return replace(
        habits,
        arrivals=tuple(
            _shown(slot, [count / habits.weekdays[weekday].value])
            for slot, count in zip(habits.arrivals, found.arrivals, strict=True)
        ),
        weekdays=_weekday(habits, weekday, came),
        crossings=_crossings(found, habits),
        absent=tuple(
            _shown(share, [float(is_absent) for waited, is_absent in found.absences if waited == number])
            for number, share in enumerate(habits.absent)
        ),
        left=tuple(_added(rate, found.left[number], found.waited_h[number]) for number, rate in enumerate(habits.left)),
        grace=_lasted(habits.grace, found.graces),
        back=_added(habits.back, *_backs(found)),
        back_after=_lasted(habits.back_after, [minutes for _, minutes in found.backs]),
        exams=_added(habits.exams, found.sent, visits),
        exam=_lasted(habits.exam, found.exams),
        pauses=_added(habits.pauses, len(found.pauses), visits),
        pause=_lasted(habits.pause, found.pauses),
        coming=_classed(habits.coming, found.coming),
        leaving=_classed(habits.leaving, found.leaving),
        missing=_added(habits.missing, found.missing, found.missing + len(found.coming)),
    )


def _paced(seen: Sequence[Seen], habits: Habits) -> Habits:
    """One after the other, each against what the others leave unexplained."""
    if not seen:
        return habits
    habits = replace(habits, days_differ=_differing(seen, habits))
    habits = replace(habits, level=_followed(seen, habits))
    visits = dict(habits.visits)
    for kind in {one.kind for one in seen}:
        pace, theirs = visits.get(kind) or _new(habits), [one for one in seen if one.kind == kind]
        visits[kind] = _spread(pace, _left_over(theirs, habits, pace.log_mean))
    habits = _settled(replace(habits, visits=visits))
    practitioners = dict(habits.practitioners)
    for who in {one.practitioner for one in seen}:
        own, theirs = (
            practitioners.get(who, Mean(value=0.0, weight=0.0)),
            [one for one in seen if one.practitioner == who],
        )
        practitioners[who] = _shown(own, _left_over(theirs, habits, of_practitioner(who, habits)))
    habits = replace(habits, practitioners=practitioners)
    return replace(habits, crowd=_slope(habits.crowd, seen, _left_over(seen, habits, 0.0)))


def _differing(seen: Sequence[Seen], habits: Habits) -> Mean:
    """How much days differ, after one more: less sure, and so of less weight, while the level itself is not known."""
    spread = habits.visits[CONSULTATION].spread
    chance, unknown = spread**2 / len(seen), spread**2 / habits.level.weight
    usual = max(habits.days_differ.value, 0.0) + chance
    sure = (usual / (usual + unknown)) ** 2
    observed = _unlike(_left_over(seen, habits, 0.0)) - unknown
    return _added(habits.days_differ, sure * observed, sure, _DIFFERENCE_FADES)


def _unlike(logs: Sequence[float]) -> float:
    """How far a day's mean lies from the habits, squared, less what chance alone brings."""
    mean = sum(logs) / len(logs)
    return mean**2 - sum((one - mean) ** 2 for one in logs) / len(logs) ** 2


def _new(habits: Habits) -> Pace:
    """Of a kind that nobody has seen yet."""
    return replace(habits.visits[CONSULTATION], weight=FIRST_DAY.visits[CONSULTATION].weight)


def _followed(seen: Sequence[Seen], habits: Habits) -> Mean:
    """The level after a day. It remembers as many visits as tell a day from chance: the more days differ, the fewer.

    So it is steady at a steady centre, and follows a change within days (as a Kalman filter of a local level does).
    """
    memory = min(max(visits_of_doubt(habits), _LEAST_REMEMBERED), _MOST_REMEMBERED)
    remembered = replace(habits.level, weight=min(habits.level.weight, memory))
    return _shown(remembered, _left_over(seen, habits, habits.level.value), 1.0)


def _settled(habits: Habits) -> Habits:
    """What has been so of late for long is so: a part of the level goes over into every pace, which changes no sum."""
    part = _SETTLES * habits.level.value
    return replace(
        habits,
        level=replace(habits.level, value=habits.level.value - part),
        visits={kind: replace(pace, log_mean=pace.log_mean + part) for kind, pace in habits.visits.items()},
    )


def _left_over(seen: Iterable[Seen], habits: Habits, add: float) -> list[float]:
    """What the habits do not explain of visits, and `add`."""
    return [surprise(one, habits) + add for one in seen]


def _added(mean: Mean, total: float, count: float, fades: float = _FADES) -> Mean:
    """The mean with `count` more observations that add up to `total`."""
    weight = mean.weight * fades
    if weight + count <= _LEAST:
        return replace(mean, weight=_LEAST)
    return Mean(value=(mean.value * weight + total) / (weight + count), weight=weight + count)


def _shown(mean: Mean, observed: Sequence[float], fades: float = _FADES) -> Mean:
    return _added(mean, sum(observed), len(observed), fades)


def _spread(pace: Pace, logs: Sequence[float]) -> Pace:
    """A pace with more observations, as logarithms."""
    mean = _shown(Mean(value=pace.log_mean, weight=pace.weight), logs)
    variance = Mean(value=pace.spread**2, weight=pace.weight)
    around = _shown(variance, [(one - mean.value) ** 2 for one in logs])
    return Pace(log_mean=mean.value, spread=sqrt(around.value), weight=mean.weight)


def _lasted(pace: Pace, minutes: Iterable[float]) -> Pace:
    return _spread(pace, [log(max(one, _SHORTEST_MIN)) for one in minutes])


def _classed(weights: Sequence[float], minutes: Iterable[float]) -> tuple[float, ...]:
    faded = [weight * _FADES for weight in weights]
    for one in minutes:
        faded[bisect_right(OFFSETS_MIN, one)] += 1
    return tuple(faded)


def _slope(crowd: Mean, seen: Sequence[Seen], logs: Sequence[float]) -> Mean:
    """Regression of what is left over on the crowd, within the day; the weight is the sum of squares of the crowd."""
    middle = sum(one.crowd for one in seen) / len(seen)
    mean = sum(logs) / len(logs)
    squares = sum((one.crowd - middle) ** 2 for one in seen)
    products = sum((one.crowd - middle) * (by - mean) for one, by in zip(seen, logs, strict=True))
    return _added(crowd, products + crowd.value * squares, squares, _CROWD_FADES)


def _backs(found: Evidence) -> tuple[int, int]:
    """How many came back of those who were absent after a short wait, and of how many."""
    absent = sum(is_absent for waited, is_absent in found.absences if waited == 0)
    return min(absent, sum(waited == 0 for waited, _ in found.backs)), absent


def _weekday(habits: Habits, weekday: int, came: int) -> tuple[Mean, ...]:
    """The weekday's share moves by this day; the others stay."""
    usual = sum(slot.value for slot in habits.arrivals)
    weekdays = list(habits.weekdays)
    if usual > 0:
        weekdays[weekday] = _shown(weekdays[weekday], [came / usual])
    return tuple(weekdays)


def _crossings(found: Evidence, habits: Habits) -> dict[str, Crossing]:
    crossings = dict(habits.crossings)
    for kind, head_starts in found.head_starts.items():
        before = crossings.get(kind)
        crossings[kind] = Crossing(
            head_start_min=sum(head_starts) / len(head_starts),
            share=Mean(value=0.0, weight=_LEAST) if before is None else before.share,
        )
    return {
        kind: replace(crossing, share=_added(crossing.share, len(found.head_starts.get(kind, ())), found.came))
        for kind, crossing in crossings.items()
    }
