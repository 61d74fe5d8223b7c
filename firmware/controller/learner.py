"""The learner: a process of the controller's that draws habits from the centre's own journal, and ends.

    python -m firmware.controller.learner SITE_FILE DATA_FOLDER

It goes on from the habits on the disk, and says what each further day that is over has taught, a line each.

Rule: the journal is read from beside while the controller writes it, in short pieces, and nothing is written.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from core.edge.config import load
from core.edge.site import Site
from core.forecast.habits import FIRST_DAY, VERSION
from core.forecast.history import histories
from core.forecast.learn import learn
from core.room.events import DayOpened, Event, Record
from core.room.passage import Policy
from core.room.state import CorruptHistory
from core.wire.coding import WireError, decode, decode_record, encode
from core.wire.messages import Learnt, Message, SiteConfig
from firmware.controller.child import begin
from firmware.controller.plan import policy_of

__all__ = ["lessons", "main"]

_log = logging.getLogger(__name__)

_AT_ONCE = 500
"""Entries of one read. While it lasts, the journal's write-ahead log cannot begin anew (sqlite.org, "WAL")."""
_LOCK_WAIT_S = 5.0

MessageT = TypeVar("MessageT", bound=Message)


def lessons(journal: Path, learnt: Learnt | None, policy: Policy) -> Iterator[Learnt]:
    """What each day that is over and has not been learnt from teaches, the oldest first.

    Args:
        learnt: from which to go on; None for a centre that has no past.

    Raises:
        sqlite3.Error: the journal cannot be read.
        WireError: an entry of it cannot.
    """
    habits = FIRST_DAY
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=_LOCK_WAIT_S)) as db:
        facts: dict[str, str | int] = dict(db.execute("SELECT name, value FROM fact"))
        epoch, after = str(facts["epoch"]), int(facts["pruned"])
        if learnt is not None and learnt.habits.version == VERSION:
            habits = learnt.habits
            after = max(after, learnt.seq) if learnt.epoch == epoch else after
        while (day := _day_behind(db, after)) is not None:
            after, records = day
            try:
                habits = learn(histories(records, policy), habits)
            except CorruptHistory as error:
                _log.warning("the day before entry %d teaches nothing: %s", after + 1, error)
            yield Learnt(epoch=epoch, seq=after, habits=habits)


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


def _kept(path: Path, model: type[MessageT]) -> MessageT | None:
    """What the controller has on its disk, if that can be read: it sees to its own files."""
    try:
        return decode(model, path.read_bytes())
    except (OSError, WireError):
        return None


def _policy(site: Site, plan: SiteConfig | None) -> Policy:
    try:
        return policy_of(site, plan)
    except ValueError:
        return policy_of(site)


def main(arguments: list[str]) -> None:
    """Say what there is to learn to the controller, at the other end of standard output."""
    parser = argparse.ArgumentParser(prog="firmware.controller.learner")
    parser.add_argument("site", type=Path)
    parser.add_argument("data", type=Path)
    args = parser.parse_args(arguments)
    said = begin()
    policy = _policy(load(args.site, Site), _kept(args.data / "plan.json", SiteConfig))
    for learnt in lessons(args.data / "site.journal", _kept(args.data / "habits.json", Learnt), policy):
        said.write(encode(learnt) + b"\n")
        said.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
