from __future__ import annotations

from datetime import date, datetime, time, timedelta
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


_MOMENTS_S = st.integers(_at("2025-01-01T12:00:00") // 1000, _at("2040-01-01T12:00:00") // 1000)


@given(_MOMENTS_S, st.integers(0, 90_000))
def test_a_later_moment_is_never_in_an_earlier_day(moment_s: int, later_s: int) -> None:
    assert service_day(moment_s * 1000, _PARIS) <= service_day((moment_s + later_s) * 1000, _PARIS)


@given(st.dates(date(2025, 1, 1), date(2040, 1, 1)))
def test_every_day_begins_once_between_one_noon_and_the_next(today: date) -> None:
    noon = datetime.combine(today, time(12), _PARIS)
    hours = [_at((noon + timedelta(hours=hour)).isoformat()) for hour in range(25)]
    assert {service_day(hour, _PARIS) for hour in hours} == {str(today), str(today + timedelta(days=1))}
