"""How soon an agent with a long history serves a right page, against reading one state row per site.

Both from exec on, imports included, with the database's pages out of the cache, as after a reboot.
"""

from __future__ import annotations

import itertools
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from agent.store.store import Changes, SiteRow, Store
from agent.stream import Stream
from benchmarks.centre import Centre, is_listening, wait_until
from benchmarks.fair import Figure, Goal, Ratio, interleaved
from benchmarks.history import evening, records
from core.room.ids import SiteId
from core.room.state import fold
from core.wire.coding import encode_record
from core.wire.identity import new_id

__all__ = ["measure", "measure_huge"]

_SITES = 50
"""35 centres in early 2026, 15 more planned (field notes)."""
_WAITING = 40
_AT_MS = 1_795_366_800_000
_READ = """
import sqlite3, sys
from core.wire.coding import decode_state
for (state,) in sqlite3.connect(sys.argv[1]).execute("SELECT state FROM stream"): decode_state(state.encode())
print("read", flush=True)
"""
"""Into states, not into JSON: what a page is drawn from. No store, no MQTT, no web."""


def measure(folder: Path, rounds: int) -> Iterator[Figure]:
    """With a million events."""
    limit_s, product_s, ratio = _compared(folder, rounds, 1_000_000)
    text = f"{1000 * product_s:.0f} of {1000 * limit_s:.0f} ms"
    yield Figure(path="agent back with 1,000,000 events", figure=text, ratio=ratio, goal=Goal(limit=3, is_floor=False))
    yield Figure(path="agent back, in seconds", figure=text, value=product_s, goal=Goal(limit=0.5, is_floor=False))


def measure_huge(folder: Path, rounds: int) -> Iterator[Figure]:
    """With ten million, against one million."""
    (folder / "small").mkdir()
    _, small_s, _ = _compared(folder / "small", rounds, 1_000_000)
    (folder / "huge").mkdir()
    _, huge_s, _ = _compared(folder / "huge", rounds, 10_000_000)
    yield Figure(
        path="agent back with 10,000,000 events to 1,000,000",
        figure=f"{1000 * huge_s:.0f} of {1000 * small_s:.0f} ms",
        value=huge_s / small_s,
        goal=Goal(limit=1.2, is_floor=False),
    )


def _compared(folder: Path, rounds: int, events: int) -> tuple[float, float, Ratio]:
    """Seconds of the limit and of the product, and their ratio."""
    centre = Centre(folder)
    database = centre.tree.agent / "agent.db"
    _fill(database, events)
    taken = interleaved(
        {"limit": lambda: _read(centre, database), "product": lambda: _served(centre, database)}, rounds
    )
    return taken.median("limit"), taken.median("product"), taken.ratio("product", "limit")


def _fill(database: Path, events: int) -> None:
    """A history as long, and in each centre a day with forty who wait."""
    state = fold(evening(_WAITING, _AT_MS))
    each = events // _SITES
    bodies = [(record.at_ms, record.event.kind, encode_record(record).decode()) for record in records(2000)]
    with Store(f"sqlite:///{database}") as store:
        epochs = {SiteId(f"site-{number}"): new_id() for number in range(_SITES)}
        for site, epoch in epochs.items():
            stream = Stream(site=site, epoch=epoch, upto=each, at_ms=_AT_MS, state=state)
            row = SiteRow(site=site, epoch=epoch, as_of_ms=_AT_MS)
            store.write(Changes(streams={(site, epoch): stream}, sites={site: row}))
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA synchronous=OFF")
        for site, epoch in sorted(epochs.items()):  # in the order of the key: a tree grows at its end
            rows = ((site, epoch, seq, *body) for seq, body in zip(range(1, each + 1), itertools.cycle(bodies)))
            db.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _forget(database: Path) -> None:
    """Take the file out of the kernel's cache."""
    fd = os.open(database, os.O_RDONLY)
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)


def _read(centre: Centre, database: Path) -> float:
    _forget(database)
    began_s = time.monotonic()
    with centre.child(sys.executable, "-c", _READ, database) as reader:
        reader.hear()
        return time.monotonic() - began_s


def _served(centre: Centre, database: Path) -> float:
    _forget(database)
    began_s = time.monotonic()
    command = [sys.executable, "-m", "borne", "agent", "--config", "agent.toml"]
    with centre.child(*command, folder=centre.tree.agent):
        wait_until(lambda: is_listening(centre.web_port), "the agent serves", poll_s=0.002)
        page = centre.page("/c/site-49")
        took_s = time.monotonic() - began_s
    if not re.search(rf"\b{_WAITING} personnes attendent", page):
        raise AssertionError("the page does not say how many wait")
    return took_s
