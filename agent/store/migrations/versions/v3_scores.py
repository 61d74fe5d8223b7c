"""Scores by day, and beside each journal the promises that are still open."""

import sqlalchemy as sa
from alembic import op

revision = "v3"
down_revision = "v2"


def upgrade() -> None:
    """Make the table, and add the column."""
    op.create_table(
        "score",
        sa.Column("site", sa.String(32), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("epoch", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("error_s", sa.BigInteger, nullable=False),
        sa.Column("covered", sa.Integer, nullable=False),
        sa.Column("under", sa.Integer, nullable=False),
        sa.Column("late", sa.Integer, nullable=False),
        sa.Column("kept", sa.Integer, nullable=False),
        sa.Column("uncalled", sa.Integer, nullable=False),
    )
    op.add_column("stream", sa.Column("scoring", sa.Text))
