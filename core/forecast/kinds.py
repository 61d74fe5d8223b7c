"""What kind of visit somebody waits for, in a centre's own words, and what its clock on the wall says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from core.forecast.habits import CARE, CONSULTATION
from core.room.events import Priority
from core.room.ids import ServiceId
from core.room.passage import Policy

__all__ = ["is_closing", "kind_of", "midnight_ms", "newcomers", "service_day"]


def kind_of(service: ServiceId, priority: Priority, policy: Policy) -> str:
    """Care is care; then a class that somebody set says more of a visit than the service does."""
    if service in policy.care:
        return CARE
    return str(service if priority is Priority.ORDINARY else priority.value)


def newcomers(policy: Policy) -> Mapping[ServiceId, str]:
    """What somebody may come for, and the kind of visit that it leads to."""
    services = sorted(policy.offered) or [ServiceId(CONSULTATION)]
    return {service: kind_of(service, Priority.ORDINARY, policy) for service in services}


def is_closing(ends_min: float | None, closes_min: float | None, policy: Policy) -> bool:
    """Whether somebody who stays until then sees the last patient out."""
    return ends_min is None or (closes_min is not None and ends_min >= closes_min - policy.leave_min)


def service_day(at_ms: int, policy: Policy) -> date:
    """The day on the wall."""
    zone = UTC if policy.opening is None else policy.opening.zone
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).date()


def midnight_ms(day: date, policy: Policy) -> int:
    """When the clock on the wall showed midnight, told by what it shows at noon: it may change in between."""
    zone = UTC if policy.opening is None else policy.opening.zone
    return round(datetime.combine(day, time(12), zone).timestamp() - 12 * 3600) * 1000
