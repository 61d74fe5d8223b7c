"""What a site is told of the plan: the weeks that concern it. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent.roster.plan import Plan, instant_ms, local
from core.room.ids import SiteId
from core.wire.messages import DayHours, SiteConfig
from core.wire.messages import Shift as ToldShift

__all__ = ["site_config", "today"]

_BACK = timedelta(days=1)
"""An evening that runs past midnight is yesterday's."""
_AHEAD = timedelta(weeks=6)


def today(zone: ZoneInfo, now_ms: int) -> date:
    return local(now_ms, zone).date()


def site_config(plan: Plan, site: SiteId, zone: ZoneInfo, *, day: date, rev: int) -> SiteConfig:
    """The plan of a site from the day before to six weeks after.

    Args:
        rev: grows with each change of the plan and with each day.
    """
    first, end = day - _BACK, day + _AHEAD + timedelta(days=1)
    from_ms, to_ms = (instant_ms(datetime.combine(one, time()), zone) for one in (first, end))
    shifts = [shift for shift in plan.at(site) if shift.ends_ms > from_ms and shift.begins_ms < to_ms]
    return SiteConfig(
        rev=rev,
        practitioners={shift.practitioner: plan.names[shift.practitioner] for shift in shifts},
        shifts=[
            ToldShift(
                practitioner=shift.practitioner, room=shift.room, begins_ms=shift.begins_ms, ends_ms=shift.ends_ms
            )
            for shift in shifts
        ],
        days={
            key: DayHours() if hours is None else DayHours(opens_min=hours.opens_min, closes_min=hours.closes_min)
            for key, hours in plan.days_at(site).items()
            if first.isoformat() <= key < end.isoformat()
        },
    )
