"""The service day: which day it is for numbers, whatever midnight says.

A day begins at 4:00 local time, when no centre is open, so that an evening that runs past midnight keeps its numbers.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

__all__ = ["BEGINS_AT_H", "begins_ms", "service_day"]

BEGINS_AT_H = 4


def service_day(wall_ms: int, zone: tzinfo) -> str:
    """ISO date of the service day that holds an instant.

    The hours are taken off the local wall reading, so the two nights when the clock changes need no case of their own.
    """
    local = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(zone)
    return (local.replace(tzinfo=None) - timedelta(hours=BEGINS_AT_H)).date().isoformat()


def begins_ms(day: str, zone: tzinfo) -> int:
    """The instant at which a service day begins: the first one that `service_day` gives to it.

    4:00 exists once on every day: clocks change at night, but before it (directive 2000/84/EC, articles 2 and 3).
    """
    local = datetime.combine(date.fromisoformat(day), time(BEGINS_AT_H), zone)
    return int(local.timestamp()) * 1000
