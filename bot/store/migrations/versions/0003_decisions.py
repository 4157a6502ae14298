"""Decisions on a whole file, and the deadline of the next one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SUBJECTS = (
    *("credential_id", "term_id", "submission_id", "verification_id", "step_id", "nudge_id", "task_id"),
    "file_id",
)
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", AT, nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_decision_provider_id"), "decision", ["provider_id"], unique=False)
    one_subject = " + ".join(f"(CASE WHEN {subject} IS NULL THEN 0 ELSE 1 END)" for subject in SUBJECTS) + " = 1"
    with op.batch_alter_table("deadline") as deadline:
        deadline.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        deadline.create_foreign_key("deadline_file_id_fkey", "provider", ["file_id"], ["id"])
        deadline.drop_constraint("deadline_has_one_subject", type_="check")
        deadline.create_check_constraint("deadline_has_one_subject", one_subject)
    where = sa.text("closed_at IS NULL AND file_id IS NOT NULL")
    op.create_index(
        "one_open_deadline_a_file_id",
        "deadline",
        ["kind", "file_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
