"""Tells the sites what is planned for them, and the pages what has changed: a thread of its own.

Rule: what the database holds is told, whoever has written it there, the page or the command line; within two seconds,
again on each connection, and as often as it takes. A database that refuses holds nothing up: the sites have what they
were told.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from agent.roster.config import site_config, today
from agent.roster.plan import Centres, Plan, zone_of
from agent.store.engine import StoreFault
from agent.store.plans import PlanStore
from core.edge.clock import Clock
from core.room.ids import SiteId
from core.wire.coding import encode
from core.wire.topics import SiteTopics

__all__ = ["Sender"]

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0
_STOP_S = 10.0


class Sender:
    """The plan's way out."""

    def __init__(self, store: PlanStore, centres: Centres, clock: Clock, publish: Callable[[str, bytes], bool]) -> None:
        """
        Args:
            publish: hands a retained message to the link; False when the link is down.
        """
        self._store = store
        self._centres = centres
        self._clock = clock
        self._publish = publish
        self._show: Callable[[Plan], object]
        self._shown: dict[SiteId, int] | None = None
        self._plan = Plan()
        self._sent: dict[SiteId, int] = {}
        self._connections = self._served = 0
        """Up to now, and when the sites were told last."""
        self._fault: str | None = None
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="roster", daemon=True)

    def start(self, show: Callable[[Plan], object]) -> None:
        """
        Args:
            show: takes each new plan, on this thread.
        """
        self._show = show
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        self._thread.join(_STOP_S)
        self._store.close()

    def link_is_up(self) -> None:
        """Tell everything again: what was told on an earlier connection may not have arrived."""
        self._connections += 1
        self._wake.set()

    def look(self) -> None:
        """Look now, because something was changed here."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tell()
                self._fault = None
            except StoreFault as fault:
                if self._fault is None:
                    _log.error("the plan cannot be read: %s", fault)
                self._fault = str(fault)
            except Exception as error:
                # Whatever one site's plan does to this program, the next look may find it mended.
                if self._fault is None:
                    _log.exception("the plan cannot be told")
                self._fault = str(error)
            self._wake.wait(_LOOK_EVERY_S)
            self._wake.clear()

    def _tell(self) -> None:
        now_ms = self._clock.wall_ms()
        days = {site: today(zone_of(centre), now_ms) for site, centre in self._centres.items()}
        revs = self._store.revs(days, now_ms=now_ms)
        if revs != self._shown:
            self._plan, self._shown = self._store.read(), revs
            self._show(self._plan)
        if self._served != self._connections:
            self._served = self._connections
            self._sent.clear()
        for site, rev in revs.items():
            if site in days and self._sent.get(site) != rev:
                config = site_config(self._plan, site, zone_of(self._centres[site]), day=days[site], rev=rev)
                if self._publish(SiteTopics(site).down("cfg"), encode(config)):
                    self._sent[site] = rev
