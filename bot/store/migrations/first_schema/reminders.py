"""Deadlines, nudges and tasks."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.first_schema.columns import AT


def create() -> None:
    op.create_table(
        "nudge_day",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.UniqueConstraint("recipient", "local_date"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("opened_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("done_at", AT, nullable=True),
        sa.Column("done_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("credential_id", sa.Integer(), sa.ForeignKey("credential.id"), nullable=True, index=True),
        sa.Column("assignee", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=False),
        sa.Column("on_lapse", sa.String(), nullable=True),
        sa.Column("next_at", AT, nullable=True),
        sa.Column("held_at", AT, nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("escalated_at", AT, nullable=True),
        sa.Column("closed_at", AT, nullable=True),
    )
    op.create_index("deadlines_of_a_subject", "deadline", ["subject_id", "subject_type"])
    op.create_index(
        "deadlines_to_look_at",
        "deadline",
        ["next_at"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "one_open_deadline_a_subject",
        "deadline",
        ["subject_id", "kind"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("deadline_id", sa.Integer(), sa.ForeignKey("deadline.id"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("nudge_day_id", sa.Integer(), sa.ForeignKey("nudge_day.id"), nullable=True, index=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("refused_at", AT, nullable=True),
        sa.UniqueConstraint("deadline_id", "due_on", "rung", "recipient"),
    )
