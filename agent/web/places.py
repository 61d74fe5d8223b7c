"""What centres and rooms are called, and what time it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agent.settings import SiteSettings
from core.room.ids import RoomId, SiteId

__all__ = ["Places"]


class Places:
    """The centres of the agent's file; one that is only heard goes by its id."""

    def __init__(self, sites: Iterable[SiteSettings]) -> None:
        self._sites = {SiteId(site.id): site for site in sites}

    def __iter__(self) -> Iterator[SiteId]:
        yield from self._sites

    def __contains__(self, site: object) -> bool:
        return site in self._sites

    def name(self, site: SiteId) -> str:
        return self._sites[site].name if site in self._sites else site

    def rooms(self, site: SiteId) -> list[RoomId]:
        return [RoomId(room) for room in self._sites[site].rooms] if site in self._sites else []

    def label(self, site: SiteId, room: RoomId) -> str:
        """What stands on the door after the word for room."""
        known = self._sites.get(site)
        return known.rooms.get(room, room) if known else room

    def wall(self, site: SiteId, at_ms: int) -> datetime:
        """An instant as the clock on the centre's wall shows it."""
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.zone(site))

    def zone(self, site: SiteId) -> ZoneInfo:
        return ZoneInfo(self._sites[site].timezone if site in self._sites else "Europe/Paris")

    def clock_time(self, site: SiteId, at_ms: int, now_ms: int) -> str:
        """An instant as the clock on the centre's wall shows it, with the date if it was not today."""
        at, now = self.wall(site, at_ms), self.wall(site, now_ms)
        return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%d/%m %H:%M}"
