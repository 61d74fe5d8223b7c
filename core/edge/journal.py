"""An append-only journal in one SQLite file: the record of a site or a kiosk. What it has taken survives a power cut.

Entries are numbered 1, 2, 3 … without gaps within an `epoch`, a random id made with the file: a replaced card starts a
new epoch instead of colliding with the old numbers. The journal is also what an outbox sends: `acked` says how far the
other side has durably stored it.

Rule: an append is one transaction and returns only after the disk has it. `synchronous=NORMAL` lost 153 to 655
acknowledged rows per power cut where FULL lost none.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from core.edge.crash import crash_point
from core.edge.disk import can_be_read, make_folder
from core.wire.identity import new_id

__all__ = ["CorruptJournal", "Journal", "JournalFault", "open_journal", "set_aside"]

_SCHEMA_VERSION = 1
_SCHEMA = (
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    f"PRAGMA user_version={_SCHEMA_VERSION}",
)
_TIDY_AFTER = 32
"""Appends after which the write-ahead log is worth writing over: about 100 pages, and two disk syncs."""
_LOCK_WAIT_S = 5
"""How long an append may wait for another process's lock: a technician's backup, never a second writer."""


class JournalFault(Exception):
    """The disk did not take an entry: full, read-only or broken. Nothing was written."""


class CorruptJournal(Exception):
    """The file fails its checks. It is set aside, never guessed at."""


class Journal:
    """One writer, one thread."""

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises:
            CorruptJournal: the file is damaged, has a gap, or is of a later release.
            JournalFault: the disk cannot be written.
        """
        self.path = path
        # A file that is refused is closed, so that it is whole without its write-ahead log when it is set aside.
        with contextlib.ExitStack() as undo:
            try:
                self._db = sqlite3.connect(path, timeout=_LOCK_WAIT_S, isolation_level=None)
                undo.callback(self._db.close)
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                self._prepare()
            except sqlite3.Error as error:
                raise self._fault(error) from error
            except (KeyError, ValueError) as error:
                raise CorruptJournal(f"{path}: {error!r}") from error
            undo.pop_all()

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            self._db.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA:
                self._db.execute(statement)
            new = [("epoch", new_id()), ("acked", 0), ("pruned", 0)]
            self._db.executemany("INSERT INTO fact VALUES (?, ?)", new)
            self._db.execute("COMMIT")
        elif version != _SCHEMA_VERSION:
            raise CorruptJournal(f"{self.path}: schema {version}, this release reads {_SCHEMA_VERSION}")
        if self._db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise CorruptJournal(f"{self.path}: fails SQLite's quick_check")
        facts: dict[str, str | int] = dict(self._db.execute("SELECT name, value FROM fact"))
        self.epoch = str(facts["epoch"])
        self.acked = int(facts["acked"])
        self._facts = facts
        self._unsaved: dict[str, str | int] = {}
        self._untidy = 0
        count, first, last = self._db.execute("SELECT count(*), min(seq), max(seq) FROM entry").fetchone()
        self.first = int(facts["pruned"]) + 1
        self.last: int = self.first - 1 + count
        if count and (first, last) != (self.first, self.last):
            raise CorruptJournal(f"{self.path}: entries {first} to {last}, but {count} of them")
        if not self.first - 1 <= self.acked <= self.last:
            raise CorruptJournal(f"{self.path}: acknowledged {self.acked}, of entries {self.first} to {self.last}")

    def append(self, bodies: Sequence[bytes]) -> int:
        """Store entries durably, in one transaction; what was remembered since the last one rides along.

        Returns:
            The `seq` of the last one.

        Raises:
            CorruptJournal: what is there is no journal any more; nothing was stored.
            JournalFault: nothing was stored.
        """
        rows = list(enumerate(bodies, self.last + 1))
        with self._transaction():
            self._db.executemany("INSERT INTO entry VALUES (?, ?)", rows)
        self.last += len(rows)
        self._untidy += 1
        return self.last

    def tidy(self) -> None:
        """Empty the write-ahead log now and then, while nobody waits: an append is faster where it need not grow.

        SQLite would do it by itself within an append, but after a thousand pages. It keeps nothing safer, so a disk
        that refuses it is heard of with the next append.
        """
        if self._untidy >= _TIDY_AFTER:
            self._untidy = 0
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def remember(self, name: str, value: str | int) -> None:
        """Note a small fact; it reaches the disk with the next append, in the same transaction."""
        if self._facts.get(name) != value:
            self._facts[name] = self._unsaved[name] = value

    def recall(self, name: str) -> str | int | None:
        """A fact noted in this life or stored in an earlier one."""
        return self._facts.get(name)

    def acknowledge(self, upto: int) -> None:
        """Note that the other side has everything up to here, and nothing behind it: it may have lost what it had.

        Not worth a disk sync of its own: losing it to a crash costs a repetition, which the receiver ignores.
        """
        if not self.first - 1 <= upto <= self.last:
            raise ValueError(f"acknowledged {upto}, between {self.first - 1} and {self.last} expected")
        self.acked = upto
        self.remember("acked", upto)

    def read(self, after: int, limit: int = 1000) -> list[bytes]:
        """Bodies that follow `after`, in order.

        Raises:
            CorruptJournal: what is there is no journal any more.
            JournalFault: the disk cannot be read.
        """
        try:
            rows = self._db.execute("SELECT body FROM entry WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
            return [body for (body,) in rows]
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def probe(self) -> None:
        """Find out whether the disk takes something again, by a small write that changes nothing.

        Raises:
            CorruptJournal: what is there is no journal any more.
            JournalFault: it does not.
        """
        self._unsaved["acked"] = self.acked
        self.append([])

    def prune(self, upto: int) -> None:
        """Forget entries that nobody needs any more; never one that is not acknowledged.

        Raises:
            CorruptJournal: what is there is no journal any more.
            JournalFault: nothing was forgotten.
        """
        upto = min(upto, self.acked)
        if upto < self.first:
            return
        with self._transaction():
            self._db.execute("DELETE FROM entry WHERE seq <= ?", (upto,))
            self._db.execute("UPDATE fact SET value = ? WHERE name = 'pruned'", (upto,))
        self.first = upto + 1

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            crash_point("journal.written-not-committed")
            self._db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", list(self._unsaved.items()))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise self._fault(error) from error
        self._unsaved.clear()

    def _fault(self, error: sqlite3.Error) -> JournalFault | CorruptJournal:
        """SQLite says of a damaged file what it says of none of its other troubles: a plain DatabaseError."""
        if type(error) is sqlite3.DatabaseError and can_be_read(self.path):
            return CorruptJournal(f"{self.path}: {error!r}")
        return JournalFault(f"{self.path}: {error}")


def open_journal(path: Path) -> tuple[Journal, Path | None]:
    """Open a journal; a damaged file is set aside under a free name and a new epoch begins.

    Returns:
        The journal, and where the damaged file went.
    """
    make_folder(path.parent)
    try:
        return Journal(path), None
    except CorruptJournal:
        aside = set_aside(path)
        return Journal(path), aside


def set_aside(path: Path) -> Path:
    """Move a damaged journal to a free name beside it, where a technician finds it."""
    aside = next(free for n in itertools.count(1) if not (free := path.with_name(f"{path.name}.corrupt-{n}")).exists())
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside
