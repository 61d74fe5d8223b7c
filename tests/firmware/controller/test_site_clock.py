"""The site clock, under whatever the machine's own clock does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edge.clock import ManualClock
from firmware.controller.clock import SiteClock

EVENING_MS = 1_795_366_800_000
"""22 November 2026, 18:00 in Paris."""
_DAY_S = 86_400


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(EVENING_MS)


def test_it_follows_a_clock_that_a_time_server_has_set(clock: ManualClock) -> None:
    site = SiteClock(clock, last_ms=EVENING_MS - 60_000)
    assert site.is_in_doubt

    assert site.put_forward() == 60_000
    clock.advance(7)

    assert site.now_ms() == EVENING_MS + 7000
    assert not site.is_in_doubt


@pytest.mark.parametrize("wall_ms", [0, EVENING_MS - _DAY_S * 1000, EVENING_MS + _DAY_S * 1000, 2_145_916_800_000])
def test_a_wall_clock_that_nobody_has_set_is_not_believed(wall_ms: int) -> None:
    clock = ManualClock(wall_ms)
    clock.synchronised = False
    site = SiteClock(clock, last_ms=EVENING_MS)

    clock.advance(5)
    clock.jump(_DAY_S)

    assert site.put_forward() == 0
    assert site.now_ms() == EVENING_MS + 5000
    assert site.true_ms() is None


def test_a_new_journal_in_doubt_begins_before_every_true_hour() -> None:
    clock = ManualClock(2_145_916_800_000)
    clock.synchronised = False
    site = SiteClock(clock, last_ms=0)

    assert site.now_ms() == 1_767_225_600_000
    clock.jump((EVENING_MS - clock.wall_ms()) / 1000)
    clock.synchronised = True
    assert site.put_forward() == EVENING_MS - 1_767_225_600_000


def test_a_leap_waits_until_it_can_be_written_down(clock: ManualClock) -> None:
    site = SiteClock(clock, last_ms=EVENING_MS)
    site.put_forward()

    clock.jump(+3600)

    assert site.now_ms() == EVENING_MS
    assert site.put_forward() == 3_600_000
    assert site.now_ms() == EVENING_MS + 3_600_000
    site.put_back(3_600_000)
    assert site.put_forward() == 3_600_000


def test_set_by_hand_it_goes_on_from_the_last_true_hour(clock: ManualClock) -> None:
    site = SiteClock(clock, last_ms=EVENING_MS)
    site.put_forward()

    clock.synchronised = False
    clock.jump(-_DAY_S)
    clock.advance(10)

    assert site.now_ms() == site.true_ms() == EVENING_MS + 10_000


def test_after_a_lie_it_neither_runs_backwards_nor_stands_still_nor_stays_ahead(clock: ManualClock) -> None:
    site = SiteClock(clock, last_ms=EVENING_MS)
    clock.jump(_DAY_S)
    site.put_forward()

    clock.jump(-_DAY_S)
    clock.advance(20)
    assert site.now_ms() == EVENING_MS + _DAY_S * 1000 + 10_000
    assert site.true_ms() == EVENING_MS + 20_000

    clock.advance(2 * _DAY_S)
    assert site.now_ms() == site.true_ms()


def test_the_hour_of_another_machine_ends_the_doubt_if_it_can_be_one(clock: ManualClock) -> None:
    clock.synchronised = False
    site = SiteClock(clock, last_ms=EVENING_MS - 60_000)

    for impossible_ms in (0, 2**53 - 1):
        site.hear(impossible_ms)
        assert site.true_ms() is None

    site.hear(EVENING_MS)
    clock.advance(3)
    assert (site.put_forward(), site.now_ms()) == (60_000, EVENING_MS + 3000)


_STEPS = st.tuples(st.integers(0, 100_000), st.integers(-(10**6), 10**6), st.booleans(), st.booleans())


@given(st.lists(_STEPS, max_size=30))
def test_it_never_runs_backwards(steps: list[tuple[int, int, bool, bool]]) -> None:
    clock = ManualClock(EVENING_MS)
    site, before_ms = SiteClock(clock, last_ms=EVENING_MS), EVENING_MS
    for passes_s, jumps_s, is_synchronised, is_written in steps:
        clock.advance(passes_s)
        clock.jump(jumps_s)
        clock.synchronised = is_synchronised
        if is_written:
            site.put_forward()
        now_ms = site.now_ms()
        assert now_ms >= before_ms + passes_s * 500 - 1
        before_ms = now_ms
