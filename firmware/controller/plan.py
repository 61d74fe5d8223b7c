"""What the network has planned for this site: who is on duty when, and days unlike others. Kept on this disk, because
the plan of the coming weeks must not need the network on the day.

Rule: a centre works without a plan. One that cannot be read is set aside, an older one never replaces a newer, and what
the plan makes one do is `core.room`'s matter.
"""

from __future__ import annotations

import logging
from pathlib import Path
from zoneinfo import ZoneInfo

from core.edge.disk import replace_file, sync_folder
from core.edge.opening import opening_of
from core.edge.site import Site
from core.room.ids import RoomId, ServiceId
from core.room.opening import Hours
from core.room.passage import Policy
from core.room.roster import Roster, Shift
from core.wire.coding import WireError, decode, encode
from core.wire.messages import DayHours, SiteConfig

__all__ = ["Plan", "policy_of"]

_log = logging.getLogger(__name__)

_PAUSE_S = 1.0


class Plan:
    """`plan.json` in the controller's data folder."""

    def __init__(self, data: Path, site: Site) -> None:
        self._path = data / "plan.json"
        self._site = site
        self._tried_s = float("-inf")
        self.aside: Path | None = None
        """Where a damaged plan was put."""
        self.fault: OSError | None = None
        """Why the disk does not give or take the plan."""
        self.config: SiteConfig | None = None
        """The newest plan; None before the first."""
        self.policy = policy_of(site)
        try:
            self._follow(decode(SiteConfig, self._path.read_bytes()))
        except FileNotFoundError:
            pass
        except (WireError, ValueError) as error:
            self._set_aside(error)
        except OSError as error:
            _log.error("%s: cannot be read, the centre works without a plan: %s", self._path, error)
            self.fault = error
        self._kept: SiteConfig | None = self.config

    def take(self, config: SiteConfig) -> bool:
        """Go by a plan, if it is newer than the one in use.

        Returns:
            Whether it is.

        Raises:
            ValueError: it holds hours that cannot be; the plan in use stays.
        """
        if self.config is not None and config.rev <= self.config.rev:
            return False
        self._follow(config)
        return True

    def keep(self, now_s: float) -> None:
        """Write the plan in use, if the disk has another one; call it again and again.

        A disk that refuses is told by `fault` and tried again: the plan holds without it.

        Args:
            now_s: monotonic seconds.
        """
        if self.config is None or self.config is self._kept or now_s - self._tried_s < _PAUSE_S:
            return
        self._tried_s = now_s
        try:
            replace_file(self._path, encode(self.config))
            sync_folder(self._path.parent)
        except OSError as error:
            if self.fault is None:
                _log.error("%s: the plan cannot be kept: %s", self._path, error)
            self.fault = error
        else:
            self._kept, self.fault = self.config, None

    def _follow(self, config: SiteConfig) -> None:
        self.policy = policy_of(self._site, config)
        self.config = config

    def _set_aside(self, error: Exception) -> None:
        aside = self._path.with_suffix(".damaged")
        _log.error("%s: %s; set aside as %s, the centre works without a plan", self._path, error, aside.name)
        try:
            self._path.replace(aside)
        except OSError as fault:
            self.fault = fault
        else:
            self.aside = aside


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
