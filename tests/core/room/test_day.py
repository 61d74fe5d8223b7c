from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.room.day import service_day

_PARIS = ZoneInfo("Europe/Paris")


def _at(text: str) -> int:
    """Milliseconds of a moment in Paris; an offset in the text tells the hour that comes twice apart."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=_PARIS)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T09:00:00", "2026-11-22"),
        ("2026-11-22T23:59:59", "2026-11-22"),
        ("2026-11-23T00:00:00", "2026-11-22"),
        ("2026-11-23T03:59:59", "2026-11-22"),
        ("2026-11-23T04:00:00", "2026-11-23"),
        ("2027-01-01T01:30:00", "2026-12-31"),
    ],
)
def test_an_evening_that_runs_past_midnight_keeps_its_day(moment: str, day: str) -> None:
    assert service_day(_at(moment), _PARIS) == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-29T01:59:59+01:00", "2026-03-28"),
        ("2026-03-29T03:00:00+02:00", "2026-03-28"),
        ("2026-03-29T03:59:59+02:00", "2026-03-28"),
        ("2026-03-29T04:00:00+02:00", "2026-03-29"),
        ("2026-10-25T02:30:00+02:00", "2026-10-24"),
        ("2026-10-25T02:30:00+01:00", "2026-10-24"),
        ("2026-10-25T03:59:59+01:00", "2026-10-24"),
        ("2026-10-25T04:00:00+01:00", "2026-10-25"),
    ],
)
def test_on_the_two_nights_when_the_clock_changes_the_day_still_begins_at_four(moment: str, day: str) -> None:
    assert service_day(_at(moment), _PARIS) == day


@given(st.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1)), st.integers(0, 90_000))
def test_a_later_moment_is_never_in_an_earlier_day(moment: datetime, later_s: int) -> None:
    start = _at(moment.isoformat() + "+00:00")
    assert service_day(start, _PARIS) <= service_day(start + later_s * 1000, _PARIS)


@given(st.dates(datetime(2025, 1, 1).date(), datetime(2040, 1, 1).date()))
def test_every_day_begins_once(date: object) -> None:
    noon = datetime.fromisoformat(f"{date}T12:00:00").replace(tzinfo=_PARIS)
    hours = [noon + timedelta(hours=hour) for hour in range(24)]
    days = [service_day(int(hour.timestamp() * 1000), _PARIS) for hour in hours]
    assert days == sorted(days)
    assert len(set(days)) == 2
    assert days[0] == str(date)
