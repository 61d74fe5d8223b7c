"""A site's journal read from beside while its controller writes it: a second reader of the file, never a writer."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from core.room.events import Event, Record
from core.room.state import SiteState, evolve
from core.wire.coding import decode_record

__all__ = ["Watch", "read_only"]

_LOCK_WAIT_S = 5


def read_only(path: Path) -> sqlite3.Connection:
    """An SQLite file, to be read only."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=_LOCK_WAIT_S)


class Watch:
    """Used from one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.epoch = ""
        self.records: list[Record[Event]] = []
        self.bodies: list[bytes] = []
        """The records as they lie on the disk."""
        self.state = SiteState()
        self._db: sqlite3.Connection | None = None

    def look(self) -> None:
        """Read what has been added.

        Raises:
            LookupError: an entry is missing between two others.
        """
        if self._db is None:
            if not self._path.exists():
                return
            self._db = read_only(self._path)
            (self.epoch,) = self._db.execute("SELECT value FROM fact WHERE name = 'epoch'").fetchone()
        for seq, body in self._db.execute("SELECT seq, body FROM entry WHERE seq > ? ORDER BY seq", (self.seq,)):
            if seq != self.seq + 1:
                raise LookupError(f"{self._path}: entry {seq} follows {self.seq}")
            record = decode_record(body)
            self.records.append(record)
            self.bodies.append(body)
            self.state = evolve(self.state, record.event, record.at_ms)

    @property
    def seq(self) -> int:
        """Place of the newest entry seen."""
        return len(self.records)

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
