"""Who draws the slips: on a thread of its own, while the disk takes the number.

A disk that syncs leaves the processor alone, and a slip is drawn in that time: on a card both take ten milliseconds and
more. No byte of the job leaves here before it is asked for.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from firmware.drivers.printer.escpos import encode
from firmware.drivers.printer.profiles import Profile
from firmware.kiosk.slip import Slip, draw

__all__ = ["Artist"]


class Artist:
    """Draws one slip after the other. Used from one thread."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="artist")
        self._job: Future[bytes] = Future()

    def begin(self, slip: Slip) -> None:
        """Draw a slip; one that was never asked for is forgotten."""
        self._job = self._worker.submit(self._drawn, slip)

    def job(self) -> bytes:
        """The slip begun last, as the printer takes it.

        Raises:
            ValueError: it cannot be drawn.
        """
        return self._job.result()

    def stop(self) -> None:
        self._worker.shutdown()

    def _drawn(self, slip: Slip) -> bytes:
        return encode(draw(slip, self._profile), self._profile)
