"""The tables: made by migrations, read one row per site, written all or nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from agent.store import schema
from agent.store.engine import StoreFault, open_engine
from agent.store.store import Changes, SiteRow, Store
from agent.stream import Entry, Stream
from core.room.ids import SiteId
from core.room.state import fold
from tests.agent.site import Day, records

_AUBAGNE = SiteId("aubagne")
_TRETS = SiteId("trets")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'agent.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as opened:
        yield opened


def _stream(site: SiteId, epoch: str, upto: int) -> Stream:
    day = Day()
    return Stream(site=site, epoch=epoch, upto=upto, at_ms=1, state=fold(records(*day.opening, day.issue("ar"))))


def _entry(seq: int) -> Entry:
    return Entry(seq=seq, at_ms=1, kind="day-opened", body=f'{{"n":{seq}}}')


def _changes(stream: Stream, entries: list[Entry]) -> Changes:
    key = stream.site, stream.epoch
    row = SiteRow(site=stream.site, epoch=stream.epoch, as_of_ms=7, fleet="{}")
    return Changes(entries={key: entries}, streams={key: stream}, sites={stream.site: row})


def test_the_migrations_make_the_tables_of_the_schema(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.METADATA) == []
    engine.dispose()


def test_the_schema_names_the_newest_migration() -> None:
    folder = Path(schema.__file__).parent / "migrations"
    assert ScriptDirectory.from_config(Config(config_args={"script_location": str(folder)})).get_heads() == [
        schema.HEAD
    ]


def test_an_up_to_date_database_is_opened_as_it_is(url: str) -> None:
    with Store(url) as store:
        store.write(_changes(_stream(_AUBAGNE, "a", 1), [_entry(1)]))
    with Store(url) as store:
        assert store.bodies(_AUBAGNE, "a", first=1, last=9) == {1: '{"n":1}'}


def test_what_is_written_is_read_back_by_the_journal_that_a_site_writes_now(store: Store) -> None:
    old, new, other = _stream(_AUBAGNE, "a", 3), _stream(_AUBAGNE, "b", 1), _stream(_TRETS, "c", 2)
    store.write(_changes(old, [_entry(seq) for seq in (1, 2, 3)]))
    store.write(_changes(new, [_entry(1)]))
    store.write(_changes(other, [_entry(1), _entry(2)]))

    loaded = {row.site: (row, stream) for row, stream in store.load()}

    assert loaded == {
        _AUBAGNE: (SiteRow(site=_AUBAGNE, epoch="b", as_of_ms=7, fleet="{}"), new),
        _TRETS: (SiteRow(site=_TRETS, epoch="c", as_of_ms=7, fleet="{}"), other),
    }
    assert store.stream(_AUBAGNE, "a") == old
    assert store.stream(_AUBAGNE, "z") is None


def test_a_stream_that_cannot_be_folded_stays_so(store: Store) -> None:
    broken = Stream(site=_AUBAGNE, epoch="a", upto=1, state=None)
    store.write(_changes(broken, [_entry(1)]))

    assert store.stream(_AUBAGNE, "a") == broken


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    before = _stream(_AUBAGNE, "a", 1)
    store.write(_changes(before, [_entry(1)]))

    with pytest.raises(StoreFault):
        store.write(_changes(_stream(_AUBAGNE, "a", 3), [_entry(2), _entry(1)]))

    assert store.stream(_AUBAGNE, "a") == before
    assert list(store.bodies(_AUBAGNE, "a", first=1, last=9)) == [1]


def test_a_fault_tells_neither_tokens_nor_passwords(store: Store) -> None:
    stream = _stream(_AUBAGNE, "a", 1)
    assert stream.state is not None
    (ticket,) = stream.state.tickets.values()
    with store._engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE stream")

    with pytest.raises(StoreFault, match="no such table") as statement:
        store.write(_changes(stream, [_entry(1)]))
    with pytest.raises(StoreFault, match="refused") as address:
        Store("postgresql+psycopg://borne:secret@127.0.0.1:1/borne")

    assert ticket.token not in str(statement.value)
    assert "secret" not in str(address.value)


def test_every_commit_waits_for_the_disk(store: Store) -> None:
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_database_of_a_later_release_is_left_alone(url: str, tmp_path: Path) -> None:
    Store(url).close()
    with sqlite3.connect(tmp_path / "agent.db") as db:
        db.execute("UPDATE alembic_version SET version_num = 'v99'")
    db.close()

    with pytest.raises(StoreFault, match="written by another release"):
        Store(url)


def test_a_file_that_is_no_database_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "agent.db").write_bytes(b"not a database, but long enough to be looked at" * 100)

    with pytest.raises(StoreFault, match=re.escape(url)):
        Store(url)


def test_a_database_that_is_not_supported_is_named() -> None:
    with pytest.raises(StoreFault, match="mysql"):
        Store("mysql://there/is/none")
