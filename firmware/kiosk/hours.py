"""When the centre opens next, as the start page says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from core.room.phrases import Phrase

__all__ = ["opens"]


def opens(opens_ms: int, now_ms: int, zone: tzinfo) -> Phrase:
    """The next opening, in relation to today.

    Args:
        now_ms: the site clock, which is certain where a centre says that it is closed.
    """
    opening, now = (datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone) for ms in (opens_ms, now_ms))
    days = opening.date() - now.date()
    time = f"{opening:%H:%M}"
    if not days:
        return Phrase("kiosk.opens-today", {"time": time})
    if days == timedelta(days=1):
        return Phrase("kiosk.opens-tomorrow", {"time": time})
    return Phrase("kiosk.opens-on", {"day": f"{opening:%d/%m}", "time": time})
