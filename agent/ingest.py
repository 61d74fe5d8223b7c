"""From the central broker into the store, and from there to the pages: a thread of its own.

Rule: an acknowledgement leaves only after the commit, and names the contiguous prefix of one journal. Whatever waits is
one transaction; nothing waits for a batch to fill. What cannot be read is counted and dropped, and stops nobody else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from agent.inbox import Inbox, Taken
from agent.picture import Picture
from agent.settings import AgentFile
from agent.store.engine import StoreFault
from agent.store.store import Changes, Store
from agent.stream import Stream, bodies_of, follow
from agent.view import SiteView
from core.edge.clock import Clock
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.notify import notify_alive
from core.edge.presence import count_boot
from core.room.ids import SiteId
from core.wire.messages import Ack, AgentState, Fleet, LinkState, LogBatch, Snap, encode
from core.wire.topics import AGENT_STATE, PREFIX, SiteTopics, parse

__all__ = ["Health", "Ingest"]

_log = logging.getLogger(__name__)

_LEAVES = ("log", "snap", "link", "fleet")
_BEAT_S = 1.0
_STOP_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the ingest is, for `/healthz`."""

    beat_s: float = float("-inf")
    """When it last went round: real monotonic seconds."""
    link_is_up: bool = False
    store_fault: str | None = None
    """Why the database did not take what came last."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Messages dropped since start, by topic or reason."""
    alerts: Mapping[SiteId, Mapping[str, str]] = field(default_factory=dict)
    """By site, code and detail."""


@dataclass(slots=True)
class _Drain:
    """What one round of the ingest works on."""

    changes: Changes = field(default_factory=Changes)
    streams: dict[tuple[SiteId, str], Stream] = field(default_factory=dict)
    """Every journal that was heard, new entries or not: each is acknowledged."""
    repeats: list[tuple[tuple[SiteId, str], int, list[str]]] = field(default_factory=list)
    """Journal, first `seq` and bodies of entries that had been taken in before."""


class Ingest:
    """The agent's reading side."""

    def __init__(self, settings: AgentFile, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._inbox = Inbox()
        self._intake = Intake()
        self._pictures: dict[SiteId, Picture] = {}
        self._streams: dict[SiteId, Stream] = {}
        self._store_fault: str | None = None
        self._show: Callable[[SiteView], object]
        self._boot = count_boot(settings.data)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._link = Link(
            settings.link,
            client_id="agent",
            filters=[f"{PREFIX}/+/up/{leaf}" for leaf in _LEAVES],
            on_message=self._inbox.put,
            on_up=lambda: self._inbox.put_link(is_up=True),
            on_down=lambda: self._inbox.put_link(is_up=False),
            will=(AGENT_STATE, encode(AgentState(boot=self._boot, online=False))),
        )
        self.health = Health()

    def restore(self) -> Iterator[SiteView]:
        """Every site as it was stored; to be called before the start.

        Raises:
            StoreFault: the database cannot be read.
        """
        for row, stream in self._store.load():
            picture = Picture(site=row.site, epoch=row.epoch, as_of_ms=row.as_of_ms, fleet=row.fleet)
            self._pictures[row.site] = picture
            if stream is not None:
                self._streams[row.site] = stream
            view = picture.look(stream)
            if view is not None:
                yield view

    def start(self, show: Callable[[SiteView], object]) -> None:
        """
        Args:
            show: takes each new view, on the ingest's thread.
        """
        self._show = show
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Say goodbye to the broker, finish what is in hand, and end the thread."""
        self._link.publish(AGENT_STATE, encode(AgentState(boot=self._boot, online=False)), retain=True)
        self._link.stop()
        self._stopping.set()
        self._inbox.close()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            taken = self._inbox.take(_BEAT_S)
            try:
                self._take_in(taken)
            except Exception:
                self._intake.refuse("ingest", "a fault of the agent itself")
                _log.exception("what had arrived could not be taken in")
            self._link.watch()
            self._report()
            notify_alive()

    def _report(self) -> None:
        refused = dict(self._intake.refused)
        if self._inbox.dropped:
            refused["no room"] = self._inbox.dropped
        self.health = Health(
            beat_s=time.monotonic(),
            link_is_up=self._link.is_up,
            store_fault=self._store_fault,
            refused=refused,
            alerts={site: dict(picture.alerts) for site, picture in self._pictures.items() if picture.alerts},
        )

    def _take_in(self, taken: Taken) -> None:
        drain = _Drain()
        try:
            # What is newest goes ahead of old events.
            for presence in taken.presences:
                if isinstance(presence, bool):
                    self._take_link_change(drain, is_up=presence)
                else:
                    self._take_state(*presence, drain)
            for topic, payload in taken.states.items():
                self._take_state(topic, payload, drain)
            for topic, payload in taken.logs:
                self._take_log(topic, payload, drain)
            self._commit(drain)
        except StoreFault as fault:
            # Nothing was acknowledged, so every site sends again.
            if self._store_fault is None:
                _log.error("the database takes nothing: %s", fault)
            self._store_fault = str(fault)

    def _take_link_change(self, drain: _Drain, *, is_up: bool) -> None:
        """Say that the agent is there, or lose sight of every site."""
        if is_up:
            self._link.publish(AGENT_STATE, encode(AgentState(boot=self._boot, online=True)), retain=True)
            return
        now_ms = self._clock.wall_ms()
        for picture in self._pictures.values():
            if picture.is_online:
                picture.cut(now_ms=now_ms)
                drain.changes.sites[picture.site] = picture.row()
                self._look(picture)

    def _take_state(self, topic: str, payload: bytes, drain: _Drain) -> None:
        """Take in a birth, a will, a snapshot or the devices' health, and show it at once."""
        address = parse(topic)
        if address is None:
            self._intake.refuse(topic, "unknown topic")
            return
        picture, now_ms, now_s = self._picture(address.site), self._clock.wall_ms(), time.monotonic()
        before = picture.epoch, picture.is_online, picture.fleet
        match address.leaf:
            case "link" if link := self._intake.read(LinkState, topic, payload):
                picture.linked(link, now_ms=now_ms, now_s=now_s)
            case "snap" if snap := self._intake.read(Snap, topic, payload):
                picture.snapped(snap)
                picture.heard(now_ms=now_ms, now_s=now_s, told_ms=snap.at_ms)
            case "fleet" if fleet := self._intake.read(Fleet, topic, payload):
                picture.fleet = encode(fleet).decode()
                picture.heard(now_ms=now_ms, now_s=now_s)
        if (picture.epoch, picture.is_online, picture.fleet) != before:
            drain.changes.sites[picture.site] = picture.row()
        self._look(picture)

    def _take_log(self, topic: str, payload: bytes, drain: _Drain) -> None:
        address = parse(topic)
        if address is None:
            self._intake.refuse(topic, "unknown topic")
            return
        picture = self._picture(address.site)
        batch = self._intake.read(LogBatch, topic, payload)
        if batch is None:
            picture.alerts["unreadable-log"] = "a batch was dropped; its site sends it again until it can be read"
            return
        picture.alerts.pop("unreadable-log", None)
        now_s = time.monotonic()
        picture.logged(batch.epoch, now_s=now_s)
        picture.heard(now_ms=self._clock.wall_ms(), now_s=now_s, told_ms=batch.records[-1].at_ms)
        key = address.site, batch.epoch
        stream = drain.streams.get(key) or self._stream(*key)
        followed = follow(stream, batch, bodies_of(payload))
        drain.streams[key] = followed.stream if followed else stream
        if followed is None:
            return
        if followed.entries:
            drain.changes.streams[key] = followed.stream
            drain.changes.entries.setdefault(key, []).extend(followed.entries)
            drain.changes.sites[address.site] = picture.row()
        if followed.known:
            drain.repeats.append((key, batch.first, followed.known))

    def _commit(self, drain: _Drain) -> None:
        if not drain.changes.is_empty():
            self._store.write(drain.changes)
            self._store_fault = None
        for (site, epoch), stream in drain.streams.items():
            picture = self._pictures[site]
            if epoch == picture.epoch:
                self._streams[site] = stream
                self._look(picture)
            self._link.publish(SiteTopics(site).down("ack"), encode(Ack(epoch=epoch, upto=stream.upto)))
        for key, first, bodies in drain.repeats:
            self._compare(*key, first, bodies)

    def _compare(self, site: SiteId, epoch: str, first: int, bodies: list[str]) -> None:
        """Hold entries that came again against the stored ones: the first is kept, another is an alert."""
        stored = self._store.bodies(site, epoch, first=first, last=first + len(bodies) - 1)
        differing = [seq for seq, body in enumerate(bodies, first) if stored[seq] != body]
        if differing:
            why = f"{len(differing)} entries of journal {epoch} differ from those stored, from {differing[0]} on"
            self._intake.refuse(f"{site} conflict", why)
            self._pictures[site].alerts["conflict"] = why

    def _look(self, picture: Picture) -> None:
        view = picture.look(self._stream(picture.site, picture.epoch) if picture.epoch else None)
        if view is not None:
            self._show(view)

    def _picture(self, site: SiteId) -> Picture:
        return self._pictures.setdefault(site, Picture(site=site))

    def _stream(self, site: SiteId, epoch: str) -> Stream:
        """A journal as stored. Only the one that the site writes now is kept at hand: epochs can be invented."""
        known = self._streams.get(site)
        if known is None or known.epoch != epoch:
            known = self._store.stream(site, epoch) or Stream(site=site, epoch=epoch)
            if epoch == self._picture(site).epoch:
                self._streams[site] = known
        return known
