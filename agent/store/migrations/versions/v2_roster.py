"""Practitioners, shifts, special days, and how far each site's configuration has grown."""

import sqlalchemy as sa
from alembic import op

revision = "v2"
down_revision = "v1"


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "practitioner",
        sa.Column("practitioner", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
    )
    op.create_table(
        "shift",
        sa.Column("practitioner", sa.String(32), primary_key=True),
        sa.Column("begins_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("ends_ms", sa.BigInteger, nullable=False),
        sa.Column("site", sa.String(32), nullable=False),
        sa.Column("room", sa.String(32), nullable=False),
    )
    op.create_table(
        "special_day",
        sa.Column("site", sa.String(32), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("opens_min", sa.Integer),
        sa.Column("closes_min", sa.Integer),
    )
    op.create_table(
        "config",
        sa.Column("site", sa.String(32), primary_key=True),
        sa.Column("rev", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10)),
    )
