"""What the site's own journal teaches: its days that are over, one after the other.

Rule: the journal is read from beside while the controller writes it, in short pieces, and nothing is written.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from core.forecast.habits import FIRST_DAY, VERSION, Habits
from core.forecast.history import histories
from core.forecast.learn import learn
from core.room.events import DayOpened, Event, Record
from core.room.passage import Policy
from core.wire.coding import decode_record
from core.wire.messages import Learnt

__all__ = ["Learner"]

_AT_ONCE = 500
"""Entries of one read. While it lasts, the journal's write-ahead log cannot begin anew (sqlite.org, "WAL")."""
_LOCK_WAIT_S = 5.0


class Learner:
    """Used from one thread."""

    def __init__(self, journal: Path, learnt: Learnt | None, policy: Callable[[], Policy]) -> None:
        """
        Args:
            learnt: from which to go on; None for a centre that has no past.
            policy: of the centre's file and the newest plan.
        """
        self._journal = journal
        self._learnt = learnt if learnt is not None and learnt.habits.version == VERSION else None
        self._policy = policy

    @property
    def habits(self) -> Habits:
        """The newest; those of a first day where nothing was learnt yet."""
        return self._learnt.habits if self._learnt else FIRST_DAY

    def next_day(self) -> Learnt | None:
        """Learn from the oldest day that is over and has not been learnt from; None when there is none.

        Raises:
            sqlite3.Error: the journal cannot be read.
            WireError: an entry of it cannot.
        """
        with closing(sqlite3.connect(f"file:{self._journal}?mode=ro", uri=True, timeout=_LOCK_WAIT_S)) as db:
            facts: dict[str, str | int] = dict(db.execute("SELECT name, value FROM fact"))
            epoch, after = str(facts["epoch"]), int(facts["pruned"])
            if self._learnt is not None and self._learnt.epoch == epoch:
                after = max(after, self._learnt.seq)
            day = _day_behind(db, after)
        if day is None:
            return None
        seq, records = day
        habits = learn(histories(records, self._policy()), self.habits)
        self._learnt = Learnt(epoch=epoch, seq=seq, habits=habits)
        return self._learnt


def _day_behind(db: sqlite3.Connection, after: int) -> tuple[int, list[Record[Event]]] | None:
    """The first whole day behind a place, with the opening of the next; and the place before that."""
    entries = itertools.dropwhile(lambda one: not isinstance(one[1].event, DayOpened), _entries(db, after))
    records = [record for _, record in itertools.islice(entries, 1)]
    for seq, record in entries:
        records.append(record)
        if isinstance(record.event, DayOpened):
            return seq - 1, records
    return None


def _entries(db: sqlite3.Connection, after: int) -> Iterator[tuple[int, Record[Event]]]:
    while rows := db.execute(
        "SELECT seq, body FROM entry WHERE seq > ? ORDER BY seq LIMIT ?", (after, _AT_ONCE)
    ).fetchall():
        yield from ((seq, decode_record(body)) for seq, body in rows)
        after = rows[-1][0]
