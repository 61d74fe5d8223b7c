"""The site clock: what orders events. It never runs backwards, whatever happens to the machine's own clock.

Rule: it believes an hour that a time server has set, on this machine or on one of the centre's kiosks, and the
monotonic clock; never a wall clock that nobody has set. Until it has heard of the true hour it is *in doubt*: it goes
on from the last entry of the journal and is late by as long as the power was off.
"""

from __future__ import annotations

from core.edge.clock import Clock

__all__ = ["SiteClock"]

_BEGINNING_MS, _END_MS = 1_767_225_600_000, 4_102_444_800_000
"""1 January of 2026 and of 2100: an hour outside is no hour. In doubt, the clock of a journal without entries begins
with the first, so that the truth only ever puts it forward."""
_LEAP_MS = 1000
"""As far as this the clock puts itself forward; a larger leap is an event, because ages must survive it."""


class SiteClock:
    """Wall time, at the pace of the monotonic clock."""

    def __init__(self, clock: Clock, last_ms: int) -> None:
        """
        Args:
            last_ms: time of the newest journal entry, 0 without any; the clock goes on from there at the earliest.
        """
        self._clock = clock
        self._mono_ms = clock.mono_ms()
        self._true: tuple[int, int] | None = None
        """The newest true hour that was heard, and the monotonic clock then."""
        self._now_ms = float(max(last_ms, _BEGINNING_MS))
        self.is_in_doubt = True
        """Whether what it says may be late; ends with `put_forward`."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970.

        A clock that is ahead of the truth, after a time server has lied to it, runs at half its pace until the truth
        has caught up: a day ahead is healed within two days, and neither a recall nor a grace time stands still.
        """
        mono_ms = self._clock.mono_ms()
        passed_ms, self._mono_ms = mono_ms - self._mono_ms, mono_ms
        true_ms = self.true_ms()
        paced_ms = self._now_ms + passed_ms
        if true_ms is None or true_ms > paced_ms + _LEAP_MS:
            self._now_ms = paced_ms
        else:
            self._now_ms = max(true_ms, self._now_ms + passed_ms / 2)
        return int(self._now_ms)

    def true_ms(self) -> int | None:
        """The hour as a time server has it, carried on by the monotonic clock where it is heard no more; else None."""
        if self._clock.is_synchronised():
            self.hear(self._clock.wall_ms())
        if self._true is None:
            return None
        wall_ms, mono_ms = self._true
        return wall_ms + self._clock.mono_ms() - mono_ms

    def hear(self, wall_ms: int) -> None:
        """Take the hour from a machine that a time server has set."""
        if _BEGINNING_MS <= wall_ms < _END_MS:
            self._true = wall_ms, self._clock.mono_ms()

    def put_forward(self) -> int:
        """Put the clock forward to the true hour, if that is known.

        Returns:
            By how many milliseconds, if that is a leap.
        """
        now_ms, true_ms = self.now_ms(), self.true_ms()
        if true_ms is None:
            return 0
        self.is_in_doubt = False
        if true_ms - now_ms <= _LEAP_MS:
            return 0
        self._now_ms = float(true_ms)
        return true_ms - now_ms

    def put_back(self, by_ms: int) -> None:
        """Undo what could not be written down: the tickets still have the late times."""
        self._now_ms -= by_ms
        self.is_in_doubt = self.is_in_doubt or by_ms > 0

    def go_on_from(self, at_ms: int) -> None:
        """Go on from here at the earliest: another part of the centre remembers this hour."""
        self._now_ms = max(self._now_ms, float(at_ms))
