"""From the plays to quantiles, drawn out as far as past days have shown to be honest."""

from __future__ import annotations

import numpy as np

from core.forecast.chance import PLAYS, Array
from core.forecast.habits import HORIZONS_MIN, Calibration
from core.room.outlook import Wait

__all__ = ["waits_of"]

_LEVELS = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
_MIDDLE = 2
_MOST = 0.5
"""Nothing is said to somebody who is called in fewer plays."""
_WIDTH = 0.04
# Play k of N, in order, stands for the share (k + 1/2) / N. A level is the mean of the plays near it, by a normal
# kernel: with so few plays that is surer than the two next to it (Parzen 1979, doi 10.1080/01621459.1979.10481621).
_NEAR = np.exp(-0.5 * ((_LEVELS[:, None] - (np.arange(PLAYS) + 0.5) / PLAYS) / _WIDTH) ** 2)
_NEAR /= _NEAR.sum(1, keepdims=True)


def waits_of(calls: Array, closes_min: float | None, calibration: Calibration) -> list[Wait | None]:
    """What to say to each one.

    Args:
        calls: when each one is called, in minutes; a row per play, a column per person, infinite for never.
        closes_min: when the centre closes; None where no hours are known.

    Returns:
        None for those who are not called in most plays.
    """
    is_said = np.isfinite(calls).mean(0) > _MOST
    in_time = None if closes_min is None else np.rint(100 * (calls < closes_min).mean(0)).astype(int).tolist()
    quantiles = np.rint(60 * _drawn_out(_quantiles(calls), calibration)).astype(int).T.tolist()
    return [
        Wait(
            p10_s=p10,
            p25_s=p25,
            p50_s=p50,
            p75_s=p75,
            p90_s=p90,
            in_time=None if in_time is None else in_time[number],
        )
        if is_said[number]
        else None
        for number, (p10, p25, p50, p75, p90) in enumerate(quantiles)
    ]


def _quantiles(calls: Array) -> Array:
    """A row per level. Whoever is never called in some plays is called as late there as in the latest of the others."""
    latest = np.where(np.isfinite(calls), calls, -np.inf).max(0)
    calls = np.sort(np.minimum(calls, np.where(np.isfinite(latest), latest, 0.0)), axis=0)
    return np.asarray(_NEAR @ calls)


def _drawn_out(quantiles: Array, calibration: Calibration) -> Array:
    median = quantiles[_MIDDLE]
    horizon = np.searchsorted(HORIZONS_MIN, median, side="right")
    below, above = np.array(calibration.below)[horizon], np.array(calibration.above)[horizon]
    factors = np.where(quantiles < median, below, above)
    return np.asarray(np.maximum(median + (quantiles - median) * factors, 0.0))
