"""Whether a centre gives tickets now, by its hours and by its crowd, and how its next opening is said.

Rule: pure, and the same wherever it is asked: the centre tells its kiosks, the network tells other centres.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from core.room.opening import Opening
from core.room.phrases import Phrase

__all__ = ["Standing", "opens", "standing_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a centre's intake stands."""

    intake: Literal["open", "full", "closed"]
    opens_ms: int | None = None
    """The next opening, while it is not open; None where no hours are known."""
    closes_ms: int | None = None
    """Today's closing, before it; None where no hours are known."""


def standing_of(opening: Opening | None, at_ms: int, *, is_stopped: bool) -> Standing:
    """How the intake stands at an instant.

    Closing time closes the kiosks even where a practitioner is still on duty: who came before it has a ticket.

    Args:
        opening: None where no hours are known; such a centre is never closed, nor full.
        is_stopped: whether those who wait fill the time that is left.
    """
    if opening is None:
        return Standing(intake="open")
    hours = opening.now(at_ms)
    if hours is None:
        return Standing(intake="closed", opens_ms=opening.next_opening_ms(at_ms))
    if is_stopped:
        return Standing(intake="full", opens_ms=opening.next_opening_ms(at_ms), closes_ms=hours[1])
    return Standing(intake="open", closes_ms=hours[1])


def opens(opens_ms: int, now_ms: int, zone: tzinfo) -> Phrase:
    """The next opening, in relation to today."""
    opening, now = (datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone) for ms in (opens_ms, now_ms))
    days = opening.date() - now.date()
    time = f"{opening:%H:%M}"
    if not days:
        return Phrase("kiosk.opens-today", {"time": time})
    if days == timedelta(days=1):
        return Phrase("kiosk.opens-tomorrow", {"time": time})
    return Phrase("kiosk.opens-on", {"day": f"{opening:%d/%m}", "time": time})
