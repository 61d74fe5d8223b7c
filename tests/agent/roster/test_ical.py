"""The plan as a calendar, ours and those of elsewhere."""

from __future__ import annotations

import pytest

from agent.roster.ical import read_ical, write_ical
from agent.roster.plan import Plan, PlanError, Planned
from core.room.ids import PractitionerId, SiteId
from tests.agent.roster.given import AUBAGNE, CENTRES, NOW_MS, TRETS, plan, planned, said

VALLON = planned("vallon", "2026-11-23 09:00", "14:00")
MISTRAL = planned("mistral", "2026-11-24 20:00", "2026-11-25 02:00", room="room-2")
AWAY = planned("vallon", "2026-11-26 09:00", "22:00", site=TRETS)


def read(data: bytes, *, site: SiteId | None = AUBAGNE, known: Plan | None = None) -> set[Planned]:
    names = (known or Plan()).names
    return {one.planned for one in read_ical(data, CENTRES, now_ms=NOW_MS, site=site, known=names)}


def refused(data: bytes, *, site: SiteId | None = AUBAGNE) -> list[str]:
    with pytest.raises(PlanError) as error:
        read(data, site=site)
    return said(error.value)


def calendar(*lines: str, summary: str = "Dr Vallon", place: str = "Salle 1") -> bytes:
    event = ["BEGIN:VEVENT", "UID:1", f"SUMMARY:{summary}", f"LOCATION:{place}", *lines, "END:VEVENT"]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//elsewhere//", *event, "END:VCALENDAR", ""]
    ).encode()


MORNING = ("DTSTART;TZID=Europe/Paris:20261123T090000", "DTEND;TZID=Europe/Paris:20261123T140000")


def test_what_is_written_is_read_back_the_same() -> None:
    both = plan(VALLON, MISTRAL, AWAY)

    assert read(write_ical(both, CENTRES, now_ms=NOW_MS), site=None) == both.shifts


def test_a_calendar_is_a_centre_s_or_a_practitioner_s() -> None:
    both = plan(VALLON, MISTRAL, AWAY)
    who = PractitionerId("dr-vallon")

    assert read(write_ical(both, CENTRES, now_ms=NOW_MS, site=AUBAGNE)) == {VALLON, MISTRAL}
    assert read(write_ical(both, CENTRES, now_ms=NOW_MS, practitioner=who)) == {VALLON, AWAY}


@pytest.mark.parametrize("place", ["Salle 1", "salle 1", "1", "room-1", "Centre d’Aubagne\\, salle 1"])
def test_an_event_of_elsewhere_names_the_doctor_in_its_title_and_the_room_in_its_place(place: str) -> None:
    assert read(calendar(*MORNING, place=place)) == {VALLON}


def test_a_doctor_who_is_known_by_that_name_is_the_same_one() -> None:
    known = Plan(names={PractitionerId("dr-v"): "Dr VALLON"})

    (found,) = read(calendar(*MORNING), known=known)

    assert found.shift.practitioner == "dr-v"


def test_a_time_without_a_zone_is_the_centre_s() -> None:
    assert read(calendar("DTSTART:20261123T090000", "DURATION:PT5H")) == {VALLON}


def test_events_that_recur_are_read_one_by_one() -> None:
    weekly = calendar(*MORNING, "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Paris:20261130T090000")

    assert read(weekly) == {planned("vallon", f"2026-{day} 09:00", "14:00") for day in ("11-23", "12-07", "12-14")}


def test_of_a_series_without_an_end_half_a_year_is_read() -> None:
    assert len(read(calendar(*MORNING, "RRULE:FREQ=WEEKLY"))) == 26


def test_an_event_without_a_centre_needs_one() -> None:
    assert refused(calendar(*MORNING), site=None) == [
        "“Dr Vallon” on 2026-11-23: no centre is named; import this calendar on a centre’s page or with --site."
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART;VALUE=DATE:20261123",), "this event lasts all day; give it hours or remove it."),
        (("DTSTART:gibberish",), "this event cannot be read; correct its times or remove it."),
        ((*MORNING, "RRULE:FREQ=SECONDLY"), "this event recurs several times a day; make it a daily one."),
        ((*MORNING, "RRULE:FREQ=DAILY;BYHOUR=1,2"), "this event recurs several times a day; make it a daily one."),
        ((*MORNING, "RRULE:FREQ=SOMETIMES"), "this event cannot be read; correct its times or remove it."),
    ],
    ids=["all-day", "no-time", "each-second", "by-hour", "no-rule"],
)
def test_an_event_that_cannot_be_planned_is_named_by_its_title(lines: tuple[str, ...], why: str) -> None:
    (problem,) = refused(calendar(*lines))
    assert problem.startswith("“Dr Vallon” on ")
    assert problem.endswith(f": {why}")


@pytest.mark.parametrize("data", [b"BEGIN:VCALENDAR", b"\xff\xfe", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    assert refused(data) == ["this file is no iCalendar that can be read; export it again (.ics)."]
