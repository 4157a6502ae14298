"""Everything of the first release."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001_first_schema"
down_revision = None

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _people()
    _credentials()
    _privileges()
    _reminders()
    _outbox()
    _audit()
    _begin_the_chain()


def _begin_the_chain() -> None:
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])


def _bitemporal() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", AT, nullable=True),
        sa.Column("why", sa.String(), nullable=True),
    )


def _people() -> None:
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
        *_bitemporal(),
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
        *_bitemporal(),
    )
    op.create_table(
        "credentialing_decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        *_bitemporal(),
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
        *_bitemporal(),
        sa.CheckConstraint("expected_back IS NULL OR status = 'leave'", name="only_a_leave_is_expected_back"),
        sa.CheckConstraint("reason_class IS NULL OR status = 'ended'", name="only_an_end_has_a_reason"),
        sa.CheckConstraint(
            "status IN ('applicant', 'active', 'leave', 'ended', 'rehired')", name="provider_status_known"
        ),
    )


def _credentials() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False),
        sa.Column("type", sa.String(), nullable=False, index=True),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.UniqueConstraint("provider_id", "type", "jurisdiction"),
    )
    op.create_table(
        "credential_term",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("credential_id", sa.Integer(), sa.ForeignKey("credential.id"), nullable=False, index=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        *_bitemporal(),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="term_ends_after_start"),
    )
    op.create_table(
        "renewal_filing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("credential_id", sa.Integer(), sa.ForeignKey("credential.id"), nullable=False, index=True),
        sa.Column("term_id", sa.Integer(), sa.ForeignKey("credential_term.id"), nullable=False, index=True),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=True),
        *_bitemporal(),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("term_id", sa.Integer(), sa.ForeignKey("credential_term.id"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("number_shown", sa.String(), nullable=True),
        sa.Column("expires_shown", sa.Date(), nullable=True),
        sa.Column("public_action", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("verifier_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("imported_from", sa.String(), nullable=True),
        *_bitemporal(),
        sa.CheckConstraint("result IN ('verified', 'discrepancy')", name="verification_result"),
    )
    op.create_index(
        "one_believed_verification_a_term",
        "verification",
        ["term_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _privileges() -> None:
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
        sa.Column("lifted_at", AT, nullable=True),
        sa.Column("lifted_by_request_id", sa.Integer(), sa.ForeignKey("privilege_request.id"), nullable=True),
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


def _reminders() -> None:
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


def _outbox() -> None:
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


def _audit() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False, unique=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
    )
    op.create_table(
        "policy_version",
        sa.Column("hash", sa.String(), primary_key=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
    )
