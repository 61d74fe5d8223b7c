"""Numbers by chance, for all plays at once.

The tables of a seed are made once. Every column is a Latin hypercube sample (McKay, Beckman & Conover 1979,
doi 10.1080/00401706.1979.10489755): each play has a value of its own slice of the distribution, so that a column has no
luck of its own, and the same moment gives the same answer.

Rule: nothing here knows what is forecast.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.forecast.habits import OFFSETS_MIN, Pace

__all__ = [
    "COLUMNS",
    "PLAYS",
    "Array",
    "Chance",
    "chance_of",
    "from_classes",
    "from_later_classes",
    "lasting",
    "remaining",
    "survival",
]

Array = NDArray[np.float64]

PLAYS = 192

COLUMNS = 128
"""Of a table: up to 50 people wait at once (field notes); the columns beyond are the first ones again."""
_PURPOSES = ("visit", "pause", "absent", "left", "back", "crossing", "team", "leaving", "busy", "pace")
_REACH = 8.0
"""Standard deviations; a visit beyond is as good as over."""
_Z = np.linspace(-_REACH, _REACH, 1601)
_SURVIVAL = np.array([-np.log(NormalDist().cdf(-z)) for z in _Z])
"""-log P(Z > z): nearly straight in the tail, so it can be read between two points."""
_FIRST_MIN, _LAST_MIN = OFFSETS_MIN[0] - 15.0, OFFSETS_MIN[-1] + 60.0
_EDGES = np.array([_FIRST_MIN, *OFFSETS_MIN, _LAST_MIN])


class Chance:
    """The tables of a seed: one row per play, one block of columns per purpose.

    Kept in single precision, and of each purpose only what is asked for: 2 MB where all of it would be 6.
    """

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        slices = ((np.arange(PLAYS) + 0.5) / PLAYS).astype(np.float32)
        blocks = len(_PURPOSES) * COLUMNS
        self._uniform = np.column_stack([generator.permutation(slices) for _ in range(blocks)])
        self._tables: dict[tuple[Callable[[Array], Array], str], NDArray[np.float32]] = {}

    def uniform(self, purpose: str, columns: int) -> Array:
        return self._taken(np.asarray, purpose, columns)

    def exponential(self, purpose: str, columns: int) -> Array:
        """Of mean 1."""
        return self._taken(_exponential, purpose, columns)

    def normal(self, purpose: str, columns: int) -> Array:
        return self._taken(_normal, purpose, columns)

    def _taken(self, shaped: Callable[[Array], Array], purpose: str, columns: int) -> Array:
        table = self._tables.get((shaped, purpose))
        if table is None:
            first = _PURPOSES.index(purpose) * COLUMNS
            table = shaped(self._uniform[:, first : first + COLUMNS].astype(np.float64)).astype(np.float32)
            self._tables[shaped, purpose] = table
        if columns <= COLUMNS:
            return table[:, :columns].astype(np.float64)
        return table[:, np.arange(columns) % COLUMNS].astype(np.float64)


def _exponential(uniform: Array) -> Array:
    return np.asarray(-np.log1p(-uniform))


def _normal(uniform: Array) -> Array:
    return np.asarray(np.interp(_exponential(uniform), _SURVIVAL, _Z))


@lru_cache(maxsize=4)
def chance_of(seed: int) -> Chance:
    """The tables of a seed."""
    return Chance(seed)


def lasting(pace: Pace, normal: Array) -> Array:
    """How long something takes, in minutes."""
    return np.asarray(np.exp(pace.log_mean + pace.spread * normal))


def remaining(log_mean: float | Array, spread: float, elapsed_min: float, exponential: Array) -> Array:
    """How much longer something takes that has lasted so long already, in minutes."""
    if elapsed_min <= 0:
        survival = exponential
    else:
        z = (np.log(elapsed_min) - log_mean) / spread
        survival = exponential + np.interp(z, _Z, _SURVIVAL)
    lasts = np.exp(log_mean + spread * np.interp(survival, _SURVIVAL, _Z))
    return np.asarray(np.maximum(lasts - elapsed_min, 0.0))


def survival(log_mean: float, spread: float, elapsed_min: float) -> float:
    """Chance that something lasts longer than that."""
    return 1.0 - NormalDist(log_mean, spread).cdf(log(elapsed_min)) if elapsed_min > 0 else 1.0


def from_classes(weights: tuple[float, ...], uniform: Array) -> Array:
    """Minutes against the plan, by classes of `OFFSETS_MIN`."""
    return np.asarray(np.interp(uniform, _shares(weights), _EDGES))


def from_later_classes(weights: tuple[float, ...], uniform: Array, above_min: float, never: float) -> Array:
    """The same, knowing that they are more than `above_min`.

    Args:
        never: chance, told in advance, that it does not happen at all: then infinite.
    """
    shares = _shares(weights) * (1 - never)
    passed = float(np.interp(above_min, _EDGES, shares))
    reached = passed + (1 - passed) * uniform
    return np.asarray(np.where(reached < shares[-1], np.interp(reached, shares, _EDGES), np.inf))


@lru_cache(maxsize=8)
def _shares(weights: tuple[float, ...]) -> Array:
    return np.asarray(np.concatenate([[0.0], np.cumsum(weights)]) / sum(weights))
