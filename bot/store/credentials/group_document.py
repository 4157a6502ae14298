"""Documents that cover many people, as a group's certificate of insurance does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from bot.rules.credentials.models import Credential, CredentialHolder, Term, VerificationResult
from bot.rules.providers.models import Provider
from bot.store.bulk import table
from bot.store.credentials.identity import IDENTITY
from bot.store.lookups import provider_of_credential
from bot.store.providers.employment import still_here
from bot.store.providers.profiles import all_providers, providers
from bot.store.tables import CredentialRow, CredentialTerm, VerificationRow

CREDENTIAL, TERM, LOOK = table(CredentialRow), table(CredentialTerm), table(VerificationRow)


def holders(session: Session, besides: Credential) -> list[CredentialHolder]:
    """Everybody else who holds such a credential, with their newest number."""
    query = (
        select(CREDENTIAL.c.id, CREDENTIAL.c.provider_id, TERM.c.number)
        .join(TERM, TERM.c.credential_id == CREDENTIAL.c.id)
        .where(*_others(besides))
        .order_by(TERM.c.valid_to.asc().nulls_last(), TERM.c.id)
    )
    newest = {row.id: row for row in session.connection().execute(query)}
    return _named(session, list(newest.values()))


def lacking(session: Session, held: Credential, on: date) -> list[Provider]:
    """Everybody who works here that day and has no such credential on file, by name."""
    query = select(CREDENTIAL.c.provider_id).join(TERM, TERM.c.credential_id == CREDENTIAL.c.id).where(*_others(held))
    having = {*session.connection().execute(query).scalars(), provider_of_credential(session, held.id)}
    without = [who for who in all_providers(session) if who.id not in having]
    return still_here(session, without, on)


def to_verify_with(session: Session, held: Credential, term: Term) -> list[CredentialHolder]:
    """Whose terms state the same number and expiry and have not been looked at; ``id`` is the term's."""
    counted = LOOK.c.result != VerificationResult.NOT_COUNTED.value
    looked_at = select(LOOK.c.term_id).where(LOOK.c.superseded_at.is_(None), counted)
    query = (
        select(TERM.c.id, CREDENTIAL.c.provider_id, TERM.c.number)
        .join(CREDENTIAL, CREDENTIAL.c.id == TERM.c.credential_id)
        .where(*_others(held), TERM.c.number == term.number, TERM.c.valid_to == term.expires_on)
        .where(TERM.c.id.not_in(looked_at))
        .order_by(TERM.c.id)
    )
    return _named(session, session.connection().execute(query).all())


def _others(besides: Credential) -> tuple[ColumnElement[bool], ...]:
    return (
        *(column == said for column, said in zip(IDENTITY, besides.identity.columns, strict=True)),
        CREDENTIAL.c.id != besides.id,
        TERM.c.superseded_at.is_(None),
    )


def _named(session: Session, rows: Sequence[Any]) -> list[CredentialHolder]:
    known = providers(session, {row.provider_id for row in rows})
    return [CredentialHolder(row.id, known[row.provider_id], row.number) for row in rows]
