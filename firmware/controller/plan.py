"""What the network has planned for this site: who is on duty when, and days unlike others. Kept on this disk, because
the plan of the coming weeks must not need the network on the day.

Rule: a centre works without a plan. One that cannot be read is set aside, an older one never replaces a newer, and what
the plan makes one do is `core.room`'s matter.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from core.edge.opening import opening_of
from core.edge.site import Site
from core.room.ids import RoomId, ServiceId
from core.room.opening import Hours
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from core.wire.messages import DayHours, SiteConfig
from firmware.controller.kept import KeptMessage

__all__ = ["Plan", "policy_of"]


class Plan:
    """`plan.json` in the controller's data folder."""

    def __init__(self, data: Path, site: Site) -> None:
        self._site = site
        self.policy = policy_of(site)
        self.file = KeptMessage(data / "plan.json", SiteConfig, self._follow)

    @property
    def config(self) -> SiteConfig | None:
        """The newest plan; None before the first."""
        return self.file.message

    def take(self, config: SiteConfig) -> bool:
        """Go by a plan, if it is newer than the one in use.

        Returns:
            Whether it is.

        Raises:
            ValueError: it holds hours that cannot be; the plan in use stays.
        """
        if self.config is not None and config.rev <= self.config.rev:
            return False
        self.file.take(config)
        return True

    def _follow(self, config: SiteConfig) -> None:
        self.policy = policy_of(self._site, config)


def policy_of(site: Site, config: SiteConfig | None = None) -> Policy:
    """The order and the day of a centre, by its file and by what is planned.

    Raises:
        ValueError: the plan gives a day hours that cannot be.
    """
    config = config or SiteConfig(rev=0)  # plans nothing
    overrides = {day: _hours(day, hours) for day, hours in config.days.items()}
    shifts = [
        Shift(practitioner=one.practitioner, room=one.room, begins_ms=one.begins_ms, ends_ms=one.ends_ms)
        for one in config.shifts
    ]
    return Policy(
        rooms=_rooms(site),
        offered=frozenset(ServiceId(service.id) for service in site.offered),
        care=frozenset(ServiceId(service.id) for service in site.services if service.is_care),
        roster=Roster(shifts=shifts, names=config.practitioners),
        opening=opening_of(site.opening, ZoneInfo(site.timezone), overrides) if site.opening else None,
        **site.times.model_dump(),
    )


def _rooms(site: Site) -> dict[RoomId, frozenset[ServiceId]]:
    """What each room is there for. One that is there for everything is not named: a ticket of a service that has left
    the centre's file is seen all the same.
    """
    offered = None if site.offered == site.services else [service.id for service in site.offered]
    services = {RoomId(room.id): room.services or offered for room in site.rooms}
    return {room: frozenset(map(ServiceId, some)) for room, some in services.items() if some is not None}


def _hours(day: str, hours: DayHours) -> Hours | None:
    if hours.opens_min is None and hours.closes_min is None:
        return None
    if hours.opens_min is None or hours.closes_min is None:
        raise ValueError(f"{day} has an opening without a closing, or the reverse")
    return Hours(opens_min=hours.opens_min, closes_min=hours.closes_min)
