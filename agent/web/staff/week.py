"""One week of a centre as a table: its rooms down, its days across. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent.roster.plan import YEARS, Plan, local, zone_of
from agent.settings import SiteSettings
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.opening import Hours

__all__ = ["Cell", "Day", "Row", "Week", "name_of", "week_named", "week_of"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A shift in the table."""

    practitioner: PractitionerId
    name: str
    begins_ms: int
    begins: str
    ends: str
    is_over_night: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A column."""

    date: date
    is_special: bool
    hours: Hours | None
    """Of a special day; None for closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A room."""

    room: RoomId
    label: str
    cells: Sequence[Sequence[Cell]]
    """Seven, one for each day."""


@dataclass(frozen=True, slots=True)
class Week:
    """A Monday, and what follows."""

    name: str
    """As ISO 8601 has it: `2026-W48`."""
    days: Sequence[Day]
    rows: Sequence[Row]
    before: str
    after: str


def name_of(day: date) -> str:
    """The week that holds a day."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def week_named(name: str) -> date | None:
    """The Monday of a week; None when there is no such week."""
    year, _, week = name.partition("-W")
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
    return monday if monday.year in YEARS else None


def week_of(plan: Plan, centre: SiteSettings, monday: date) -> Week:
    """The table of the week that begins on a Monday. A room that is planned and no longer there keeps its row."""
    site, zone = SiteId(centre.id), zone_of(centre)
    dates = [monday + timedelta(days=ahead) for ahead in range(7)]
    cells: dict[tuple[str, date], list[Cell]] = {}
    for shift in plan.at(site):
        begins, ends = local(shift.begins_ms, zone), local(shift.ends_ms, zone)
        if begins.date() in dates:
            cell = Cell(
                practitioner=shift.practitioner,
                name=plan.names[shift.practitioner],
                begins_ms=shift.begins_ms,
                begins=_clock(begins),
                ends=_clock(ends),
                is_over_night=ends.date() > begins.date(),
            )
            cells.setdefault((shift.room, begins.date()), []).append(cell)
    special = plan.days_at(site)
    rooms = {**centre.rooms, **{room: room for room, _day in cells if room not in centre.rooms}}
    return Week(
        name=name_of(monday),
        days=[Day(one, one.isoformat() in special, special.get(one.isoformat())) for one in dates],
        rows=[Row(RoomId(room), label, [cells.get((room, one), []) for one in dates]) for room, label in rooms.items()],
        before=name_of(monday - timedelta(days=7)),
        after=name_of(monday + timedelta(days=7)),
    )


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
