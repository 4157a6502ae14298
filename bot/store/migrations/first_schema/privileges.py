"""Requests, steps, votes, grants and lapses."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.first_schema.columns import AT


def create() -> None:
    op.create_table(
        "evidence_snapshot",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sha256", sa.String(), nullable=False, unique=True),
        sa.Column("content", sa.JSON(), nullable=False),
    )
    op.create_table(
        "privilege_request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("requester_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=True, index=True, comment="privilege_grant.id"),
        sa.CheckConstraint("kind IN ('request', 'reinstatement')", name="request_kind"),
    )
    op.create_table(
        "request_line",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("privilege_request.id"), nullable=False, index=True),
        sa.Column("privilege", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), sa.ForeignKey("evidence_snapshot.id"), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'not_eligible', 'returned', 'referred', 'withdrawn')", name="line_state"
        ),
    )
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("line_id", sa.Integer(), sa.ForeignKey("request_line.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Date(), nullable=False),
        sa.CheckConstraint("mode IN ('recommend', 'grant')", name="step_mode"),
        sa.CheckConstraint("state IN ('open', 'passed', 'stopped')", name="step_state"),
        sa.UniqueConstraint("line_id", "position"),
    )
    op.create_table(
        "privilege_grant",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("line_id", sa.Integer(), sa.ForeignKey("request_line.id"), nullable=False, index=True, unique=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("privilege", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
    )
    op.create_table(
        "approval_round",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("step_id", sa.Integer(), sa.ForeignKey("approval_step.id"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("after IN ('answer', 'meeting')", name="approval_round_after"),
        sa.UniqueConstraint("step_id", "round"),
    )
    op.create_table(
        "privilege_lapse",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("grant_id", sa.Integer(), sa.ForeignKey("privilege_grant.id"), nullable=False, index=True),
        sa.Column("credential_type", sa.String(), nullable=False),
        sa.Column("because_term_id", sa.Integer(), sa.ForeignKey("credential_term.id"), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("lifted_at", AT, nullable=True),
        sa.Column("lifted_by_request_id", sa.Integer(), sa.ForeignKey("privilege_request.id"), nullable=True),
        sa.Column("superseded_at", AT, nullable=True),
    )
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("step_id", sa.Integer(), sa.ForeignKey("approval_step.id"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("snapshot_id", sa.Integer(), sa.ForeignKey("evidence_snapshot.id"), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.UniqueConstraint("step_id", "round", "person_id"),
    )
