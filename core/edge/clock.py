"""Clocks: the only place where a process asks what time it is.

Two kinds of time stay apart. Domain time (`wall_ms`, `mono_ms`) orders tickets and opens days; the demo may run it
faster.
Gestures, I/O limits and keep-alives use `time.monotonic` directly and always run in real time.
"""

from __future__ import annotations

import time
from typing import Annotated, Literal, Protocol

from pydantic import Field

from core.edge.config import Settings
from core.edge.timex import read_timex

__all__ = [
    "Clock",
    "ClockSettings",
    "ManualClock",
    "ScaledClock",
    "ScaledClockSettings",
    "SystemClock",
    "SystemClockSettings",
    "make_clock",
]


class Clock(Protocol):
    def wall_ms(self) -> int:
        """UTC, in milliseconds since 1970, as this machine believes it."""
        ...

    def mono_ms(self) -> int:
        """Milliseconds since some instant of this boot; never runs backwards, says nothing across boots."""
        ...

    def is_synchronised(self) -> bool:
        """Whether the wall time has been set by a time server since boot."""
        ...


class SystemClock:
    """The machine's own clock."""

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        # CLOCK_BOOTTIME goes on while the machine is suspended (clock_gettime(2)).
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def is_synchronised(self) -> bool:
        try:
            return read_timex().is_synchronised
        except OSError:
            return False  # what cannot be asked is not known


class ScaledClock:
    """A named fake: domain time that read `start_ms` when the machine read `origin_ms`, `speed` times faster.

    Several processes given the same three figures agree, as machines synchronised by NTP do.
    """

    def __init__(self, *, origin_ms: int, start_ms: int, speed: float, may_be_wrong: bool = False) -> None:
        """
        Args:
            may_be_wrong: the machine is asked whether a time server has set its clock; the demo takes that for granted.
        """
        self._origin_ms = origin_ms
        self._start_ms = start_ms
        self._speed = speed
        self._machine = SystemClock() if may_be_wrong else None

    def wall_ms(self) -> int:
        return self._start_ms + int((time.time_ns() // 1_000_000 - self._origin_ms) * self._speed)

    def mono_ms(self) -> int:
        return int(time.clock_gettime_ns(time.CLOCK_BOOTTIME) * self._speed) // 1_000_000

    def is_synchronised(self) -> bool:
        return self._machine is None or self._machine.is_synchronised()


class ManualClock:
    """A clock that tests move by hand."""

    def __init__(self, wall_ms: int = 1_795_338_000_000, mono_ms: int = 60_000) -> None:
        self._wall_ms = wall_ms
        self._mono_ms = mono_ms
        self.synchronised = True

    def wall_ms(self) -> int:
        return self._wall_ms

    def mono_ms(self) -> int:
        return self._mono_ms

    def is_synchronised(self) -> bool:
        return self.synchronised

    def advance(self, seconds: float) -> None:
        self._wall_ms += int(seconds * 1000)
        self._mono_ms += int(seconds * 1000)

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as a time server or a technician does."""
        self._wall_ms += int(seconds * 1000)


class SystemClockSettings(Settings):
    """The machine's own clock."""

    driver: Literal["system"] = "system"


class ScaledClockSettings(Settings):
    """The demo's clock: see `ScaledClock`."""

    driver: Literal["scaled"]
    origin_ms: int
    start_ms: int
    speed: Annotated[float, Field(gt=0, le=1000)]
    may_be_wrong: bool = False
    """Whether the machine is asked if a time server has set its clock."""


ClockSettings = Annotated[SystemClockSettings | ScaledClockSettings, Field(discriminator="driver")]
"""The `[clock]` table of a device file."""


def make_clock(settings: ClockSettings) -> Clock:
    match settings:
        case ScaledClockSettings():
            return ScaledClock(
                origin_ms=settings.origin_ms,
                start_ms=settings.start_ms,
                speed=settings.speed,
                may_be_wrong=settings.may_be_wrong,
            )
        case SystemClockSettings():
            return SystemClock()
