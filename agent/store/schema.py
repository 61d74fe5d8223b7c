"""The tables. Changed only together with a new file in `migrations/versions`, which a test compares with this one.

event    what happened at a site: a copy of its journal, each entry once
stream   how far each journal has been taken in, and what it folds to there
site     which journal a site writes now, and what it last said of its devices
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

__all__ = ["HEAD", "METADATA", "event", "site", "stream"]

HEAD = "v1"
"""The newest migration. Known here, so that a start with an up-to-date database need not load Alembic (0.2 s)."""

METADATA = MetaData()

_ID = String(32)

event = Table(
    "event",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("epoch", _ID, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    # One tree instead of a table and its index: half the pages to write.
    sqlite_with_rowid=False,
)

stream = Table(
    "stream",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("epoch", _ID, primary_key=True),
    Column("upto", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("state", Text),
)

site = Table(
    "site",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("epoch", _ID),
    Column("as_of_ms", BigInteger, nullable=False),
    Column("fleet", Text),
)
