"""The agent's store on PostgreSQL, the sink alone, against plain COPY by 1,000 into the same table."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from agent.store.store import Changes, SiteRow, Store
from agent.stream import Entry, Stream
from benchmarks.fair import Figure, Goal, interleaved
from benchmarks.history import records
from core.room.ids import SiteId
from core.room.state import fold
from core.wire.coding import encode_record
from tests.postgresql import Postgresql

__all__ = ["measure"]

_EVENTS = 20_000
_BATCH = 1000
_COLUMNS = "site, epoch, seq, at_ms, kind, body"


def measure(_folder: Path, rounds: int) -> Iterator[Figure]:
    """Rows a second, with each batch durable."""
    history = records(_EVENTS)
    entries = [
        Entry(seq=seq, at_ms=record.at_ms, kind=record.event.kind, body=encode_record(record).decode())
        for seq, record in enumerate(history, 1)
    ]
    state = fold(history)
    epochs = (f"epoch-{number}" for number in itertools.count())
    with Postgresql() as cluster:
        url = cluster.make("bench")
        with Store(url) as store, psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string()) as db:

            def limit() -> float:
                epoch = next(epochs)
                rows = [("aubagne", epoch, one.seq, one.at_ms, one.kind, one.body) for one in entries]
                began_s = time.monotonic()
                for first in range(0, len(rows), _BATCH):
                    into = f"COPY event ({_COLUMNS}) FROM STDIN"
                    with db.transaction(), db.cursor() as cursor, cursor.copy(into) as copy:
                        for row in rows[first : first + _BATCH]:
                            copy.write_row(row)
                return len(rows) / (time.monotonic() - began_s)

            def product() -> float:
                site, epoch = SiteId("aubagne"), next(epochs)
                began_s = time.monotonic()
                for first in range(0, len(entries), _BATCH):
                    batch = entries[first : first + _BATCH]
                    stream = Stream(site=site, epoch=epoch, upto=batch[-1].seq, at_ms=batch[-1].at_ms, state=state)
                    row = SiteRow(site=site, epoch=epoch)
                    store.write(
                        Changes(entries={(site, epoch): batch}, streams={(site, epoch): stream}, sites={site: row})
                    )
                took_s = time.monotonic() - began_s
                bodies = store.bodies(site, epoch, first=1, last=len(entries))
                if bodies != {one.seq: one.body for one in entries}:
                    raise AssertionError("what PostgreSQL holds is not what was written")
                return len(entries) / took_s

            taken = interleaved({"limit": limit, "product": product}, rounds)
    yield Figure(
        path="the same into PostgreSQL, sink alone",
        figure=f"{taken.median('product'):,.0f} of {taken.median('limit'):,.0f} rows/s (plain COPY by {_BATCH})",
        ratio=taken.ratio("product", "limit"),
        goal=Goal(limit=0.6, is_floor=True),
    )
