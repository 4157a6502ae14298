"""A provider's file as a value: what rules judge and cards show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot.rules import values
from bot.rules.values import CLI, ProviderFile, Result, SourceStanding
from bot.store.as_of import as_of, believed
from bot.store.finding import providers
from bot.store.moment import database_now
from bot.store.tables import Credential, CredentialTerm, Person, Submission, Verification

Query = Select[*tuple[Any, ...]]
Rows = Mapping[int, list[RowMapping]]


def read_file(session: Session, provider_id: int, on: date, known_at: datetime | None = None) -> ProviderFile:
    """One file as true on ``on`` and known at ``known_at`` (the database's time; None = now). LookupError if none."""
    found = read_files(session, [provider_id], on, known_at)
    if provider_id not in found:
        raise LookupError(f"no provider {provider_id}")
    return found[provider_id]


def read_files(
    session: Session, provider_ids: Collection[int], on: date, known_at: datetime | None = None
) -> dict[int, ProviderFile]:
    """Files by provider id, in five queries however many; the ids are parameters, so at most 10,000 at a time.

    A credential holds every term believed, its history included, the oldest expiry first.
    """
    found = providers(session, provider_ids)
    terms = _by_credential(session, _terms(provider_ids, known_at))
    looks = _verifications(session, provider_ids, known_at)
    filed = _by_credential(session, _submissions(provider_ids, on, known_at))
    held: dict[int, list[values.Credential]] = defaultdict(list)
    for row in session.execute(_credentials(provider_ids)):
        if row.id in terms:
            own = tuple(_term(term, looks.get(term["id"])) for term in terms[row.id])
            held[row.provider_id].append(_credential(row, own, filed.get(row.id, ())))
    moment = known_at or database_now(session)
    return {key: ProviderFile(who, tuple(held[key]), on, moment) for key, who in found.items()}


def _credentials(provider_ids: Collection[int]) -> Query:
    return (
        select(col(Credential.id), col(Credential.provider_id), col(Credential.type), col(Credential.jurisdiction))
        .where(col(Credential.provider_id).in_(provider_ids))
        .order_by(col(Credential.id))
    )


def _terms(provider_ids: Collection[int], known_at: datetime | None) -> Query:
    return (
        select(
            col(CredentialTerm.id),
            col(CredentialTerm.credential_id),
            col(CredentialTerm.number),
            col(CredentialTerm.issued_on),
            col(CredentialTerm.valid_to),
            col(CredentialTerm.recorded_at),
            col(Person.name).label("recorder"),
        )
        .join(Credential, col(CredentialTerm.credential_id) == col(Credential.id))
        .outerjoin(Person, col(CredentialTerm.recorded_by) == col(Person.id))
        .where(col(Credential.provider_id).in_(provider_ids), *believed(CredentialTerm, known_at))
        .order_by(col(CredentialTerm.valid_to).asc().nulls_last(), col(CredentialTerm.id))
    )


def _submissions(provider_ids: Collection[int], on: date, known_at: datetime | None) -> Query:
    return (
        select(
            col(Submission.id),
            col(Submission.credential_id),
            col(Submission.term_id),
            col(Submission.filed_on),
            col(Submission.receipt),
        )
        .join(Credential, col(Submission.credential_id) == col(Credential.id))
        .where(col(Credential.provider_id).in_(provider_ids), *as_of(Submission, on, known_at))
        .order_by(col(Submission.filed_on), col(Submission.id))
    )


def _verifications(
    session: Session, provider_ids: Collection[int], known_at: datetime | None
) -> dict[int, values.Verification]:
    """By term; one is believed at a time."""
    verifier = aliased(Person)
    query = (
        select(Verification, col(verifier.name))
        .join(CredentialTerm, col(Verification.term_id) == col(CredentialTerm.id))
        .join(Credential, col(CredentialTerm.credential_id) == col(Credential.id))
        .outerjoin(verifier, col(Verification.verifier_id) == col(verifier.id))
        .where(col(Credential.provider_id).in_(provider_ids), *believed(Verification, known_at))
    )
    return {row.term_id: _verification(row, name) for row, name in session.execute(query)}


def _by_credential(session: Session, query: Query) -> Rows:
    grouped: dict[int, list[RowMapping]] = defaultdict(list)
    for row in session.execute(query).mappings():
        grouped[row["credential_id"]].append(row)
    return grouped


def _credential(row: Any, terms: tuple[values.Term, ...], filed: Iterable[RowMapping]) -> values.Credential:
    submissions = [values.Submission(f["id"], f["term_id"], f["filed_on"], f["receipt"]) for f in filed]
    newest = submissions[-1] if submissions else None
    waits = newest if newest and _awaits_issuer(newest, terms) else None
    return values.Credential(row.id, row.type, row.jurisdiction or None, terms, waits)


def _awaits_issuer(submission: values.Submission, terms: tuple[values.Term, ...]) -> bool:
    """Until a newer term is verified: a renewal that is only reported must not end what the filing continues."""
    position = next((n for n, term in enumerate(terms) if term.id == submission.term_id), None)
    if position is None:
        return False
    newer = terms[position + 1 :]
    return not newer or (terms[position].verified and not any(term.verified for term in newer))


def _term(row: RowMapping, look: values.Verification | None) -> values.Term:
    return values.Term(
        id=row["id"],
        number=row["number"],
        issued_on=row["issued_on"],
        expires_on=row["valid_to"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorder"] or CLI.name,
        verification=look,
    )


def _verification(row: Any, verifier: str | None) -> values.Verification:
    return values.Verification(
        id=row.id,
        source=row.source,
        method=row.method,
        verified_on=row.verified_on,
        result=Result(row.result),
        standing=SourceStanding(row.standing),
        number_shown=row.number_shown,
        expires_shown=row.expires_shown,
        public_action=row.public_action,
        reference=row.reference,
        verifier=verifier or CLI.name,
        carried_over_from=row.file,
    )
