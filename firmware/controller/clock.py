"""The site clock: what orders events. It never runs backwards, whatever happens to the machine's own clock."""

from __future__ import annotations

from core.edge.clock import Clock

__all__ = ["SiteClock"]


class SiteClock:
    """Wall time, held to at least the pace of the monotonic clock."""

    def __init__(self, clock: Clock, last_ms: int) -> None:
        """
        Args:
            last_ms: time of the newest journal entry; the clock goes on from there at the earliest.
        """
        self._clock = clock
        self._now_ms = last_ms
        self._mono_ms = clock.mono_ms()

    def now_ms(self) -> int:
        mono_ms = self._clock.mono_ms()
        self._now_ms = max(self._clock.wall_ms(), self._now_ms + mono_ms - self._mono_ms)
        self._mono_ms = mono_ms
        return self._now_ms
