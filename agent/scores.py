"""What a day's promises came to: counts, and what they add up to. Pure; how they are counted is `agent.promises`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

__all__ = ["FEW", "DayScore", "Tally", "total"]

FEW = 30
"""People below which a share says nothing: with 30 an 8 in 10 is known to within one and a half in 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What promises came to."""

    told: int = 0
    """Promises to tickets that were called: what the following are out of."""
    error_s: int = 0
    """Seconds between the median told and the call, summed."""
    covered: int = 0
    """Called between p10 and p90; of honest promises eight in ten are."""
    under: int = 0
    """Called more than 10 minutes after the median told."""
    late: int = 0
    """Called more than 10 minutes after the upper end of what was said."""
    kept: int = 0
    """Called by the upper end of what was said."""
    uncalled: int = 0
    """Promises to tickets that were never called: not scored."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            told=self.told + other.told,
            error_s=self.error_s + other.error_s,
            covered=self.covered + other.covered,
            under=self.under + other.under,
            late=self.late + other.late,
            kept=self.kept + other.kept,
            uncalled=self.uncalled + other.uncalled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayScore:
    """What the promises of a service day came to; a promise belongs to the day of its call."""

    first: Tally = field(default_factory=Tally)
    later: Tally = field(default_factory=Tally)

    @property
    def all(self) -> Tally:
        return self.first + self.later

    def __add__(self, other: DayScore) -> DayScore:
        return DayScore(first=self.first + other.first, later=self.later + other.later)


def total(days: Mapping[date, DayScore]) -> DayScore:
    return sum(days.values(), DayScore())
