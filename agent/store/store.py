"""Reading and writing the tables. Rule: events, the state that they fold to and their scores are one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, Table, and_, select
from sqlalchemy.exc import SQLAlchemyError

from agent.promises import Kind, Scoring
from agent.scores import DayScore, Tally
from agent.store import schema
from agent.store.engine import append, fault_of, open_engine, put
from agent.stream import Entry, Stream
from core.edge.crash import crash_point
from core.room.ids import SiteId
from core.wire.coding import WireError, decode_state, encode_state

__all__ = ["Changes", "SiteRow", "Store"]

_SCORING: TypeAdapter[Scoring] = TypeAdapter(Scoring)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """What is kept of a site beside its journals."""

    site: SiteId
    epoch: str | None = None
    """The journal that it writes now."""
    as_of_ms: int = 0
    """Until when what is known of it was true: UTC milliseconds."""
    fleet: str | None = None
    """Its newest `Fleet` message."""


@dataclass(slots=True)
class Changes:
    """What one transaction writes."""

    entries: dict[tuple[SiteId, str], list[Entry]] = field(default_factory=dict)
    streams: dict[tuple[SiteId, str], Stream] = field(default_factory=dict)
    """By site and epoch."""
    sites: dict[SiteId, SiteRow] = field(default_factory=dict)
    scores: dict[tuple[SiteId, str, str], DayScore] = field(default_factory=dict)
    """By site, epoch and service day; whole, so that writing them again changes nothing."""

    def is_empty(self) -> bool:
        return not (self.entries or self.streams or self.sites)


class Store:
    """Used from one thread."""

    def __init__(self, url: str) -> None:
        """Open the database and bring it up to date.

        Raises:
            StoreFault: it cannot be used.
        """
        self._engine = open_engine(url)
        self._errors = SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error, WireError, ValidationError

    def load(self) -> list[tuple[SiteRow, Stream | None]]:
        """Every site with the journal that it writes now: one row per site, however long its history.

        Raises:
            StoreFault: the database cannot be read.
        """
        site, stream = schema.site.c, schema.stream.c
        both = schema.site.outerjoin(schema.stream, and_(site.site == stream.site, site.epoch == stream.epoch))
        wanted = select(schema.site, stream.upto, stream.at_ms, stream.state, stream.scoring).select_from(both)
        with self._transaction() as connection:
            return [
                (
                    SiteRow(site=SiteId(row.site), epoch=row.epoch, as_of_ms=row.as_of_ms, fleet=row.fleet),
                    None if row.upto is None else _stream(row),
                )
                for row in connection.execute(wanted)
            ]

    def stream(self, site: SiteId, epoch: str) -> Stream | None:
        """A journal of a site, current or not; None when nothing of it is stored.

        Raises:
            StoreFault: the database cannot be read.
        """
        with self._transaction() as connection:
            row = connection.execute(select(schema.stream).where(*_is(schema.stream, site, epoch))).one_or_none()
        return None if row is None else _stream(row)

    def newest_but(self, site: SiteId, epoch: str) -> Stream | None:
        """The journal of a site that was written last, this one apart; None when there is none that folds.

        Raises:
            StoreFault: the database cannot be read.
        """
        stream = schema.stream
        others = select(stream).where(stream.c.site == site, stream.c.epoch != epoch, stream.c.state.is_not(None))
        with self._transaction() as connection:
            row = connection.execute(others.order_by(stream.c.at_ms.desc()).limit(1)).one_or_none()
        return None if row is None else _stream(row)

    def bodies(self, site: SiteId, epoch: str, *, first: int, last: int) -> dict[int, str]:
        """Stored entries by `seq`.

        Raises:
            StoreFault: the database cannot be read.
        """
        seq = schema.event.c.seq
        wanted = select(seq, schema.event.c.body).where(*_is(schema.event, site, epoch), seq.between(first, last))
        with self._transaction() as connection:
            return {row.seq: row.body for row in connection.execute(wanted)}

    def write(self, changes: Changes) -> None:
        """Store changes durably, all or nothing.

        Raises:
            StoreFault: nothing was stored.
        """
        with self._transaction() as connection:
            if changes.entries:
                append(connection, schema.event, _event_rows(changes.entries))
                crash_point("store.written-not-committed")
            if changes.streams:
                put(connection, schema.stream, [_stream_row(stream) for stream in changes.streams.values()])
            if changes.sites:
                put(connection, schema.site, [_site_row(site) for site in changes.sites.values()])
            if changes.scores:
                put(connection, schema.score, list(_score_rows(changes.scores)))

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except self._errors as error:
            raise fault_of(error) from error


def _event_rows(entries: Mapping[tuple[SiteId, str], Sequence[Entry]]) -> list[tuple[Any, ...]]:
    return [
        (site, epoch, one.seq, one.at_ms, one.kind, one.body) for (site, epoch), some in entries.items() for one in some
    ]


def _is(table: Table, site: SiteId, epoch: str) -> tuple[Any, Any]:
    return table.c.site == site, table.c.epoch == epoch


def _stream_row(stream: Stream) -> tuple[Any, ...]:
    state = None if stream.state is None else encode_state(stream.state).decode()
    return stream.site, stream.epoch, stream.upto, stream.at_ms, state, _SCORING.dump_json(stream.scoring).decode()


def _site_row(site: SiteRow) -> tuple[Any, ...]:
    return site.site, site.epoch, site.as_of_ms, site.fleet


def _score_rows(scores: Mapping[tuple[SiteId, str, str], DayScore]) -> Iterator[tuple[Any, ...]]:
    for (site, epoch, day), score in scores.items():
        tallies: dict[Kind, Tally] = {"first": score.first, "later": score.later}
        for kind, one in tallies.items():
            if one != Tally():
                counts = one.told, one.error_s, one.covered, one.under, one.late, one.kept, one.uncalled
                yield site, day, epoch, kind, *counts


def _stream(row: Row[Any]) -> Stream:
    state = None if row.state is None else decode_state(row.state.encode())
    scoring = Scoring() if row.scoring is None else _SCORING.validate_json(row.scoring)
    return Stream(site=SiteId(row.site), epoch=row.epoch, upto=row.upto, at_ms=row.at_ms, state=state, scoring=scoring)
