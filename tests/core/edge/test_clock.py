from __future__ import annotations

import time

import pytest

from core.edge.clock import (
    ManualClock,
    ScaledClock,
    ScaledClockSettings,
    SystemClock,
    SystemClockSettings,
    make_clock,
)


def test_the_machines_clock_says_what_the_machine_says() -> None:
    clock = SystemClock()
    assert abs(clock.wall_ms() - time.time() * 1000) < 1000
    first = clock.mono_ms()
    assert 0 < first <= clock.mono_ms()
    assert clock.is_synchronised() in {True, False}


def test_a_scaled_clock_runs_faster_from_the_moment_it_was_given() -> None:
    origin_ms = time.time_ns() // 1_000_000 - 10_000
    clock = ScaledClock(origin_ms=origin_ms, start_ms=1_000_000, speed=60)
    assert 600_000 <= clock.wall_ms() - 1_000_000 < 660_000
    assert clock.is_synchronised()


def test_scaled_clocks_of_several_processes_agree() -> None:
    settings = ScaledClockSettings(driver="scaled", origin_ms=0, start_ms=0, speed=10)
    first, second = make_clock(settings), make_clock(settings)
    assert abs(first.wall_ms() - second.wall_ms()) < 10_000
    assert abs(first.mono_ms() - second.mono_ms()) < 10_000


def test_a_scaled_monotonic_clock_never_runs_backwards() -> None:
    clock = ScaledClock(origin_ms=0, start_ms=0, speed=1000)
    readings = [clock.mono_ms() for _ in range(1000)]
    assert readings == sorted(readings)


def test_a_device_has_the_machines_clock_unless_its_file_says_otherwise() -> None:
    assert isinstance(make_clock(SystemClockSettings()), SystemClock)


@pytest.mark.parametrize("seconds", [0.001, 5, 3600])
def test_a_manual_clock_moves_when_it_is_moved(seconds: float) -> None:
    clock = ManualClock(wall_ms=1_000, mono_ms=50)
    clock.advance(seconds)
    assert (clock.wall_ms(), clock.mono_ms()) == (1_000 + int(seconds * 1000), 50 + int(seconds * 1000))
    clock.jump(-seconds)
    assert (clock.wall_ms(), clock.mono_ms()) == (1_000, 50 + int(seconds * 1000))
