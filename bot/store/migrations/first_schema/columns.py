"""Columns that several tables of the first release have."""

from typing import Any

import sqlalchemy as sa

AT = sa.DateTime(timezone=True)


def bitemporal() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", AT, nullable=True),
        sa.Column("why", sa.String(), nullable=True),
    )
