"""What a centre's past days have taught: plain figures, each with the weight of what it rests on.

Almost every habit is a weighted mean. A day adds its evidence, and what was there before fades, so a change of habits
is followed within days. `FIRST_DAY` is what a centre starts with that has no past.

Rule: minutes, shares between 0 and 1, and natural logarithms of minutes; no names but those that the plan has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "CARE",
    "CONSULTATION",
    "FIRST_DAY",
    "GONE_AFTER_MIN",
    "HORIZONS_MIN",
    "OFFSETS_MIN",
    "RETURN",
    "SLOT_MIN",
    "URGENT",
    "VERSION",
    "Calibration",
    "Crossing",
    "Habits",
    "Mean",
    "Pace",
]

VERSION = 1
"""Of the form of `Habits`: habits of another version are learnt anew."""

CONSULTATION, CARE, RETURN, URGENT = "consultation", "care", "return", "urgent"
"""Kinds of visit that have a pace from the first day; any other kind starts with that of a consultation."""

SLOT_MIN = 30
"""Arrivals are counted in slots of this length."""
GONE_AFTER_MIN = (0, 30, 60, 90, 120, 150)
"""Absences are counted by the time waited: from one of these to the next, the last without end."""
OFFSETS_MIN = (-30, -15, -10, -5, -2, 2, 5, 10, 15, 20, 30, 45, 60, 90)
"""Where the classes part, minutes against the plan, by which coming late and leaving late are counted."""
HORIZONS_MIN = (10, 20, 40)
"""Where short waits part from longer ones in the calibration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A weighted mean."""

    value: float
    weight: float
    """How many observations it rests on, those of long ago counted for less."""

    def shrunk(self, pseudo: float) -> float:
        """The mean drawn towards nothing, as if `pseudo` observations of zero had been seen as well."""
        return self.value * self.weight / (self.weight + pseudo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long something takes: the logarithm of its minutes is near a normal distribution."""

    log_mean: float
    spread: float
    """Standard deviation of the logarithm."""
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A kind of patient who goes before others that came earlier."""

    head_start_min: float
    share: Mean
    """Of all who come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the spread of the plays is multiplied by, so that eight waits in ten fall between p10 and p90.

    One factor for each horizon: waits below `HORIZONS_MIN[0]`, up to the next, …, above the last.
    """

    below: tuple[float, ...] = (1.0,) * (len(HORIZONS_MIN) + 1)
    """From the median down."""
    above: tuple[float, ...] = (1.0,) * (len(HORIZONS_MIN) + 1)
    """From the median up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """A centre's habits."""

    version: int = VERSION
    upto: str | None = None
    """ISO date of the newest day they were learnt from; None before the first."""
    level: Mean
    """How much longer visits take of late than the paces below say, as a logarithm: it forgets within days."""
    days_differ: Mean
    """Variance of a whole day's pace about the habits: how soon a day is believed to be unlike others."""
    visits: Mapping[str, Pace]
    """From the call to the end, by kind."""
    practitioners: Mapping[str, Mean] = field(default_factory=dict)
    """How much longer each one takes than the others, as a logarithm."""
    crowd: Mean
    """What each further patient waiting per practitioner, beyond the first, adds to the logarithm of a visit."""
    arrivals: tuple[Mean, ...]
    """People who come in each slot of the day."""
    weekdays: tuple[Mean, ...]
    """A day's arrivals against the mean day's, Monday first."""
    crossings: Mapping[str, Crossing]
    """Who goes before others, by kind."""
    absent: tuple[Mean, ...]
    """Share of those called who are not there, by the time waited (`GONE_AFTER_MIN`)."""
    left: tuple[Mean, ...]
    """How many an hour say that they leave, of those who wait, by the time waited; weight in hours."""
    grace: Pace
    """From a call in vain until the room calls the next one."""
    back: Mean
    """Share of those absent after short waits who come back; after long ones they have left."""
    back_after: Pace
    exams: Mean
    """Share of visits after which the patient goes for an exam and comes back."""
    exam: Pace
    pauses: Mean
    """Share of visits that a pause or an interruption follows."""
    pause: Pace
    coming: tuple[float, ...]
    """Weight of each class of `OFFSETS_MIN`: when practitioners come, against the plan."""
    leaving: tuple[float, ...]
    """The same: until when they call patients."""
    missing: Mean
    """Share of planned shifts to which nobody came."""
    calibration: Calibration = field(default_factory=Calibration)

    def people_a_day(self) -> float:
        """How many come on a usual day; 1 at the least."""
        return max(1.0, sum(slot.value for slot in self.arrivals))


def _day_of(*per_hour: float) -> tuple[Mean, ...]:
    slots = [0.0] * (9 * 2) + [rate / 2 for rate in per_hour for _ in range(2)] + [0.0] * (2 * 2)
    return tuple(Mean(value=rate, weight=1.0) for rate in slots)


FIRST_DAY = Habits(
    # One centre's pace differs from another's by a fifth or more: what three visits tell.
    level=Mean(value=0.0, weight=3.0),
    days_differ=Mean(value=0.05**2, weight=10.0),
    visits={
        # Field notes: a consultation takes 15 to 20 minutes; 16 here. The spread is that of 44 000 visits (DREES 2002).
        CONSULTATION: Pace(log_mean=2.69, spread=0.4, weight=10.0),
        CARE: Pace(log_mean=3.2, spread=0.5, weight=5.0),
        RETURN: Pace(log_mean=1.9, spread=0.45, weight=5.0),
        URGENT: Pace(log_mean=3.1, spread=0.5, weight=5.0),
    },
    # Half of what was found on the development traces; that visits get shorter: Kc & Terwiesch 2009.
    crowd=Mean(value=-0.01, weight=300.0),
    # Field notes: 80 to 150 patients a day, most between 16:30 and 18:30, from 9:00 to 22:00.
    arrivals=_day_of(12, 9, 8, 7, 7, 8, 9, 12, 13, 11, 8, 5, 3),
    weekdays=(Mean(value=1.0, weight=2.0),) * 7,
    crossings={
        URGENT: Crossing(head_start_min=600.0, share=Mean(value=0.03, weight=100.0)),
        "courtesy": Crossing(head_start_min=20.0, share=Mean(value=0.05, weight=100.0)),
    },
    # A lab's figures: 3 in 100 absent below an hour, 28 beyond two and a half.
    absent=tuple(Mean(value=share, weight=20.0) for share in (0.03, 0.03, 0.06, 0.1, 0.15, 0.25)),
    left=tuple(Mean(value=rate, weight=20.0) for rate in (0.0, 0.01, 0.03, 0.05, 0.1, 0.15)),
    grace=Pace(log_mean=1.0, spread=0.3, weight=5.0),
    back=Mean(value=0.6, weight=10.0),
    back_after=Pace(log_mean=1.8, spread=1.0, weight=5.0),
    exams=Mean(value=0.04, weight=100.0),
    exam=Pace(log_mean=4.1, spread=0.4, weight=5.0),
    pauses=Mean(value=0.05, weight=100.0),
    pause=Pace(log_mean=2.0, spread=0.6, weight=5.0),
    coming=(0.1, 0.2, 0.4, 0.8, 2.0, 2.0, 2.0, 1.0, 0.6, 0.5, 0.3, 0.2, 0.1, 0.05, 0.05),
    leaving=(0.1, 0.1, 0.2, 0.3, 0.6, 6.0, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02),
    missing=Mean(value=0.01, weight=50.0),
    # What the plays leave out at a centre that nobody knows; learning takes it down.
    calibration=Calibration(below=(1.1,) * (len(HORIZONS_MIN) + 1), above=(1.05,) * (len(HORIZONS_MIN) + 1)),
)
"""Priors: field notes where they say something, caution where they do not. Their weights are those of a few days."""
