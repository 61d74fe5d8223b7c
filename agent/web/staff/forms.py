"""What the plan's forms say, read into what the plan knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.roster.people import id_for, practitioner_name
from agent.roster.plan import YEARS, Entry, PlanError, Planned, Problem, instant_ms
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.opening import Hours
from core.room.phrases import Phrase
from core.room.roster import Shift

__all__ = ["DayForm", "ShiftForm", "read_day"]

_MORNING_MIN = 6 * 60
"""A shift that ends before this hour ends on the next morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftForm:
    """A shift as it is typed."""

    name: str = ""
    room: str = ""
    day: str = ""
    begins: str = "09:00"
    ends: str = "22:00"

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> ShiftForm:
        return cls(**{name: fields.get(name, "").strip() for name in cls.__dataclass_fields__})

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
class DayForm:
    """How a day is, as it is chosen."""

    kind: str = "usual"
    """`usual`, `closed`, or `hours`."""
    opens: str = "09:00"
    closes: str = "22:00"

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> DayForm:
        return cls(**{name: fields.get(name, "").strip() for name in cls.__dataclass_fields__})

    def hours(self) -> Hours:
        """The typed hours; midnight is the end of the day.

        Raises:
            PlanError: they cannot be read, or do not end after they begin.
        """
        opens_min, closes_min = _minute(self.opens), _minute(self.closes) or 24 * 60
        if opens_min >= closes_min:
            raise PlanError(Problem(None, Phrase("roster.ends-before")))
        return Hours(opens_min=opens_min, closes_min=closes_min)


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
