"""Tells each site which other centres give tickets, so that it knows when it closes, with or without a network then: a
thread of its own.

Rule: nothing here holds up what is heard. A site is told what a patient would read otherwise than before, once a minute
at most, and every five minutes that it still holds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from agent.nearby.nearby import Nearby
from agent.roster.plan import Centres, Plan
from agent.view import SiteView
from core.edge.clock import Clock
from core.room.ids import SiteId
from core.wire.coding import encode
from core.wire.messages import Network
from core.wire.topics import SiteTopics

__all__ = ["Teller"]

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 2.0
"""Also what the sites have, after a start, to be heard before the first of them is told of the others."""
_PAUSE_MS = 60_000
_STALE_MS = 5 * 60_000
"""What is older reads as if nobody had looked since."""
_STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class _Told:
    at_ms: int
    """On the monotonic clock."""
    read: object


class Teller:
    """The other centres' way to each site."""

    def __init__(self, centres: Centres, clock: Clock, publish: Callable[[str, bytes], bool]) -> None:
        """
        Args:
            publish: hands a retained message to the link; False when the link is down.
        """
        self._centres = centres
        self._clock = clock
        self._publish = publish
        self._plan = Plan()
        self._nearby = Nearby(centres, lambda: self._plan)
        self._views: dict[SiteId, SiteView] = {}
        self._told: dict[SiteId, _Told] = {}
        self._connections = self._served = 0
        """Up to now, and when the sites were told last."""
        self._is_faulty = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="nearby", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(_STOP_S)

    def link_is_up(self) -> None:
        """Tell everything again: what was told on an earlier connection may not have arrived."""
        self._connections += 1

    def show(self, view: SiteView) -> None:
        """Take a newer view of a site; called on the ingest's thread."""
        self._views[view.site] = view

    def show_plan(self, plan: Plan) -> None:
        """Take a newer plan, which may close a centre or keep one open for longer."""
        self._plan = plan

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            try:
                self.tell()
                self._is_faulty = False
            except Exception:
                # Whatever one centre's state does to this program, the next look may find it otherwise.
                if not self._is_faulty:
                    _log.exception("the sites cannot be told of each other")
                self._is_faulty = True

    def tell(self) -> None:
        """Tell every site what is new to it."""
        if self._served != self._connections:
            self._served = self._connections
            self._told.clear()
        now_ms, mono_ms = self._clock.wall_ms(), self._clock.mono_ms()
        briefs = {view.site: self._nearby.brief(view, now_ms) for view in list(self._views.values())}
        for site in self._centres:
            told = self._told.get(site)
            if told is not None and mono_ms - told.at_ms < _PAUSE_MS:
                continue
            found = self._nearby.around(site, briefs.get)
            read = [(one.distance_m, one.brief.read) for one in found]
            if told is not None and read == told.read and mono_ms - told.at_ms < _STALE_MS:
                continue
            network = Network(at_ms=now_ms, centres=[one.elsewhere() for one in found])
            if self._publish(SiteTopics(site).down("net"), encode(network)):
                self._told[site] = _Told(mono_ms, read)
