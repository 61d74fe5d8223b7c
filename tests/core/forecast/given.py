"""Moments and habits in which only one thing happens, so that a test sees what follows from it."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt

from core.forecast.habits import CONSULTATION, FIRST_DAY, OFFSETS_MIN, Calibration, Crossing, Habits, Mean, Pace
from core.forecast.moment import Busy, Moment, Place, Stretch
from core.room.ids import ServiceId, TicketId

__all__ = ["NEVER", "SERVICE", "busy", "doctor", "moment", "pace", "plain", "waiting"]

SERVICE = ServiceId(CONSULTATION)
NEVER = Mean(value=0.0, weight=1.0)
_KNOWN = Mean(value=0.0, weight=1e6)
"""Of a pace: it is as usual, without a doubt."""

_PUNCTUAL = tuple(float(number == OFFSETS_MIN.index(2)) for number in range(len(OFFSETS_MIN) + 1))


def pace(mean_min: float, variation: float) -> Pace:
    """The pace of visits of this mean and coefficient of variation."""
    variance = log(1 + variation**2)
    return Pace(log_mean=log(mean_min) - variance / 2, spread=sqrt(variance), weight=1000.0)


def plain(mean_min: float = 15.0, variation: float = 0.4, urgent_share: float = 0.0, a_minute: float = 0.0) -> Habits:
    """Nobody leaves, pauses or is late; visits have one pace, which is known and the same in a crowd."""
    return replace(
        FIRST_DAY,
        level=_KNOWN,
        visits={CONSULTATION: pace(mean_min, variation)},
        practitioners=dict.fromkeys(("a", "0", "1", "2"), _KNOWN),
        days_differ=NEVER,
        crowd=NEVER,
        arrivals=tuple(Mean(value=30 * a_minute, weight=1.0) for _ in FIRST_DAY.arrivals),
        crossings={"urgent": Crossing(head_start_min=600.0, share=Mean(value=urgent_share, weight=1.0))},
        absent=(NEVER,) * len(FIRST_DAY.absent),
        left=(NEVER,) * len(FIRST_DAY.left),
        exams=NEVER,
        pauses=NEVER,
        coming=_PUNCTUAL,
        leaving=_PUNCTUAL,
        missing=NEVER,
        calibration=Calibration(),
    )


def doctor(name: str = "a", *, since_min: float | None = None, ends_min: float | None = None) -> Stretch:
    """On duty; with a patient if one was called."""
    return Stretch(practitioner=name, begins_min=0.0, ends_min=ends_min, is_on=True, busy=busy(since_min))


def busy(since_min: float | None) -> Busy | None:
    return None if since_min is None else Busy(CONSULTATION, -since_min)


def waiting(count: int, *, every_min: float = 1.0, kind: str = CONSULTATION) -> tuple[Place, ...]:
    """So many people, the first come first."""
    came = [-every_min * (count - number) for number in range(count)]
    return tuple(
        Place(ticket=TicketId(f"t{number:02}"), service=SERVICE, kind=kind, came_min=at, key_min=at)
        for number, at in enumerate(came)
    )


def moment(stretches: tuple[Stretch, ...], places: tuple[Place, ...] = (), closes_min: float | None = None) -> Moment:
    return Moment(
        at_ms=1_795_334_400_000,
        minute=600.0,
        weekday=6,
        closes_min=closes_min,
        stretches=stretches,
        waiting=places,
        newcomers={SERVICE: CONSULTATION},
    )
