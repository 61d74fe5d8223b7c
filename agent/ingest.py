"""From the central broker into the store, and from there to the pages: a thread of its own.

Rule: an acknowledgement leaves only after the commit, and names the contiguous prefix of one journal. Whatever waits is
one transaction; nothing waits for a batch to fill. What cannot be read is counted and dropped, and stops nobody else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from agent.inbox import Inbox, Taken
from agent.picture import Picture
from agent.remote import Remote
from agent.settings import AgentFile
from agent.sites import Sites
from agent.store.engine import StoreFault
from agent.store.keeper import Keeper
from agent.store.store import Changes
from agent.stream import Stream, bodies_of, follow, joined
from agent.view import SiteView
from core.edge.clock import Clock
from core.edge.crash import crash_point
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.notify import notify_alive
from core.edge.presence import count_boot
from core.forecast.habits import Habits
from core.room.ids import SiteId
from core.wire.coding import encode
from core.wire.messages import Ack, AgentState, Fleet, Learnt, LinkState, LogBatch, Snap
from core.wire.topics import AGENT_STATE, PREFIX, SiteTopics, parse

__all__ = ["Health", "Ingest"]

_log = logging.getLogger(__name__)

_TOPIC = itemgetter(0)
_LEAVES = ("log", "snap", "link", "fleet", "habits", "res")
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
    store_aside: str | None = None
    """Name of a damaged database that a new one has replaced."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Messages dropped since start, by topic or reason."""
    alerts: Mapping[SiteId, Mapping[str, str]] = field(default_factory=dict)
    """By site, code and detail."""
    fleets: Mapping[SiteId, Fleet] = field(default_factory=dict)
    """By site, its devices as its controller last heard them."""
    habits: Mapping[SiteId, Habits] = field(default_factory=dict)
    """By site, what it has learnt from its own journal."""


@dataclass(slots=True)
class _Drain:
    """What one round of the ingest works on."""

    changes: Changes = field(default_factory=Changes)
    streams: dict[tuple[SiteId, str], Stream] = field(default_factory=dict)
    """Every journal that was heard, new entries or not: each is acknowledged."""
    repeats: dict[tuple[SiteId, str], dict[int, set[str]]] = field(default_factory=dict)
    """By journal and `seq`: bodies of entries that had been taken in before."""


class Ingest:
    """The agent's reading side."""

    def __init__(self, settings: AgentFile, keeper: Keeper, clock: Clock) -> None:
        self._sites = Sites(keeper)
        self._clock = clock
        self._inbox = Inbox()
        self._intake = Intake()
        self._fleets: dict[SiteId, Fleet] = {}
        self._habits: dict[SiteId, Habits] = {}
        self._show: Callable[[SiteView], object]
        self._on_up: Callable[[], object]
        self._boot = _counted(settings.data)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._link = Link(
            settings.link,
            client_id="agent",
            filters=[f"{PREFIX}/+/up/{leaf}" for leaf in _LEAVES],
            on_message=self._heard,
            on_up=self._came_up,
            on_down=lambda: self._inbox.put_link(is_up=False),
            will=(AGENT_STATE, encode(AgentState(boot=self._boot, online=False))),
        )
        self.remote = Remote(self._link.publish)
        self.health = Health()

    def restore(self) -> Iterator[SiteView]:
        """Every site as it was stored; none while the database refuses, which is asked again and again."""
        return self._sites.restore()

    def start(self, show: Callable[[SiteView], object], on_up: Callable[[], object] = lambda: None) -> None:
        """
        Args:
            show: takes each new view, on the ingest's thread.
            on_up: called on the link's thread when there is a new connection to the broker.
        """
        self._show, self._on_up = show, on_up
        self._thread.start()
        self._link.start()

    def stop(self) -> None:
        """Say goodbye to the broker, finish what is in hand, and end the thread."""
        self._link.publish(AGENT_STATE, encode(AgentState(boot=self._boot, online=False)), retain=True)
        self._link.stop()
        self._stopping.set()
        self._inbox.close()
        self._thread.join(_STOP_S)
        self._sites.close()

    def publish(self, topic: str, payload: bytes) -> bool:
        """Have the broker keep a message for its reader; False when the link is down."""
        return self._link.publish(topic, payload, retain=True)

    def _came_up(self) -> None:
        self._inbox.put_link(is_up=True)
        self._on_up()

    def _heard(self, topic: str, payload: bytes) -> None:
        """Outcomes go straight to whoever waits for them; all else waits for its turn."""
        if topic.endswith("/up/res"):
            self.remote.heard(topic, payload)
        else:
            self._inbox.put(topic, payload)

    def _run(self) -> None:
        while not self._stopping.is_set():
            taken = self._inbox.take(_BEAT_S)
            with self._guarded("ingest"):
                self._take_in(taken)
            self._link.watch()
            self._report()
            notify_alive()

    @contextmanager
    def _guarded(self, topic: str) -> Iterator[None]:
        """One site's messages on which this program fails stop no other site; a fault of the database is for all."""
        try:
            yield
        except StoreFault:
            raise
        except Exception:
            if topic not in self._intake.refused:
                _log.exception("a message on %s could not be taken in", topic)
            self._intake.refuse(topic, "a fault of the agent itself")

    def _report(self) -> None:
        refused = {**self._intake.refused, **self.remote.intake.refused}
        if self._inbox.dropped:
            refused["no room"] = self._inbox.dropped
        self.health = Health(
            beat_s=time.monotonic(),
            link_is_up=self._link.is_up,
            store_fault=self._sites.fault,
            store_aside=self._sites.aside,
            refused=refused,
            alerts={picture.site: dict(picture.alerts) for picture in self._sites if picture.alerts},
            fleets=dict(self._fleets),
            habits=dict(self._habits),
        )

    def _take_in(self, taken: Taken) -> None:
        drain = _Drain()
        for view in self._sites.restore():
            self._show(view)
        try:
            # What is newest goes ahead of old events.
            for presence in taken.presences:
                if isinstance(presence, bool):
                    self._take_link_change(drain, is_up=presence)
                else:
                    with self._guarded(presence[0]):
                        self._take_state(*presence, drain)
            for topic, payload in taken.states.items():
                with self._guarded(topic):
                    self._take_state(topic, payload, drain)
            for topic, messages in groupby(sorted(taken.logs, key=_TOPIC), _TOPIC):
                with self._guarded(topic):
                    self._take_logs(topic, (payload for _, payload in messages), drain)
            self._commit(drain)
        except StoreFault as fault:
            # Nothing was acknowledged, so every site sends again.
            self._sites.suffer(fault)

    def _take_link_change(self, drain: _Drain, *, is_up: bool) -> None:
        """Say that the agent is there, or lose sight of every site."""
        if is_up:
            self._link.publish(AGENT_STATE, encode(AgentState(boot=self._boot, online=True)), retain=True)
            return
        now_ms = self._clock.wall_ms()
        for picture in self._sites:
            if picture.is_online:
                picture.cut(now_ms=now_ms)
                drain.changes.sites[picture.site] = picture.row()
                self._look(picture)

    def _take_state(self, topic: str, payload: bytes, drain: _Drain) -> None:
        """Take in a birth, a will, a snapshot, the devices' health or what was learnt, and show it at once."""
        address = parse(topic)
        if address is None:
            self._intake.refuse(topic, "unknown topic")
            return
        picture, now_ms, now_s = self._sites.picture(address.site), self._clock.wall_ms(), time.monotonic()
        before = picture.epoch, picture.is_online, picture.fleet
        match address.leaf:
            case "link" if link := self._intake.read(LinkState, topic, payload):
                picture.linked(link, now_ms=now_ms, now_s=now_s)
                if link.online and link.is_gathering:
                    self._remind(picture, link.epoch)
            case "snap" if snap := self._intake.read(Snap, topic, payload):
                picture.snapped(snap)
                # A site that has not opened a day does not know the hour.
                picture.heard(now_ms=now_ms, now_s=now_s, told_ms=snap.at_ms if snap.state.day else 0)
            case "fleet" if fleet := self._intake.read(Fleet, topic, payload):
                picture.fleet, self._fleets[picture.site] = encode(fleet).decode(), fleet
                picture.heard(now_ms=now_ms, now_s=now_s)
            case "habits" if learnt := self._intake.read(Learnt, topic, payload):
                self._habits[picture.site] = learnt.habits
        if (picture.epoch, picture.is_online, picture.fleet) != before:
            drain.changes.sites[picture.site] = picture.row()
        self._look(picture)

    def _remind(self, picture: Picture, epoch: str) -> None:
        """Tell a controller with an empty disk what is known of its day; nothing while that cannot be looked up."""
        known = self._sites.before(picture, epoch)
        if known is not None:
            self._link.publish(SiteTopics(picture.site).down("snap"), encode(known))

    def _take_logs(self, topic: str, payloads: Iterable[bytes], drain: _Drain) -> None:
        """Take in what came from one site, in the order in which it came."""
        address = parse(topic)
        if address is None:
            self._intake.refuse(topic, "unknown topic")
            return
        picture = self._sites.picture(address.site)
        for batch, bodies in joined(self._batches(topic, payloads, picture)):
            self._take_log(picture, batch, bodies, drain)

    def _batches(self, topic: str, payloads: Iterable[bytes], picture: Picture) -> Iterator[tuple[LogBatch, list[str]]]:
        for payload in payloads:
            batch = self._intake.read(LogBatch, topic, payload)
            if batch is None:
                picture.alerts["unreadable-log"] = "a batch was dropped; its site sends it again until it can be read"
            else:
                picture.alerts.pop("unreadable-log", None)
                yield batch, bodies_of(payload)

    def _take_log(self, picture: Picture, batch: LogBatch, bodies: list[str], drain: _Drain) -> None:
        now_s = time.monotonic()
        picture.logged(batch.epoch, now_s=now_s)
        picture.heard(now_ms=self._clock.wall_ms(), now_s=now_s, told_ms=batch.records[-1].at_ms)
        key = picture.site, batch.epoch
        stream = drain.streams.get(key) or self._sites.stream(*key)
        followed = follow(stream, batch, bodies)
        drain.streams[key] = followed.stream if followed else stream
        if followed is None:
            return
        if followed.is_late:
            picture.alerts["history-incomplete"] = f"journal {batch.epoch} is known from {batch.first} on only"
        if followed.entries:
            drain.changes.streams[key] = followed.stream
            drain.changes.entries.setdefault(key, []).extend(followed.entries)
            drain.changes.scores.update({(*key, day): score for day, score in followed.scores.items()})
            drain.changes.sites[picture.site] = picture.row()
        if followed.known:
            repeats = drain.repeats.setdefault(key, {})
            for seq, body in enumerate(followed.known, batch.first):
                repeats.setdefault(seq, set()).add(body)

    def _commit(self, drain: _Drain) -> None:
        self._sites.write(drain.changes)
        for (site, epoch), stream in drain.streams.items():
            picture = self._sites.picture(site)
            if epoch == picture.epoch:
                self._sites.advance(stream)
                self._look(picture)
            crash_point("agent.committed-not-acknowledged")
            self._link.publish(SiteTopics(site).down("ack"), encode(Ack(epoch=epoch, upto=stream.upto)))
        for key, repeats in drain.repeats.items():
            self._compare(*key, repeats)

    def _compare(self, site: SiteId, epoch: str, repeats: Mapping[int, Set[str]]) -> None:
        """Hold entries that came again against the stored ones: the first is kept, another is an alert."""
        stored = self._sites.bodies(site, epoch, first=min(repeats), last=max(repeats))
        differing = sorted(seq for seq, bodies in repeats.items() if bodies != {stored[seq]})
        if differing:
            why = f"{len(differing)} entries of journal {epoch} differ from those stored, from {differing[0]} on"
            self._intake.refuse(f"{site} conflict", why)
            self._sites.picture(site).alerts["conflict"] = why

    def _look(self, picture: Picture) -> None:
        view = self._sites.look(picture)
        if view is not None:
            self._show(view)


def _counted(data: Path) -> int:
    """This start, counted on the disk; 0 when the disk does not let us."""
    try:
        return count_boot(data)
    except OSError as error:
        _log.error("%s: this start cannot be counted: %s", data, error)
        return 0
