"""When a centre is open, on the nights when clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.room.opening import EVERY_DAY, Hours, Opening

_PARIS = ZoneInfo("Europe/Paris")
_HOUR_MS = 3_600_000
_SHORT = Hours(opens_min=14 * 60, closes_min=18 * 60)
_OPEN = Opening(
    week=(EVERY_DAY,) * 6 + (None,),
    holiday=_SHORT,
    holidays=frozenset({"2026-12-25", "2027-01-01"}),
    overrides={"2027-01-01": None, "2026-11-29": EVERY_DAY},
    zone=_PARIS,
)
"""Closed on Sundays; shorter on holidays; closed on New Year's Day, open on one Sunday in November."""


def _ms(local: str) -> int:
    return int(datetime.fromisoformat(local).replace(tzinfo=_PARIS).timestamp()) * 1000


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param("2026-11-23", EVERY_DAY, id="a Monday"),
        pytest.param("2026-11-22", None, id="a Sunday"),
        pytest.param("2026-11-29", EVERY_DAY, id="a Sunday named by hand"),
        pytest.param("2026-12-25", _SHORT, id="a holiday"),
        pytest.param("2027-01-01", None, id="a holiday named by hand"),
    ],
)
def test_a_day_named_by_hand_beats_a_holiday_and_a_holiday_the_week(day: str, hours: Hours | None) -> None:
    assert _OPEN.hours_on(day) == hours


def test_a_centre_is_open_from_its_opening_until_just_before_its_closing() -> None:
    opens, closes = _ms("2026-11-23T09:00"), _ms("2026-11-23T22:00")

    assert _OPEN.interval("2026-11-23") == (opens, closes)
    assert _OPEN.now(opens - 1) is None
    assert _OPEN.now(opens) == _OPEN.now(closes - 1) == (opens, closes)
    assert _OPEN.now(closes) is None
    assert _OPEN.interval("2026-11-22") is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        pytest.param("2026-11-23T08:59", "2026-11-23T09:00", id="later today"),
        pytest.param("2026-11-23T09:00", "2026-11-24T09:00", id="open now: tomorrow"),
        pytest.param("2026-11-21T22:00", "2026-11-23T09:00", id="over a Sunday"),
        pytest.param("2026-12-31T23:00", "2027-01-02T09:00", id="over a day closed by hand"),
    ],
)
def test_the_next_opening_is_the_first_one_still_to_come(now: str, opens: str) -> None:
    assert _OPEN.next_opening_ms(_ms(now)) == _ms(opens)


def test_a_centre_that_never_opens_has_no_next_opening() -> None:
    assert Opening(week=(None,) * 7).next_opening_ms(_ms("2026-11-23T08:00")) is None


@pytest.mark.parametrize(
    ("day", "hours_long"),
    [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-25", 25)],
)
def test_a_centre_that_never_closes_is_open_for_as_long_as_the_day_lasts(day: str, hours_long: int) -> None:
    always = Opening(week=(Hours(opens_min=0, closes_min=1440),) * 7, zone=_PARIS)

    interval = always.interval(day)

    assert interval is not None
    assert interval[1] - interval[0] == hours_long * _HOUR_MS
    assert always.now(interval[1] - 1) == interval
    assert always.now(interval[1]) != interval


@settings(max_examples=200, deadline=None)
@given(day=st.dates(date(2026, 1, 1), date(2030, 12, 31)), minute=st.integers(0, 1439))
def test_doors_open_at_nine_by_the_clock_on_the_wall_every_day(day: date, minute: int) -> None:
    opening = Opening(zone=_PARIS)
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    at_ms = int(wall.replace(tzinfo=_PARIS).timestamp()) * 1000
    is_real = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(_PARIS).replace(tzinfo=None) == wall

    assert not is_real or (opening.now(at_ms) is not None) is (9 * 60 <= minute < 22 * 60)


@pytest.mark.parametrize(("opens_min", "closes_min"), [(600, 600), (600, 599), (-1, 600), (600, 1441)])
def test_hours_that_are_none_say_so(opens_min: int, closes_min: int) -> None:
    with pytest.raises(ValueError, match="it begins before it ends, between 0 and 1440"):
        Hours(opens_min=opens_min, closes_min=closes_min)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="a week has 7 days, not 5"):
        Opening(week=(EVERY_DAY,) * 5)
