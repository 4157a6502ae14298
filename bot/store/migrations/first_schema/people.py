"""Accounts, roles, absences, and the providers whose files are kept."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.first_schema.columns import AT, bitemporal


def create() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slack_user_id", sa.String(), nullable=True, unique=True),
        sa.Column("email", sa.String(), nullable=True, unique=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("dm_channel", sa.String(), nullable=True),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("deactivated_at", AT, nullable=True),
        sa.Column("refreshed_at", AT, nullable=True),
        sa.Column("dm_refused_at", AT, nullable=True),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("delegate_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        *bitemporal(),
        sa.CheckConstraint("valid_to IS NOT NULL AND valid_to >= valid_from", name="absence_ends"),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True, unique=True),
        sa.Column("name", sa.String(), nullable=False, index=True),
        sa.Column("email", sa.String(), nullable=True, index=True),
        sa.Column("former_names", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("npi", sa.String(), nullable=True, unique=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("sites", sa.String(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.Column("backup_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True, index=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("last_decision_on", sa.Date(), nullable=True),
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        *bitemporal(),
    )
    op.create_table(
        "credentialing_decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        *bitemporal(),
    )
    op.create_table(
        "former_account",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("until", AT, nullable=False),
        sa.UniqueConstraint("provider_id", "person_id"),
    )
    op.create_table(
        "former_npi",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False),
        sa.Column("npi", sa.String(), nullable=False, index=True),
        sa.Column("until", AT, nullable=False),
        sa.UniqueConstraint("provider_id", "npi"),
    )
    op.create_table(
        "quarantined_file",
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), primary_key=True),
        sa.Column("job", sa.String(), primary_key=True),
        sa.Column("error_reference", sa.String(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
    )
    op.create_table(
        "provider_status",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("expected_back", sa.Date(), nullable=True),
        sa.Column("reason_class", sa.String(), nullable=True),
        sa.Column("investigation", sa.String(), nullable=True),
        sa.Column("carried_out_at", AT, nullable=True),
        *bitemporal(),
        sa.CheckConstraint("expected_back IS NULL OR status = 'leave'", name="only_a_leave_is_expected_back"),
        sa.CheckConstraint("reason_class IS NULL OR status = 'ended'", name="only_an_end_has_a_reason"),
        sa.CheckConstraint(
            "status IN ('applicant', 'active', 'leave', 'ended', 'rehired')", name="provider_status_known"
        ),
    )
