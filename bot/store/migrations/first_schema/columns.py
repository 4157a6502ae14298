"""Columns that several tables of the first release have."""

import sqlalchemy as sa

AT = sa.DateTime(timezone=True)


def bitemporal() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", AT, nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("ended_as", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(superseded_at IS NULL) = (ended_as IS NULL) AND "
            "(ended_as IS NULL OR ended_as IN ('corrected', 'voided', 'moved', 'sent_back'))",
            name="how_it_ended",
        ),
    )
