"""Names on the controller's disk: `names.db`, from which what is erased is gone at once.

Rule: no byte of an erased name is in any file (docs/adr/0018). So the pages are overwritten as they are freed, and what
undoes a transaction stays in memory: the price is a file that a crash may damage, and a damaged one is overwritten and
made anew.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from core.room.ids import TicketId
from core.wire.messages import Named

__all__ = ["FILE", "NameTable", "is_damage", "open_table", "wipe"]

_log = logging.getLogger(__name__)

FILE = "names.db"
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS name (
        ticket TEXT PRIMARY KEY,
        day TEXT NOT NULL,
        first_name TEXT NOT NULL,
        born INTEGER
    ) WITHOUT ROWID
"""


class NameTable:
    """Used from one thread."""

    def __init__(self, folder: Path) -> None:
        """
        Raises:
            OSError: the disk refuses.
            sqlite3.Error: likewise, or the file is damaged.
        """
        path = folder / FILE
        path.touch(mode=0o600)
        self._db = sqlite3.connect(path, timeout=0.2)
        try:
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("PRAGMA journal_mode = MEMORY")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA temp_store = MEMORY")
            self._db.execute(_SCHEMA)
        except BaseException:
            self._db.close()
            raise

    def read(self, day: str) -> dict[TicketId, Named]:
        """The names of a day; those of other days are erased.

        Raises:
            sqlite3.Error: the disk refuses, or the file is damaged.
            ValidationError: likewise damaged.
        """
        with self._db:
            self._db.execute("DELETE FROM name WHERE day <> ?", (day,))
        rows = self._db.execute("SELECT ticket, first_name, born FROM name")
        names = [Named(ticket=ticket, first_name=first_name, born=born) for ticket, first_name, born in rows]
        return {named.ticket: named for named in names}

    def put(self, named: Named, day: str) -> None:
        """
        Raises:
            sqlite3.Error: the disk refuses.
        """
        with self._db:
            self._db.execute(
                "INSERT OR REPLACE INTO name VALUES (?, ?, ?, ?)", (named.ticket, day, named.first_name, named.born)
            )

    def erase(self, tickets: Iterable[TicketId]) -> None:
        """
        Raises:
            sqlite3.Error: the disk refuses; all of them are still there.
        """
        with self._db:
            self._db.executemany("DELETE FROM name WHERE ticket = ?", [(ticket,) for ticket in tickets])

    def close(self) -> None:
        self._db.close()


def open_table(folder: Path, day: str) -> tuple[NameTable, dict[TicketId, Named]]:
    """The table, and the names of the day that it holds; one that is damaged is overwritten and made anew.

    Raises:
        OSError: the disk refuses.
        sqlite3.Error: likewise.
    """
    try:
        with contextlib.ExitStack() as undo:
            table = NameTable(folder)
            undo.callback(table.close)
            names = table.read(day)
            undo.pop_all()
    except (sqlite3.Error, ValidationError) as error:
        if not is_damage(error):
            raise
        _log.error("%s is damaged; it is overwritten and made anew", folder / FILE)
        wipe(folder)
        return NameTable(folder), {}
    return table, names


def is_damage(fault: Exception) -> bool:
    """Whether the file itself is wrong, and not the disk that refuses it for now."""
    is_refusal = isinstance(fault, OSError | sqlite3.OperationalError)
    return not is_refusal and isinstance(fault, sqlite3.DatabaseError | ValidationError)


def wipe(folder: Path) -> None:
    """Overwrite the table and remove it, if there is one.

    Raises:
        OSError: the disk refuses.
    """
    path = folder / FILE
    if not path.exists():
        return
    with path.open("r+b", buffering=0) as file:
        file.write(bytes(path.stat().st_size))
        os.fsync(file.fileno())
    path.unlink()
