"""The plan as a calendar: one event per shift, for whoever keeps theirs in a telephone.

Rule: what is written is read back the same, because each event names site, room and practitioner in fields of its own.
A calendar of elsewhere has none of them: there the title is the practitioner's name and the place the room. Events that
recur are read one by one; what is over, or too far ahead, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agent.roster.people import id_for, practitioner_id, practitioner_name
from agent.roster.plan import Centres, Entry, Plan, PlanError, Planned, Problem, by_time, instant_ms, zone_of
from agent.settings import SiteSettings
from core.room.ids import PractitionerId, RoomId, SiteId
from core.room.phrases import Phrase
from core.room.roster import Shift

__all__ = ["read_ical", "write_ical"]

# icalendar takes 0.1 s to import, so it is when a calendar is read or written.

_SITE, _ROOM, _PRACTITIONER = "X-BORNE-SITE", "X-BORNE-ROOM", "X-BORNE-PRACTITIONER"
_BACK = timedelta(days=1)
_AHEAD = timedelta(weeks=26)
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(SECOND|MINUTE|HOUR)", re.IGNORECASE)
"""Nobody's shifts begin so often, and half a year of seconds would take the agent's memory."""
_DOOR = re.compile(r"(?:.*\b(?:salle|room|sala)\s+)?(\S+)\s*", re.IGNORECASE | re.DOTALL)
"""`Salle 2`, `Centre d’Aubagne, salle 2`, `2`, `room-2`."""


def write_ical(
    plan: Plan,
    centres: Centres,
    *,
    now_ms: int,
    site: SiteId | None = None,
    practitioner: PractitionerId | None = None,
) -> bytes:
    """The shifts of a centre, of a practitioner, or of all."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//borne//roster//FR")
    calendar.add("version", "2.0")
    for one in sorted(plan.shifts, key=lambda one: by_time(one.shift)):
        shift, centre = one.shift, centres.get(one.site)
        if site not in (None, one.site) or practitioner not in (None, shift.practitioner):
            continue
        event = Event()
        event.add("uid", f"{shift.practitioner}-{shift.begins_ms}@borne")
        event.add("dtstamp", _utc(now_ms))
        event.add("dtstart", _utc(shift.begins_ms))
        event.add("dtend", _utc(shift.ends_ms))
        event.add("summary", plan.names[shift.practitioner])
        if centre is not None:
            event.add("location", f"{centre.name}, salle {centre.rooms.get(shift.room, shift.room)}")
        for name, value in ((_SITE, one.site), (_ROOM, shift.room), (_PRACTITIONER, shift.practitioner)):
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def read_ical(
    data: bytes,
    centres: Centres,
    *,
    now_ms: int,
    site: SiteId | None,
    known: Mapping[PractitionerId, str],
) -> list[Entry]:
    """The events of a calendar from yesterday to half a year ahead, each with its title and day.

    Args:
        site: the centre of events that name none.
        known: practitioners and their names, of whom an event may give only the name.

    Raises:
        PlanError: it is no calendar, or an event cannot be read; with every reason at once.
    """
    calendar = _calendar(data)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for event in _occurrences(calendar, _utc(now_ms)):
        where = _where(event)
        try:
            entries.append(_entry(where, event, centres, site, known))
        except PlanError as error:
            problems += [Problem(where, one.what) for one in error.problems]
    if problems:
        raise PlanError(*problems)
    return entries


def _calendar(data: bytes) -> Any:
    """A calendar whose every event can be read."""
    from icalendar import Calendar

    try:
        calendar: Any = Calendar.from_ical(data)
    except ValueError as error:
        raise PlanError(Problem(None, Phrase("roster.no-calendar"))) from error
    problems = []
    for event in calendar.walk("VEVENT"):
        if event.errors or "DTSTART" not in event:
            problems.append(Problem(_where(event), Phrase("roster.broken-event")))
        elif not isinstance(event["DTSTART"].dt, datetime):
            problems.append(Problem(_where(event), Phrase("roster.no-hours")))
        elif "RRULE" in event and _TOO_OFTEN.search(_rules(event["RRULE"])):
            problems.append(Problem(_where(event), Phrase("roster.too-often")))
    if problems:
        raise PlanError(*problems)
    return calendar


def _rules(value: Any) -> str:
    """An event may have one rule or several."""
    return " ".join(one.to_ical().decode() for one in (value if isinstance(value, list) else [value]))


def _occurrences(calendar: Any, now: datetime) -> list[Any]:
    import recurring_ical_events

    try:
        return list(recurring_ical_events.of(calendar).between(now - _BACK, now + _AHEAD))
    except ValueError as error:
        raise PlanError(Problem(None, Phrase("roster.no-calendar"))) from error


def _entry(
    where: Phrase, event: Any, centres: Centres, site: SiteId | None, known: Mapping[PractitionerId, str]
) -> Entry:
    site = SiteId(str(event[_SITE])) if _SITE in event else site
    if site is None:
        raise PlanError(Problem(None, Phrase("roster.no-site")))
    centre = centres.get(site)
    name = practitioner_name(str(event.get("SUMMARY", "")))
    shift = Shift(
        practitioner=practitioner_id(str(event[_PRACTITIONER])) if _PRACTITIONER in event else id_for(name, known),
        room=RoomId(str(event[_ROOM])) if _ROOM in event else _room(str(event.get("LOCATION", "")), centre),
        begins_ms=_instant_ms(event["DTSTART"].dt, centre),
        ends_ms=_instant_ms(event.end, centre),
    )
    return Entry(where=where, planned=Planned(site=site, shift=shift), name=name)


def _room(place: str, centre: SiteSettings | None) -> RoomId:
    """The room that a place names by its id or by what stands on its door; the place itself where none is so called."""
    door = _DOOR.fullmatch(place)
    rooms = centre.rooms if centre is not None else {}
    for room, label in rooms.items():
        if door is not None and door.group(1).casefold() in (room, label.casefold()):
            return RoomId(room)
    return RoomId(place)


def _instant_ms(at: date, centre: SiteSettings | None) -> int:
    """An instant; a time without a zone is read off the clock on the centre's wall."""
    if not isinstance(at, datetime):
        raise PlanError(Problem(None, Phrase("roster.no-hours")))
    return instant_ms(at, zone_of(centre)) if at.tzinfo is None else int(at.timestamp()) * 1000


def _where(event: Any) -> Phrase:
    begins = event["DTSTART"].dt if "DTSTART" in event and not event.errors else None
    day = "?" if begins is None else begins.strftime("%Y-%m-%d")
    return Phrase("roster.event", {"title": str(event.get("SUMMARY", "?")), "day": day})


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC)
