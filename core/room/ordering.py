"""When a ticket was given, on the site clock, whatever the kiosk's own clock believes.

Best first: the kiosk's monotonic age of the ticket, if the kiosk has not restarted since; else its wall time, if a time
server had set it; else next to that kiosk's ticket before, or now while the site clock is in doubt and that ticket may
be of another day. Each kiosk's own order is kept exactly in all cases.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KioskTime", "ordered_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskTime:
    """An instant as a kiosk saw it."""

    boot: int
    """Counter of the kiosk's starts."""
    mono_ms: int
    """Monotonic clock of that boot."""
    wall_ms: int
    is_synchronised: bool


def ordered_at(
    issued: KioskTime, told: KioskTime, now_ms: int, previous_ms: int | None, *, is_in_doubt: bool = False
) -> int:
    """The site time to order a ticket by.

    Args:
        issued: when the kiosk gave the ticket.
        told: when it sent the report that has just arrived.
        now_ms: the site clock now.
        previous_ms: the time given to that kiosk's ticket before, if any.
        is_in_doubt: whether the site clock may be late.
    """
    if issued.boot == told.boot:
        at_ms = now_ms - max(0, told.mono_ms - issued.mono_ms)
    elif issued.is_synchronised:
        at_ms = min(issued.wall_ms, now_ms)
    else:
        at_ms = now_ms if previous_ms is None or is_in_doubt else previous_ms
    return at_ms if previous_ms is None else max(at_ms, previous_ms + 1)
