"""Credentials, their terms, filings and verifications."""

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.first_schema.columns import bitemporal


def create() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("provider_id", sa.Integer(), sa.ForeignKey("provider.id"), nullable=False),
        sa.Column("type", sa.String(), nullable=False, index=True),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.UniqueConstraint("provider_id", "type", "jurisdiction", "kind", "label"),
    )
    op.create_table(
        "credential_term",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("credential_id", sa.Integer(), sa.ForeignKey("credential.id"), nullable=False, index=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        *bitemporal(),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="term_ends_after_start"),
    )
    op.create_table(
        "renewal_filing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("credential_id", sa.Integer(), sa.ForeignKey("credential.id"), nullable=False, index=True),
        sa.Column("term_id", sa.Integer(), sa.ForeignKey("credential_term.id"), nullable=False, index=True),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        *bitemporal(),
        sa.CheckConstraint("(confirmed_on IS NULL) = (review_on IS NULL)", name="confirmed_filings_are_reviewed"),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("term_id", sa.Integer(), sa.ForeignKey("credential_term.id"), nullable=False, index=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_class", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("number_shown", sa.String(), nullable=True),
        sa.Column("expires_shown", sa.Date(), nullable=True),
        sa.Column("public_action", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("number_called", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("verifier_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("imported_from", sa.String(), nullable=True),
        *bitemporal(),
        sa.CheckConstraint(
            "result IN ('verified', 'discrepancy', 'not_current', 'adverse', 'not_counted')", name="verification_result"
        ),
    )
