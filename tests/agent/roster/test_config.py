"""What a site is told of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from agent.roster.config import site_config
from agent.roster.plan import Plan
from core.room.opening import Hours
from core.wire.coding import decode, encode
from core.wire.messages import DayHours, SiteConfig
from tests.agent.roster.given import AUBAGNE, PARIS, TRETS, plan, planned

TODAY = date(2026, 11, 22)


def told(whole: Plan) -> SiteConfig:
    config = site_config(whole, AUBAGNE, PARIS, day=TODAY, rev=7)
    return decode(SiteConfig, encode(config))


def test_a_site_hears_of_yesterday_and_of_six_weeks() -> None:
    inside = [
        planned("vallon", "2026-11-20 20:00", "2026-11-21 02:00"),
        planned("vallon", "2027-01-03 20:00", "2027-01-04 02:00"),
    ]
    outside = [
        planned("mistral", "2026-11-20 09:00", "22:00"),
        planned("mistral", "2027-01-04 09:00", "22:00"),
        planned("mistral", "2026-11-23 09:00", "22:00", site=TRETS),
    ]

    config = told(plan(*inside, *outside))

    assert [shift.begins_ms for shift in config.shifts] == [one.shift.begins_ms for one in inside]
    assert config.practitioners == {"dr-vallon": "Dr Vallon"}, "nobody is named who does not come"
    assert config.rev == 7


def test_a_site_hears_of_its_days_unlike_others() -> None:
    days = {
        (AUBAGNE, "2026-12-25"): None,
        (AUBAGNE, "2026-12-24"): Hours(opens_min=540, closes_min=1080),
        (AUBAGNE, "2027-05-01"): None,
        (TRETS, "2026-12-25"): None,
    }

    config = told(replace(Plan(), days=days))

    assert config.days == {"2026-12-24": DayHours(opens_min=540, closes_min=1080), "2026-12-25": DayHours()}


def test_the_fullest_plan_fits_into_one_message() -> None:
    who = "d" * 29
    shifts = [
        planned(f"{who}", f"2026-{month:02}-{day:02} {hour:02}:{minute:02}", f"{hour:02}:{minute + 20:02}")
        for month, days in ((11, range(21, 31)), (12, range(1, 32)))
        for day in days
        for hour in range(20)
        for minute in (0, 30)
    ]

    whole = Plan(names={one.shift.practitioner: "é" * 60 for one in shifts}, shifts=frozenset(shifts))

    assert len(told(whole).shifts) == 41 * 40
