"""The drain of a backlog, durable at both ends, acknowledged, exactly once, against C clients that keep nothing.

Limit: `mosquitto_pub -l` to `mosquitto_sub` at QoS 1 through the same central broker, with the same certificates and
the same bytes, one event a message. A second one: what SQLite itself commits at the same batch.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.centre import SITE, Centre
from benchmarks.fair import Figure, Goal, interleaved
from benchmarks.history import records
from borne.demo.ports import HOST
from core.edge.journal import Journal
from core.room.ids import SiteId
from core.wire.coding import encode_record
from core.wire.topics import SiteTopics

__all__ = ["measure"]

_EVENTS = 20_000
_BATCH = 200
"""Of `core.edge.outbox`."""
_SYNCED = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_DRAIN_S = 120.0
_SUBSCRIBED_S = 0.3
"""mosquitto_sub does not say when it is; one that misses an event never ends."""


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """The drain in adaptive batches and with one event a message."""
    bodies = [encode_record(record) for record in records(_EVENTS)]
    centre = Centre(folder)
    lines = folder / "events.txt"
    lines.write_bytes(b"\n".join(bodies) + b"\n")
    full = folder / "full.journal"
    with Journal(full) as journal:
        journal.append(bodies)
    with centre.central_broker():
        taken = interleaved(
            {
                "limit": lambda: _c_clients(centre, lines, _EVENTS),
                "adaptive": lambda: _drain(centre, full, bodies, batch=None),
                "single": lambda: _drain(centre, full, bodies, batch=1),
                "sqlite": lambda: _sqlite(folder, bodies),
            },
            rounds,
        )
    limit = f"of {taken.median('limit'):,.0f}"
    yield Figure(
        path="backlog drained, adaptive batches",
        figure=f"{taken.median('adaptive'):,.0f} {limit} events/s",
        ratio=taken.ratio("adaptive", "limit"),
        goal=Goal(limit=2.0, is_floor=True),
    )
    yield Figure(
        path="backlog drained, one event a message",
        figure=f"{taken.median('single'):,.0f} {limit} events/s",
        ratio=taken.ratio("single", "limit"),
        goal=Goal(limit=0.6, is_floor=True),
    )
    yield Figure(
        path=f"backlog drained to SQLite's own commits of {_BATCH}",
        figure=f"{taken.median('adaptive'):,.0f} of {taken.median('sqlite'):,.0f} events/s",
        ratio=taken.ratio("adaptive", "sqlite"),
    )


def _c_clients(centre: Centre, lines: Path, count: int) -> float:
    """Events a second from one C client to another, through the same broker."""
    topic = SiteTopics(SiteId(SITE)).up("log")
    address = ["-h", HOST, "-p", str(centre.central_port), "-q", "1", "-t", topic]
    agent, controller = centre.tree.agent, centre.device("controller")
    reads = ["sh", "-c", 'exec mosquitto_sub "$@" > /dev/null', "mosquitto_sub", *address, *_keys(agent, "ca", "agent")]
    writes = ["sh", "-c", f'exec mosquitto_pub "$@" -l < {lines}', "mosquitto_pub", *address]
    with centre.child(*reads, "-C", str(count)) as reader:
        time.sleep(_SUBSCRIBED_S)
        began_s = time.monotonic()
        with centre.child(*writes, *_keys(controller, "uplink-ca", "uplink")):
            if reader.wait(_DRAIN_S):
                raise AssertionError("mosquitto_sub did not get every event")
            return count / (time.monotonic() - began_s)


def _keys(folder: Path, ca: str, name: str) -> list[str]:
    files = {"--cafile": ca + ".crt", "--cert": name + ".crt", "--key": name + ".key"}
    return [word for option, file in files.items() for word in (option, str(folder / file))]


def _drain(centre: Centre, full: Path, bodies: list[bytes], *, batch: int | None) -> float:
    """Events a second from the journal on a controller's disk to the agent's, checked."""
    for left in centre.tree.agent.glob("agent.db*"):
        left.unlink()
    journal = centre.folder / "site.journal"
    shutil.copy(full, journal)
    for suffix in ("-wal", "-shm"):
        journal.with_name(journal.name + suffix).unlink(missing_ok=True)
    size = ["--batch", str(batch)] if batch else []
    config = centre.device("controller") / "device.toml"
    with (
        centre.agent(),
        centre.child(sys.executable, "-m", "benchmarks.uplink", config, journal, *size) as uplink,
    ):
        uplink.hear()
        uplink.say("go")
        took_s = float(uplink.hear())
    _check(centre.tree.agent / "agent.db", bodies)
    return len(bodies) / took_s


def _check(store: Path, bodies: list[bytes]) -> None:
    with sqlite3.connect(store) as db:
        stored = db.execute("SELECT seq, body FROM event ORDER BY seq").fetchall()
    db.close()
    if stored != [(seq, body.decode()) for seq, body in enumerate(bodies, 1)]:
        raise AssertionError("the agent's store is not the site's journal")


def _sqlite(folder: Path, bodies: list[bytes]) -> float:
    """Rows a second of the sqlite3 module alone: the journal's table, the same bytes, a commit for each batch."""
    with tempfile.TemporaryDirectory(dir=folder) as part:
        db = sqlite3.connect(Path(part, "limit.db"), isolation_level=None)
        for pragma in _SYNCED:
            db.execute(pragma)
        db.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
        rows = list(enumerate(bodies, 1))
        began_s = time.monotonic()
        for first in range(0, len(rows), _BATCH):
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO entry VALUES (?, ?)", rows[first : first + _BATCH])
            db.execute("COMMIT")
        took_s = time.monotonic() - began_s
        db.close()
    return len(bodies) / took_s
