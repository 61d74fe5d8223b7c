"""Events, streams, sites."""

import sqlalchemy as sa
from alembic import op

revision = "v1"
down_revision = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "event",
        sa.Column("site", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.String(32), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stream",
        sa.Column("site", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.String(32), primary_key=True),
        sa.Column("upto", sa.BigInteger, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text),
    )
    op.create_table(
        "site",
        sa.Column("site", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.String(32)),
        sa.Column("as_of_ms", sa.BigInteger, nullable=False),
        sa.Column("fleet", sa.Text),
    )
