"""When a centre is open: a week, public holidays, and days unlike others.

Rule: hours are what the clock on the wall shows, so the two nights when it is changed need no case of their own. A day
named by hand beats a public holiday, and a public holiday beats the week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

__all__ = ["EVERY_DAY", "Hours", "Opening"]

_MINUTES_A_DAY = 24 * 60
_LOOK_AHEAD_DAYS = 366
"""A centre that is closed for longer has no next opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One stretch of a day, in minutes after midnight by the clock on the wall."""

    opens_min: int
    closes_min: int
    """1440 for midnight."""

    def __post_init__(self) -> None:
        if not 0 <= self.opens_min < self.closes_min <= _MINUTES_A_DAY:
            raise ValueError(
                f"from minute {self.opens_min} to minute {self.closes_min} is no opening of one day:"
                f" it begins before it ends, between 0 and {_MINUTES_A_DAY}"
            )


EVERY_DAY = Hours(opens_min=9 * 60, closes_min=22 * 60)
"""What most centres keep, public holidays included (field notes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A centre's hours. None for hours means closed all day."""

    week: tuple[Hours | None, ...] = (EVERY_DAY,) * 7
    """Monday first."""
    holiday: Hours | None = None
    holidays: frozenset[str] = frozenset()
    """ISO dates on which `holiday` holds; empty where a public holiday is a day like any other."""
    overrides: Mapping[str, Hours | None] = field(default_factory=dict)
    """ISO dates with hours of their own."""
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has 7 days, not {len(self.week)}")

    def hours_on(self, day: str) -> Hours | None:
        """The hours of a day, given as an ISO date; None when the centre is closed."""
        if day in self.overrides:
            return self.overrides[day]
        if day in self.holidays:
            return self.holiday
        return self.week[date.fromisoformat(day).weekday()]

    def interval(self, day: str) -> tuple[int, int] | None:
        """When the centre opens and closes on a day, on the site clock; None when it stays closed."""
        hours = self.hours_on(day)
        return None if hours is None else (self._at_ms(day, hours.opens_min), self._at_ms(day, hours.closes_min))

    def now(self, now_ms: int) -> tuple[int, int] | None:
        """The opening that holds an instant; None when the centre is closed then. At its closing it is closed."""
        interval = self.interval(self._local(now_ms).isoformat())
        return interval if interval and interval[0] <= now_ms < interval[1] else None

    def next_opening_ms(self, now_ms: int) -> int | None:
        """The first opening after an instant; None when there is none within a year."""
        today = self._local(now_ms)
        for ahead in range(_LOOK_AHEAD_DAYS + 1):
            interval = self.interval((today + timedelta(days=ahead)).isoformat())
            if interval and interval[0] > now_ms:
                return interval[0]
        return None

    def _local(self, at_ms: int) -> date:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.zone).date()

    def _at_ms(self, day: str, minute: int) -> int:
        midnight = datetime.combine(date.fromisoformat(day), time())
        local = (midnight + timedelta(minutes=minute)).replace(tzinfo=self.zone)
        return int(local.timestamp()) * 1000
