"""One journal of a site as the agent follows it: how far, what it folds to, how its promises did. Pure.

Rule: entries are taken in without gaps and once each; storing them never depends on being able to fold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from pydantic_core import from_json, to_json

from agent.promises import Scoring, scored
from agent.scores import DayScore
from core.edge.outbox import fresh
from core.room.events import Event, Record
from core.room.ids import SiteId
from core.room.state import CorruptHistory, SiteState, fold
from core.wire.messages import LogBatch

__all__ = ["Entry", "Followed", "Stream", "bodies_of", "follow", "joined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A journal, up to an entry."""

    site: SiteId
    epoch: str
    upto: int = 0
    at_ms: int = 0
    """When the last entry was decided, on the site clock."""
    state: SiteState | None = field(default_factory=SiteState)
    """What the entries fold to; None once one of them could not have followed the ones before it, or some are lost."""
    scoring: Scoring = field(default_factory=Scoring)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, to be stored."""

    seq: int
    at_ms: int
    kind: str
    body: str
    """As the site sent it, fields unknown to this release included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A stream after a batch."""

    stream: Stream
    entries: list[Entry]
    """What is new."""
    known: list[str]
    """Bodies of the entries that had been taken in before; they come first in a batch."""
    is_late: bool = False
    """Whether entries before these are missing for good, so that nothing can be folded any more."""
    scores: Mapping[str, DayScore] = field(default_factory=dict)
    """By service day, as far as the entries changed them."""


def follow(stream: Stream, batch: LogBatch, bodies: list[str]) -> Followed | None:
    """Take in a batch; None when entries before it are missing."""
    new = fresh(stream.upto, batch.first, len(batch.records), batch.oldest)
    if new is None:
        return None
    known = bodies[: new.start] if new else bodies
    records = batch.records[len(known) :]
    if not records:
        return Followed(stream=stream, entries=[], known=known)
    first = batch.first + len(known)
    is_late = first > stream.upto + 1
    entries = [
        Entry(seq=seq, at_ms=record.at_ms, kind=record.event.kind, body=body)
        for seq, record, body in zip(count(first), records, bodies[len(known) :], strict=False)
    ]
    state = None if is_late else _folded(stream.state, records)
    # What was told before a hole may have been called in it.
    found = scored(Scoring() if is_late else stream.scoring, records)
    after = replace(stream, upto=entries[-1].seq, at_ms=entries[-1].at_ms, state=state, scoring=found.scoring)
    return Followed(stream=after, entries=entries, known=known, is_late=is_late, scores=found.days)


def _folded(state: SiteState | None, records: list[Record[Event]]) -> SiteState | None:
    try:
        return None if state is None else fold(records, state)
    except CorruptHistory:
        return None


def bodies_of(payload: bytes) -> list[str]:
    """The entries of a `LogBatch` that has been read without fault, each as its own JSON text."""
    return [to_json(record).decode() for record in from_json(payload)["records"]]


def joined(read: Iterable[tuple[LogBatch, list[str]]]) -> Iterator[tuple[LogBatch, list[str]]]:
    """Batches with their bodies; those that follow on one another as one, so that they are folded in one go."""
    run: list[tuple[LogBatch, list[str]]] = []
    for batch, bodies in read:
        if run and not _follows_on(run[-1][0], batch):
            yield _one(run)
            run = []
        run.append((batch, bodies))
    if run:
        yield _one(run)


def _follows_on(before: LogBatch, batch: LogBatch) -> bool:
    end = before.first + len(before.records)
    return (batch.epoch, batch.oldest, batch.first) == (before.epoch, before.oldest, end)


def _one(run: list[tuple[LogBatch, list[str]]]) -> tuple[LogBatch, list[str]]:
    if len(run) == 1:
        return run[0]
    records = [record for batch, _ in run for record in batch.records]
    return run[0][0].model_copy(update={"records": records}), [body for _, bodies in run for body in bodies]
