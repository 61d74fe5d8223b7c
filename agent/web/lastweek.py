"""How well the promises of last week were kept, for the public pages: looked up now and then, kept at hand.

Rule: never better than it was: rounded down, and nothing at all is said of few people.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import date, timedelta

from starlette.concurrency import run_in_threadpool

from agent.roster.config import today
from agent.roster.plan import Centres, zone_of
from agent.scores import FEW, total
from agent.store.engine import StoreFault
from agent.store.scores import ScoreStore
from core.edge.clock import Clock
from core.room.ids import SiteId

__all__ = ["LastWeek"]

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 600.0


class LastWeek:
    """Belongs to the event loop's thread."""

    def __init__(self, store: ScoreStore, centres: Centres, clock: Clock) -> None:
        self._store = store
        self._centres = centres
        self._clock = clock
        self._tenths: Mapping[SiteId, int] = {}

    def tenths(self, site: SiteId) -> int | None:
        """How many in ten of those called were called within what they were told first; None of few people."""
        return self._tenths.get(site)

    async def look(self) -> None:
        """
        Raises:
            StoreFault: the database cannot be read.
        """
        self._tenths = await run_in_threadpool(self._read)

    async def keep_looking(self) -> None:
        """Run for ever. While the database refuses, what was known stays."""
        while True:
            try:
                await self.look()
            except StoreFault as fault:
                _log.warning("how promises were kept cannot be looked up: %s", fault)
            await asyncio.sleep(_LOOK_EVERY_S)

    def _read(self) -> Mapping[SiteId, int]:
        found: dict[SiteId, int] = {}
        now_ms = self._clock.wall_ms()
        for site, centre in self._centres.items():
            monday = _last_monday(today(zone_of(centre), now_ms))
            days = self._store.days(monday, monday + timedelta(days=6), site=site).get(site, {})
            people = total(days).first
            if people.told >= FEW:
                found[site] = 10 * people.kept // people.told
        return found


def _last_monday(day: date) -> date:
    """The Monday of the newest week that is over."""
    return day - timedelta(days=day.weekday() + 7)
