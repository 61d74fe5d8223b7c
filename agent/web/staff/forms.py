"""What the plan's forms say, read into what the plan knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from agent.roster.people import id_for, practitioner_name
from agent.roster.plan import YEARS, Entry, PlanError, Planned, Problem, instant_ms, local
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.opening import Hours
from core.room.phrases import Phrase
from core.room.roster import Shift

__all__ = ["DayForm", "ShiftForm", "clock", "read_day"]

_MORNING_MIN = 6 * 60
"""A shift that ends before this hour ends on the next morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What is typed, each field as text."""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """What a browser sends; a field that it leaves out is empty."""
        return cls(**{name: fields.get(name, "").strip() for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftForm(_Form):
    """A shift as it is typed."""

    name: str = ""
    room: str = ""
    day: str = ""
    begins: str = "09:00"
    ends: str = "22:00"

    @classmethod
    def of_shift(cls, shift: Shift, name: str, zone: ZoneInfo) -> ShiftForm:
        """A planned shift, to be changed."""
        begins, ends = local(shift.begins_ms, zone), local(shift.ends_ms, zone)
        return cls(
            name=name,
            room=shift.room,
            day=begins.date().isoformat(),
            begins=f"{begins:%H:%M}",
            ends=f"{ends:%H:%M}",
        )

    def entry(self, site: SiteId, zone: ZoneInfo, known: Mapping[PractitionerId, str]) -> Entry:
        """
        Args:
            known: practitioners and their names.

        Raises:
            PlanError: a field cannot be read.
        """
        name = practitioner_name(self.name)
        begins_min, ends_min = _minute(self.begins), _minute(self.ends)
        ends_min += 24 * 60 if ends_min <= min(begins_min, _MORNING_MIN) else 0
        midnight = datetime.combine(read_day(self.day), time())
        begins_ms, ends_ms = (
            instant_ms(midnight + timedelta(minutes=minute), zone) for minute in (begins_min, ends_min)
        )
        shift = Shift(practitioner=id_for(name, known), room=RoomId(self.room), begins_ms=begins_ms, ends_ms=ends_ms)
        return Entry(planned=Planned(site=site, shift=shift), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayForm(_Form):
    """How a day is, as it is chosen."""

    kind: str = "usual"
    """`usual`, `closed`, or `hours`."""
    opens: str = "09:00"
    closes: str = "22:00"

    @classmethod
    def of_day(cls, hours: Hours | None) -> DayForm:
        """A day that is planned to be unlike its week, to be changed; None for closed."""
        if hours is None:
            return cls(kind="closed")
        return cls(kind="hours", opens=clock(hours.opens_min), closes=clock(hours.closes_min % (24 * 60)))

    def hours(self) -> Hours:
        """The typed hours; midnight is the end of the day.

        Raises:
            PlanError: they cannot be read, or do not end after they begin.
        """
        opens_min, closes_min = _minute(self.opens), _minute(self.closes) or 24 * 60
        if opens_min >= closes_min:
            raise PlanError(Problem(None, Phrase("roster.ends-before")))
        return Hours(opens_min=opens_min, closes_min=closes_min)


def clock(minute: int) -> str:
    """A minute after midnight as a form has it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_day(text: str) -> date:
    """
    Raises:
        PlanError: it is no day.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        raise PlanError(Problem(None, Phrase("roster.no-day", {"value": text})))
    return day


def _minute(text: str) -> int:
    """Minutes after midnight by the clock on the wall.

    Raises:
        PlanError: it is no time of day.
    """
    read = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if read is None:
        raise PlanError(Problem(None, Phrase("roster.no-clock", {"value": text})))
    return int(read.group(1)) * 60 + int(read.group(2))
