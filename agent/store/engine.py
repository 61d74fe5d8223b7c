"""All that differs between SQLite and PostgreSQL, and the start: connect, lock, bring the tables up to date.

Rule: every wait has a limit. SQLite is used with `synchronous=FULL`: NORMAL lost 153 to 655 acknowledged rows per power
cut where FULL lost none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import URL, Connection, Engine, Pool, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from agent.store.schema import HEAD

__all__ = ["DamagedStore", "StoreFault", "alone", "append", "fault_of", "open_engine", "put"]

_LOCK_WAIT_S = 5
_ADVISORY_LOCK = 0x626F726E65
"""`borne`: the number under which PostgreSQL keeps two transactions from being alone at once."""


class StoreFault(Exception):
    """The database did not take or give what was asked; nothing was changed."""


class DamagedStore(StoreFault):
    """What is there is no database any more; asking again does not help."""


def fault_of(error: Exception, where: str = "") -> StoreFault:
    """A database's error as ours. SQLite says of a damaged file what it says of nothing else: a plain DatabaseError.

    Of its text the first line alone: the rest repeats what was to be written, tokens too, and health shows it to all.
    """
    cause = getattr(error, "orig", None) or error
    kind = DamagedStore if type(cause) is sqlite3.DatabaseError else StoreFault
    return kind(where + str(cause).partition("\n")[0])


def open_engine(url: str, *, pool: type[Pool] | None = None) -> Engine:
    """Connect and bring the tables up to date.

    Args:
        pool: how connections are kept; the dialect's own way without it.

    Raises:
        DamagedStore: it is an SQLite file that fails SQLite's checks.
        StoreFault: no such database, or it is locked, or of a later release.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreFault("store.url is no address; give sqlite:///FILE or postgresql://USER@HOST/NAME") from error
    try:
        engine = _connect(address, pool)
        with engine.connect() as connection:
            version = _version(connection)
        if version != HEAD:
            _migrate(engine)
    except (SQLAlchemyError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise fault_of(error, f"store.url = {address!r}: ") from error
    return engine


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction beside which no other one of its kind runs: what it has read is still so when it writes."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        yield connection
        connection.commit()


def append(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each in the order of the table's columns, by the driver's own way for many.

    SQLAlchemy's insert handles every row in Python, which adds seven tenths to what SQLite itself costs.

    Raises:
        Error: the driver's own: the database did not take them, and the transaction is to be given up.
    """
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.columns.keys())
        into = f"COPY {table.name} ({names}) FROM STDIN"
        with closing(connection.connection.cursor()) as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
    else:
        _execute(connection, _insert(table, "?"), rows)


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each in the order of the table's columns; one with a key that is there replaces what it had.

    An update and, where there was no row, an insert cost twice as much.

    Raises:
        Error: as for `append`.
    """
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    _execute(connection, _upsert(table, mark), rows)


def _execute(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with closing(connection.connection.cursor()) as cursor:
        cursor.executemany(statement, rows)


@cache
def _insert(table: Table, mark: str) -> str:
    names, marks = ", ".join(table.columns.keys()), ", ".join([mark] * len(table.columns))
    return f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - names of the schema alone


@cache
def _upsert(table: Table, mark: str) -> str:
    key = ", ".join(table.primary_key.columns.keys())
    others = (column.name for column in table.columns if not column.primary_key)
    values = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f"{_insert(table, mark)} ON CONFLICT ({key}) DO UPDATE SET {values}"


def _connect(url: URL, pool: type[Pool] | None) -> Engine:
    match url.get_backend_name():
        case "sqlite":
            engine = create_engine(url, poolclass=pool, connect_args={"timeout": _LOCK_WAIT_S})
            event.listen(engine, "connect", _set_up_sqlite)
        case "postgresql":
            limits = f"-c lock_timeout={_LOCK_WAIT_S}s -c statement_timeout=60s"
            engine = create_engine(
                url, poolclass=pool, connect_args={"connect_timeout": _LOCK_WAIT_S, "options": limits}
            )
        case other:
            raise StoreFault(f"store.url = {url!r}: {other} is not supported; give sqlite:/// or postgresql://")
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    """All steps in one transaction: they succeed together or the database is not touched."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    with alone(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(files("agent.store") / "migrations"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreFault(
                f"{engine.url}: written by another release of borne ({error}); install that one"
            ) from error
