"""Fair comparison: rounds in which limit and product alternate, a yardstick around each, medians of the ratios."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Figure", "Goal", "Ratio", "Rounds", "interleaved", "percentile", "spin_ms"]

_SPIN_MOVES = 1.5
"""A round is taken again when the yardstick read so many times more after it than before, or before than after."""


def spin_ms() -> float:
    """The yardstick: a fixed piece of plain Python, the better of three; 8 to 14 on a quiet machine."""
    return min(_spun_ms() for _ in range(3))


def _spun_ms() -> float:
    began_s = time.perf_counter()
    total = 0
    for number in range(300_000):
        total += number & 7
    return 1000 * (time.perf_counter() - began_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Median of the rounds' ratios, with the lowest and the highest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f}-{self.high:.2f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a ratio, or a figure, must not be below or above."""

    limit: float
    is_floor: bool

    def is_reached(self, value: float, *, share: float = 1.0) -> bool:
        """
        Args:
            share: how much of the goal is asked for.
        """
        return value >= self.limit * share if self.is_floor else value <= self.limit / share

    def __str__(self) -> str:
        return f"{'≥' if self.is_floor else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A line of the table."""

    path: str
    figure: str
    """What was measured, in its own unit, beside its limit's."""
    ratio: Ratio | None = None
    value: float | None = None
    """What is held against the goal where that is no ratio."""
    goal: Goal | None = None

    def is_reached(self, *, share: float = 1.0) -> bool | None:
        """Whether the goal, or a share of it, is reached; None where there is none."""
        value = self.ratio.median if self.ratio else self.value
        return None if self.goal is None or value is None else self.goal.is_reached(value, share=share)


@dataclass(frozen=True, slots=True)
class Rounds:
    """What each arm measured, round by round."""

    arms: Mapping[str, Sequence[float]]
    noisy: int
    """Rounds that were kept although the yardstick moved, because the machine did not become quiet."""

    def median(self, arm: str) -> float:
        return statistics.median(self.arms[arm])

    def ratio(self, product: str, limit: str) -> Ratio:
        """Product by limit, within each round."""
        ratios = [ours / theirs for ours, theirs in zip(self.arms[product], self.arms[limit], strict=True)]
        return Ratio(median=statistics.median(ratios), low=min(ratios), high=max(ratios))


def interleaved(arms: Mapping[str, Callable[[], float]], rounds: int) -> Rounds:
    """Run all arms in turn, `rounds` times; a round during which the machine changed its pace is repeated.

    Twice as many rounds are tried at most, and the quietest kept.
    """
    taken: list[tuple[float, dict[str, float]]] = []
    while sum(moved <= _SPIN_MOVES for moved, _ in taken) < rounds and len(taken) < 2 * rounds:
        before = spin_ms()
        figures = {name: arm() for name, arm in arms.items()}
        after = spin_ms()
        taken.append((max(before, after) / min(before, after), figures))
    kept = sorted(taken, key=lambda one: one[0])[:rounds]
    return Rounds(
        {name: [figures[name] for _, figures in kept] for name in arms}, sum(moved > _SPIN_MOVES for moved, _ in kept)
    )


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample below which `share` of them lie."""
    return sorted(samples)[min(len(samples) - 1, int(share * len(samples)))]
