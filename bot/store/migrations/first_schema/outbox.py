"""Messages to be sent, cards, pace."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.first_schema.columns import AT


def create() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("wanted_version", sa.Integer(), nullable=False),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("shown_hash", sa.String(), nullable=True),
        sa.Column("replaced_ts", sa.String(), nullable=True),
        sa.UniqueConstraint("kind", "subject", "channel"),
    )
    op.create_table(
        "pace",
        sa.Column("method", sa.String(), primary_key=True),
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("next_at", AT, nullable=False),
    )
    op.create_table(
        "processed_event",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("at", AT, nullable=False, index=True),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("card_id", sa.Integer(), sa.ForeignKey("card.id"), nullable=True),
        sa.Column("after_card", sa.Integer(), sa.ForeignKey("card.id"), nullable=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("not_before", AT, nullable=True),
        sa.Column("lease", AT, nullable=True),
        sa.Column("sending_at", AT, nullable=True),
        sa.Column("search_attempts", sa.Integer(), nullable=False),
        sa.Column("sent_ts", sa.String(), nullable=True),
        sa.Column("sent_text", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'claimed', 'sending', 'sent', 'uncertain', 'asked', 'failed', 'dropped')",
            name="outbox_state",
        ),
    )
    op.create_index(
        "one_in_flight_a_conversation",
        "outbox_message",
        ["channel"],
        unique=True,
        sqlite_where=sa.text("state IN ('claimed', 'sending', 'uncertain')"),
        postgresql_where=sa.text("state IN ('claimed', 'sending', 'uncertain')"),
    )
    op.create_index(
        "one_waiting_row_a_card",
        "outbox_message",
        ["card_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "outbox_for_a_person",
        "outbox_message",
        ["id"],
        sqlite_where=sa.text("state IN ('asked', 'failed')"),
        postgresql_where=sa.text("state IN ('asked', 'failed')"),
    )
    op.create_index(
        "outbox_waiting",
        "outbox_message",
        ["not_before", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
