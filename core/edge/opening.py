"""The `[opening]` table of the centre's file, and what it comes to with the public holidays of where the centre is.

Rule: which days are public holidays is the library's knowledge, and is asked for once; a device that only reads the
table never loads it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, model_validator

from core.edge.config import Settings
from core.room.opening import Hours, Opening

__all__ = ["HolidayRegion", "OpeningTable", "Weekday", "opening_of"]

HolidayRegion = Literal["57", "6AE", "971", "972", "973", "974", "976", "BL", "MF", "NC", "PF", "PM", "TF", "WF"]
"""Parts of France with public holidays of their own, as `holidays` names them: Moselle, Alsace, overseas. The region
Grand Est (`GES`) has none: its two further days are those of `57` and `6AE` alone."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_YEARS = range(2026, 2100)
"""Those of the site clock: reckoned at once (0.1 s), so that no new year comes without its holidays."""
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_CLOSED = "closed"


def _read(text: str) -> Hours | None:
    """The hours of `09:00-22:00`, None of `closed`.

    Raises:
        ValueError: it is neither.
    """
    if text == _CLOSED:
        return None
    span = _SPAN.fullmatch(text)
    if span is None or int(span[2]) > 59 or int(span[4]) > 59:
        raise ValueError(f"give hours like 09:00-22:00, or {_CLOSED!r}")
    opens_h, opens_m, closes_h, closes_m = (int(part) for part in span.groups())
    try:
        return Hours(opens_min=opens_h * 60 + opens_m, closes_min=closes_h * 60 + closes_m)
    except ValueError as error:
        raise ValueError("a centre opens before it closes, on the same day, at 24:00 at the latest") from error


def _are_hours(text: str) -> str:
    _read(text)
    return text


_DayHours = Annotated[str, AfterValidator(_are_hours)]
"""`09:00-22:00` by the clock on the wall, or `closed`."""


class OpeningTable(Settings):
    """The `[opening]` table: the hours of a week, and those of public holidays."""

    every_day: _DayHours | None = None
    """The hours of each weekday …"""
    week: dict[Weekday, _DayHours] | None = None
    """… or those of all seven, one by one."""
    holidays: _DayHours | None = None
    """The hours on public holidays; None: a public holiday is a day like any other."""
    holiday_region: HolidayRegion | None = None
    """None for the eleven days of all of France."""

    @model_validator(mode="after")
    def _is_consistent(self) -> OpeningTable:
        if (self.every_day is None) == (self.week is None):
            raise ValueError("give the hours once: either every_day or week")
        if self.week is not None and (missing := [day for day in _WEEKDAYS if day not in self.week]):
            raise ValueError(f"the week lacks {', '.join(missing)}; give each day its hours, or {_CLOSED!r}")
        if self.holiday_region is not None and self.holidays is None:
            raise ValueError(f"holiday_region alone changes nothing: give holidays its hours, or {_CLOSED!r}")
        return self

    def hours_on(self, weekday: Weekday) -> str:
        """The hours of a weekday, as they stand in the file."""
        return (self.week or {}).get(weekday) or self.every_day or _CLOSED


def opening_of(table: OpeningTable, zone: tzinfo, overrides: Mapping[str, Hours | None]) -> Opening:
    """When the centre is open.

    Args:
        overrides: days with hours of their own, by ISO date; None for closed.
    """
    return Opening(
        week=tuple(_read(table.hours_on(weekday)) for weekday in _WEEKDAYS),
        holiday=_read(table.holidays) if table.holidays else None,
        holidays=_public_holidays(table.holiday_region) if table.holidays else frozenset(),
        overrides=overrides,
        zone=zone,
    )


@functools.cache
def _public_holidays(region: HolidayRegion | None) -> frozenset[str]:
    from holidays import country_holidays  # a controller with public holidays needs it, and nobody else

    return frozenset(day.isoformat() for day in country_holidays("FR", subdiv=region, years=_YEARS))
