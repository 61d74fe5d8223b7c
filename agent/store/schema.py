"""The tables. Changed only together with a new file in `migrations/versions`, which a test compares with this one.

event         what happened at a site: a copy of its journal, each entry once
stream        how far each journal has been taken in, what it folds to there, and which promises of it are open
score         what the promises of each service day came to: `first` of each ticket, and those told `later`
site          which journal a site writes now, and what it last said of its devices
practitioner  what patients may read of a doctor: a name
shift         a practitioner planned for a room; nobody begins two at one instant
special_day   a day unlike its week at a site; without minutes it is closed
config        how far what is planned for a site has grown, and on which day it was last cut out to be sent
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

__all__ = ["HEAD", "METADATA", "config", "event", "practitioner", "score", "shift", "site", "special_day", "stream"]

HEAD = "v3"
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
    Column("scoring", Text),
)

score = Table(
    "score",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("day", String(10), primary_key=True),
    # A day of a site whose controller lost its disk has two journals, and each has told its own.
    Column("epoch", _ID, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("told", Integer, nullable=False),
    Column("error_s", BigInteger, nullable=False),
    Column("covered", Integer, nullable=False),
    Column("under", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("uncalled", Integer, nullable=False),
)

site = Table(
    "site",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("epoch", _ID),
    Column("as_of_ms", BigInteger, nullable=False),
    Column("fleet", Text),
)

practitioner = Table(
    "practitioner",
    METADATA,
    Column("practitioner", _ID, primary_key=True),
    Column("name", String(60), nullable=False),
)

shift = Table(
    "shift",
    METADATA,
    Column("practitioner", _ID, primary_key=True),
    Column("begins_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("ends_ms", BigInteger, nullable=False),
    Column("site", _ID, nullable=False),
    Column("room", _ID, nullable=False),
)

special_day = Table(
    "special_day",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("opens_min", Integer),
    Column("closes_min", Integer),
)

config = Table(
    "config",
    METADATA,
    Column("site", _ID, primary_key=True),
    Column("rev", BigInteger, nullable=False),
    Column("day", String(10)),
)
