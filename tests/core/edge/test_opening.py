"""The [opening] table of the centre's file: what it refuses, and the hours that it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from holidays import list_supported_countries

from core.edge.config import ConfigError, load
from core.edge.opening import HolidayRegion, OpeningTable, opening_of
from core.room.opening import Hours

PARIS = ZoneInfo("Europe/Paris")
NINE_TO_TEN = Hours(opens_min=540, closes_min=1320)
SUNDAY, MONDAY = "2026-11-22", "2026-11-23"
CHRISTMAS, SAINT_STEPHEN = "2026-12-25", "2026-12-26"
WEEK = 'week = { monday = "08:30-19:00", tuesday = "closed", wednesday = "09:00-24:00", thursday = "09:00-22:00"'
WHOLE_WEEK = WEEK + ', friday = "09:00-22:00", saturday = "09:00-22:00", sunday = "10:00-20:00" }'


def read(tmp_path: Path, toml: str) -> OpeningTable:
    file = tmp_path / "opening.toml"
    file.write_text(toml)
    return load(file, OpeningTable)


def hours(table: OpeningTable, day: str) -> Hours | None:
    return opening_of(table, PARIS, {}).hours_on(day)


def test_every_day_may_be_alike_public_holidays_included(tmp_path: Path) -> None:
    table = read(tmp_path, 'every_day = "09:00-22:00"')

    assert [hours(table, day) for day in (SUNDAY, MONDAY, CHRISTMAS)] == [NINE_TO_TEN] * 3


def test_each_day_of_a_week_may_have_hours_of_its_own(tmp_path: Path) -> None:
    table = read(tmp_path, WHOLE_WEEK)

    assert hours(table, SUNDAY) == Hours(opens_min=600, closes_min=1200)
    assert hours(table, MONDAY) == Hours(opens_min=510, closes_min=1140)
    assert hours(table, "2026-11-24") is None
    assert hours(table, "2026-11-25") == Hours(opens_min=540, closes_min=1440)


@pytest.mark.parametrize(
    ("region", "closed"),
    [
        ("", [CHRISTMAS]),
        ('holiday_region = "57"', [CHRISTMAS, SAINT_STEPHEN]),
        ('holiday_region = "6AE"', [CHRISTMAS, SAINT_STEPHEN]),
    ],
)
def test_public_holidays_are_those_of_where_the_centre_is(tmp_path: Path, region: str, closed: list[str]) -> None:
    table = read(tmp_path, f'every_day = "09:00-22:00"\nholidays = "closed"\n{region}')

    assert [day for day in (CHRISTMAS, SAINT_STEPHEN) if hours(table, day) is None] == closed


def test_public_holidays_are_known_for_as_long_as_a_site_clock_runs(tmp_path: Path) -> None:
    table = read(tmp_path, 'every_day = "09:00-22:00"\nholidays = "10:00-20:00"')

    assert hours(table, "2027-03-29") == Hours(opens_min=600, closes_min=1200), "Easter Monday"
    assert hours(table, "2099-12-25") == Hours(opens_min=600, closes_min=1200)


def test_a_day_changed_by_hand_beats_a_public_holiday(tmp_path: Path) -> None:
    table = read(tmp_path, 'every_day = "09:00-22:00"\nholidays = "closed"')

    assert opening_of(table, PARIS, {CHRISTMAS: NINE_TO_TEN}).hours_on(CHRISTMAS) == NINE_TO_TEN


def test_every_region_that_may_be_named_is_one_that_the_library_knows() -> None:
    assert set(get_args(HolidayRegion)) <= set(list_supported_countries()["FR"])


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('every_day = "9-22"', "every_day = '9-22': give hours like 09:00-22:00, or 'closed'"),
        ('every_day = "09:00-22:60"', "give hours like 09:00-22:00, or 'closed'"),
        ('every_day = "22:00-09:00"', "a centre opens before it closes, on the same day, at 24:00 at the latest"),
        ('every_day = "09:00-25:00"', "a centre opens before it closes, on the same day, at 24:00 at the latest"),
        ('holidays = "closed"', "give the hours once: either every_day or week"),
        (f'every_day = "09:00-22:00"\n{WHOLE_WEEK}', "give the hours once: either every_day or week"),
        (f"{WEEK} }}", "the week lacks friday, saturday, sunday; give each day its hours, or 'closed'"),
        ('week = { mondy = "09:00-22:00" }', "did you mean 'monday'?"),
        ('every_day = "09:00-22:00"\nholiday = "closed"', "holiday = 'closed': no such key; did you mean 'holidays'?"),
        (
            'every_day = "09:00-22:00"\nholidays = "closed"\nholiday_region = "GES"',
            "holiday_region = 'GES': must be one of 57, 6AE,",
        ),
        (
            'every_day = "09:00-22:00"\nholiday_region = "57"',
            "holiday_region alone changes nothing: give holidays its hours, or 'closed'",
        ),
    ],
)
def test_a_table_that_cannot_be_says_what_to_write(tmp_path: Path, toml: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, toml)

    assert sentence in str(refused.value)
