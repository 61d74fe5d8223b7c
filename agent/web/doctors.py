"""Who is at a centre, and who will be: what the pages say of doctors.

Rule: presence is the site's word and is as old as its newest state, so it is not asked for of a site that is silent;
the plan is the agent's own and is never more than a plan. A practitioner whom no plan names goes by the room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from agent.roster.plan import Plan
from agent.view import SiteView
from agent.web.days import day_name
from agent.web.places import Places
from core.edge.clock import Clock
from core.edge.site import Language
from core.edge.words import say
from core.room.duty import Duty, DutyState
from core.room.ids import RoomId, SiteId
from core.room.opening import Hours
from core.room.phrases import Phrase

__all__ = ["DayLine", "Doctor", "Doctors", "RoomLine", "ShiftLine"]

_DAYS = 7
_WEEK_MS = (_DAYS + 1) * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Doctor:
    """Somebody on duty."""

    name: str
    until: str | None
    """When they mean to leave, if that is known and still to come."""
    is_paused: bool


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room, and what it is doing."""

    room: str
    doctor: Doctor | None
    is_named: bool
    """Whether the doctor's name is known; else it says the room already."""
    state: Literal["busy", "pause", "free", "off"]
    """`off`: nobody is on duty."""


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """Somebody planned."""

    begins: str
    ends: str
    name: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day to come."""

    day: str
    hours: str | None
    """How it is unlike its week."""
    shifts: list[ShiftLine]


class Doctors:
    """Put into words; keeps nothing."""

    def __init__(self, places: Places, clock: Clock, plan: Callable[[], Plan]) -> None:
        self._places = places
        self._clock = clock
        self._plan = plan

    def on_duty(self, view: SiteView, language: Language) -> list[Doctor]:
        """Those who are there, room by room."""
        return [self._doctor(view.site, duty, language) for duty in self._in_order(view)]

    def rooms(self, view: SiteView, language: Language) -> list[RoomLine]:
        """Every room of the centre."""
        every = dict.fromkeys([*self._places.rooms(view.site), *view.duties, *view.rooms])
        return [self._room(view, room, language) for room in every]

    def days(self, site: SiteId, language: Language) -> list[DayLine]:
        """The days of a week from today for which something is planned; what is over is left out."""
        now_ms = self._clock.wall_ms()
        today = self._places.wall(site, now_ms).date()
        found: dict[date, list[ShiftLine]] = {}
        plan = self._plan()
        for shift in plan.at(site):
            if shift.ends_ms <= now_ms:
                continue
            if shift.begins_ms > now_ms + _WEEK_MS:
                break
            begins, ends = (self._places.wall(site, at_ms) for at_ms in (shift.begins_ms, shift.ends_ms))
            day = max(begins.date(), today)
            if day < today + timedelta(days=_DAYS):
                line = ShiftLine(f"{begins:%H:%M}", f"{ends:%H:%M}", plan.names[shift.practitioner])
                found.setdefault(day, []).append(line)
        hours = {date.fromisoformat(day): one for day, one in plan.days_at(site).items()}
        days = [day for ahead in range(_DAYS) if (day := today + timedelta(days=ahead)) in found or day in hours]
        return [
            DayLine(
                day=day_name(day, language),
                hours=_hours(hours[day], language) if day in hours else None,
                shifts=found.get(day, []),
            )
            for day in days
        ]

    def _in_order(self, view: SiteView) -> Iterator[Duty]:
        for room in dict.fromkeys([*self._places.rooms(view.site), *view.duties]):
            if room in view.duties:
                yield view.duties[room]

    def _room(self, view: SiteView, room: RoomId, language: Language) -> RoomLine:
        duty = view.duties.get(room)
        state: Literal["busy", "pause", "free", "off"] = "free"
        if room in view.rooms:
            state = "busy"
        elif duty is None:
            state = "off"
        elif duty.state is DutyState.PAUSE:
            state = "pause"
        return RoomLine(
            room=say(Phrase("room.name", {"label": self._places.label(view.site, room)}), language),
            doctor=None if duty is None else self._doctor(view.site, duty, language),
            is_named=duty is not None and duty.practitioner in self._plan().names,
            state=state,
        )

    def _doctor(self, site: SiteId, duty: Duty, language: Language) -> Doctor:
        now_ms = self._clock.wall_ms()
        is_to_come = duty.until_ms is not None and duty.until_ms > now_ms
        until = self._places.clock_time(site, duty.until_ms, now_ms) if is_to_come and duty.until_ms else None
        unnamed = Phrase("duty.unnamed", {"label": self._places.label(site, duty.room)})
        return Doctor(
            name=self._plan().names.get(duty.practitioner) or say(unnamed, language),
            until=until,
            is_paused=duty.state is DutyState.PAUSE,
        )


def _hours(hours: Hours | None, language: Language) -> str:
    if hours is None:
        return say(Phrase("centre.day-closed"), language)
    values: dict[str, str | int] = {"opens": _clock(hours.opens_min), "closes": _clock(hours.closes_min)}
    return say(Phrase("centre.day-hours", values), language)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
