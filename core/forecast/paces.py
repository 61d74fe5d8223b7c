"""How long visits take now: the habits of kind and practitioner, corrected by what today has shown, and by the crowd.

Every figure here is a logarithm of minutes, or a part of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from core.forecast.habits import CONSULTATION, Habits, Pace
from core.forecast.moment import Seen

__all__ = ["Paces", "crowding", "expected", "of_practitioner", "pace_of", "paces_of", "surprise", "visits_of_doubt"]

_PSEUDO_PRACTITIONER = 25.0
"""Visits before half of what a practitioner's own say is believed: within one practitioner they vary by a factor of
1.5, from one practitioner to another by one of 1.08; the ratio of the variances."""
_PSEUDO_THEIR_DAY = 400.0
"""The same for one practitioner's day."""
_LEAST_VARIANCE = 0.01**2
_SHORTEST_MIN = 0.25
_SURPRISE = 1.2
"""A single visit says no more than this: one that nobody ended before lunch is no sign of a slow day."""
_MOST_CROWDED = 12.0
"""People waiting per practitioner; beyond, nobody has seen whether visits get shorter still."""


@dataclass(frozen=True, slots=True)
class Paces:
    """How visits go today."""

    habits: Habits
    today: float
    """Of the whole centre."""
    practitioners: dict[str, float]
    """Of those who have seen somebody today."""
    doubt: float
    """Standard deviation of what is not known of the centre's pace."""
    counts: dict[str, int]
    """How many visits of each one are over today."""

    def of(self, practitioner: str) -> float:
        """What to add for a practitioner, today's own pace included."""
        if practitioner in self.practitioners:
            return self.today + self.practitioners[practitioner]
        return self.today + of_practitioner(practitioner, self.habits)

    def doubt_of(self, practitioner: str) -> float:
        """Standard deviation of what is not known of a practitioner's own pace."""
        own = self.habits.practitioners.get(practitioner)
        known = 1 / (_PSEUDO_PRACTITIONER + (0.0 if own is None else own.weight))
        today = 1 / (_PSEUDO_THEIR_DAY + self.counts.get(practitioner, 0))
        return pace_of(CONSULTATION, self.habits).spread * sqrt(known + today)


def pace_of(kind: str, habits: Habits) -> Pace:
    """A kind that nobody has seen yet is taken for a consultation."""
    return habits.visits.get(kind) or habits.visits[CONSULTATION]


def of_practitioner(practitioner: str, habits: Habits) -> float:
    """What to add for a practitioner, drawn towards what is usual here."""
    own = habits.practitioners.get(practitioner)
    return 0.0 if own is None else own.shrunk(_PSEUDO_PRACTITIONER)


def crowding(waiting: float, on_duty: float) -> float:
    """How much of a crowd there is beyond one patient waiting per practitioner."""
    return min(max(waiting / max(on_duty, 1.0) - 1.0, 0.0), _MOST_CROWDED)


def expected(seen: Seen, habits: Habits) -> float:
    """What a visit should have taken by habit, without what is so of late."""
    return (
        pace_of(seen.kind, habits).log_mean
        + of_practitioner(seen.practitioner, habits)
        + habits.crowd.value * seen.crowd
    )


def surprise(seen: Seen, habits: Habits) -> float:
    """How much longer a visit took than it should have."""
    found = log(max(seen.lasted_min, _SHORTEST_MIN)) - expected(seen, habits) - habits.level.value
    return min(max(found, -_SURPRISE), _SURPRISE)


def visits_of_doubt(habits: Habits) -> float:
    """How many visits it takes to believe half of what they say of a day: many where days are alike, few where not."""
    return pace_of(CONSULTATION, habits).spread ** 2 / max(_days_differ(habits), _LEAST_VARIANCE)


def _days_differ(habits: Habits) -> float:
    """How much days differ at the least: the variance found, less what its own chance error may be."""
    found, by_chance = habits.days_differ, pace_of(CONSULTATION, habits).spread ** 2 / habits.people_a_day()
    return found.value - (found.value + by_chance) * sqrt(2 / found.weight)


def _visits_of_doubt_today(habits: Habits) -> float:
    """The same where the habits themselves rest on few visits."""
    return 1 / (1 / visits_of_doubt(habits) + 1 / habits.level.weight)


def paces_of(seen: Sequence[Seen], habits: Habits) -> Paces:
    """The paces of a day of which these visits are over."""
    found = [(one.practitioner, surprise(one, habits)) for one in seen]
    believed = len(found) + _visits_of_doubt_today(habits)
    today = sum(by for _, by in found) / believed
    totals: dict[str, tuple[int, float]] = {}
    for practitioner, by in found:
        count, total = totals.get(practitioner, (0, 0.0))
        totals[practitioner] = count + 1, total + by - today
    return Paces(
        habits,
        habits.level.value + today,
        {
            practitioner: of_practitioner(practitioner, habits) + total / (count + _PSEUDO_THEIR_DAY)
            for practitioner, (count, total) in totals.items()
        },
        pace_of(CONSULTATION, habits).spread / sqrt(believed),
        {practitioner: count for practitioner, (count, _) in totals.items()},
    )
