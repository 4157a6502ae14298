"""A provider's dated status instead of two columns, owners' tasks, and direct messages that Slack refused."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SUBJECTS = ("credential_id", "term_id", "submission_id", "verification_id", "step_id", "nudge_id", "task_id")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _statuses()
    _tasks()
    op.add_column("person", sa.Column("dm_refused_at", AT, nullable=True))
    op.add_column("nudge", sa.Column("refused_at", AT, nullable=True))


def _statuses() -> None:
    """Whoever has no row is active, as every provider without a date of their own was."""
    op.create_table(
        "provider_status",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", AT, nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("expected_back", sa.Date(), nullable=True),
        sa.Column("reason_class", sa.String(), nullable=True),
        sa.Column("investigation", sa.String(), nullable=True),
        sa.Column("carried_out_at", AT, nullable=True),
        sa.CheckConstraint(
            "status IN ('applicant', 'active', 'leave', 'ended', 'rehired')", name="provider_status_known"
        ),
        sa.CheckConstraint("reason_class IS NULL OR status = 'ended'", name="only_an_end_has_a_reason"),
        sa.CheckConstraint("expected_back IS NULL OR status = 'leave'", name="only_a_leave_is_expected_back"),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_provider_status_provider_id"), "provider_status", ["provider_id"], unique=False)
    op.execute(
        """
        INSERT INTO provider_status (provider_id, status, valid_from, recorded_at, carried_out_at, why)
        SELECT id, status, COALESCE(status_from, hired_on, CURRENT_DATE), CURRENT_TIMESTAMP, CURRENT_TIMESTAMP,
               'carried over'
        FROM provider WHERE status <> 'active' OR status_from IS NOT NULL ORDER BY id
        """
    )
    with op.batch_alter_table("provider") as provider:
        provider.drop_column("status")
        provider.drop_column("status_from")


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("done_at", AT, nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"]),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_task_provider_id"), "task", ["provider_id"], unique=False)
    one_subject = " + ".join(f"(CASE WHEN {subject} IS NULL THEN 0 ELSE 1 END)" for subject in SUBJECTS) + " = 1"
    with op.batch_alter_table("deadline") as deadline:
        deadline.add_column(sa.Column("task_id", sa.Integer(), nullable=True))
        deadline.create_foreign_key("deadline_task_id_fkey", "task", ["task_id"], ["id"])
        deadline.drop_constraint("deadline_has_one_subject", type_="check")
        deadline.create_check_constraint("deadline_has_one_subject", one_subject)
    op.create_index(op.f("ix_deadline_task_id"), "deadline", ["task_id"], unique=False)
    where = sa.text("closed_at IS NULL AND task_id IS NOT NULL")
    op.create_index(
        "one_open_deadline_a_task_id",
        "deadline",
        ["kind", "task_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
