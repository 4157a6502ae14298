"""A provider's file: credentials, their terms, filings and verifications. Facts are appended, never edited."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.column_types import Bitemporal, how_it_ended, json_column, refers_to


class CredentialRow(SQLModel, table=True):
    """The identity of a credential: whose, which type, state, kind and label ('' where it has none)."""

    __tablename__ = "credential"
    __table_args__ = (UniqueConstraint("provider_id", "type", "jurisdiction", "kind", "label"),)

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int = refers_to("provider", index=False)
    type: str = Field(index=True)
    jurisdiction: str = ""
    kind: str = ""
    label: str = ""


class CredentialTerm(Bitemporal, table=True):
    """One stated period: ``valid_to`` is the expiry date, good through the end of that day."""

    __tablename__ = "credential_term"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="term_ends_after_start"),
        how_it_ended(),
    )

    id: int | None = Field(default=None, primary_key=True)
    credential_id: int = refers_to("credential")
    number: str | None = None
    fields: dict[str, Any] = json_column()
    issued_on: date | None = None


class RenewalFilingRow(Bitemporal, table=True):
    """A renewal of ``term_id`` filed with its issuer."""

    __tablename__ = "renewal_filing"
    __table_args__ = (
        how_it_ended(),
        CheckConstraint("(confirmed_on IS NULL) = (review_on IS NULL)", name="confirmed_filings_are_reviewed"),
    )

    id: int | None = Field(default=None, primary_key=True)
    credential_id: int = refers_to("credential")
    term_id: int = refers_to("credential_term")
    filed_on: date
    receipt: str | None = None
    confirmed_by: int | None = refers_to("person", nullable=True, index=False)
    """The coordinator who saw the receipt, or last found that it still holds; None where nobody has."""
    confirmed_on: date | None = None
    review_on: date | None = None
    """When it is asked whether it still holds."""


class VerificationRow(Bitemporal, table=True):
    """What the primary source showed, and who looked. They add up: only one recorded by mistake is superseded."""

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint(
            "result IN ('verified', 'discrepancy', 'not_current', 'adverse', 'not_counted')", name="verification_result"
        ),
        how_it_ended(),
    )

    id: int | None = Field(default=None, primary_key=True)
    term_id: int = refers_to("credential_term")
    source: str
    source_class: str | None = None
    """What its word was worth for this when it was recorded; None: no policy knew the source."""
    method: str
    verified_on: date
    result: str
    standing: str
    number_shown: str | None = None
    expires_shown: date | None = None
    public_action: bool = False
    reference: str | None = None
    number_called: str | None = None
    answered_by: str | None = None
    verifier_id: int | None = refers_to("person", nullable=True, index=False)
    imported_from: str | None = None
    """The import it was carried over from."""
