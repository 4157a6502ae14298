"""A provider's file as a value: what rules judge and cards show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import Session

from bot.rules.credentials.models import (
    Credential,
    ProviderFile,
    RenewalFiling,
    SentBackCredential,
    SentBackFor,
    SourceStanding,
    Term,
    Verification,
    VerificationResult,
)
from bot.rules.people.models import CLI
from bot.store.as_of import as_of, not_superseded
from bot.store.bulk import among, table
from bot.store.credentials.identity import identity_in
from bot.store.database_time import database_now
from bot.store.providers.employment import statuses_of
from bot.store.providers.profiles import providers
from bot.store.tables import CredentialRow, CredentialTerm, PersonRow, RenewalFilingRow, VerificationRow
from bot.store.tables.column_types import EndedAs

CREDENTIAL, TERM, PERSON = table(CredentialRow), table(CredentialTerm), table(PersonRow)
LOOK, FILED = table(VerificationRow), table(RenewalFilingRow)
Query = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]


def read_file(session: Session, provider_id: int, on: date, known_at: datetime | None = None) -> ProviderFile:
    """One file as true on ``on`` and known at ``known_at`` (the database's time; None = now). LookupError if none."""
    found = read_files(session, [provider_id], on, known_at)
    if provider_id not in found:
        raise LookupError(f"no provider {provider_id}")
    return found[provider_id]


def read_files(
    session: Session, provider_ids: Collection[int], on: date, known_at: datetime | None = None
) -> dict[int, ProviderFile]:
    """Files by provider id, in six queries however many.

    A credential holds every term believed, its history included, the oldest expiry first.
    """
    found = providers(session, provider_ids)
    theirs = among(session, CREDENTIAL.c.provider_id, provider_ids)
    looks: dict[int, list[Verification]] = defaultdict(list)
    for row in session.execute(_looks(on, known_at).where(theirs)):
        looks[row.term_id].append(_verification(row))
    terms = _by_credential(session.execute(_terms(known_at).where(theirs)))
    filed = _by_credential(session.execute(_filings(on, known_at).where(theirs)))
    held: dict[int, list[Credential]] = defaultdict(list)
    for row in session.execute(select(CREDENTIAL).where(theirs).order_by(CREDENTIAL.c.id)):
        if row.id in terms:
            own = tuple(_term(term, looks.get(term.id, ())) for term in terms[row.id])
            held[row.provider_id].append(_credential(row, own, filed.get(row.id, ())))
    moment = known_at or database_now(session)
    statuses = statuses_of(session, found, known_at)
    return {key: ProviderFile(who, tuple(held[key]), on, moment, statuses[key]) for key, who in found.items()}


def sent_back(session: Session, provider_id: int) -> tuple[SentBackCredential, ...]:
    """What was sent back and neither reported again nor removed. Each holds the term reported last."""
    mine = CREDENTIAL.c.provider_id == provider_id
    said: dict[int, list[AnyRow]] = defaultdict(list)
    for row in session.execute(_terms_ever().where(mine)):
        said[row.credential_id].append(row)
    gone = {key: rows[-1] for key, rows in said.items() if all(row.superseded_at for row in rows)}
    last = {key: row for key, row in gone.items() if row.ended_as == EndedAs.SENT_BACK}
    query = select(CREDENTIAL).where(mine).order_by(CREDENTIAL.c.id)
    return tuple(_doubted(row, last[row.id]) for row in session.execute(query) if row.id in last)


def _doubted(row: AnyRow, term: AnyRow) -> SentBackCredential:
    problem = SentBackFor(term.why) if term.why in set(SentBackFor) else None
    return SentBackCredential(_credential(row, (_term(term, ()),), ()), problem)


def _terms_ever() -> Query:
    """Those no longer believed, too, in the order in which they were recorded."""
    return (
        select(TERM, PERSON.c.name.label("recorder"))
        .join(CREDENTIAL, TERM.c.credential_id == CREDENTIAL.c.id)
        .outerjoin(PERSON, TERM.c.recorded_by == PERSON.c.id)
        .order_by(TERM.c.id)
    )


def _terms(known_at: datetime | None) -> Query:
    """The oldest expiry first; one that never expires comes last."""
    return (
        select(TERM, PERSON.c.name.label("recorder"))
        .join(CREDENTIAL, TERM.c.credential_id == CREDENTIAL.c.id)
        .outerjoin(PERSON, TERM.c.recorded_by == PERSON.c.id)
        .where(*not_superseded(CredentialTerm, known_at))
        .order_by(TERM.c.valid_to.asc().nulls_last(), TERM.c.id)
    )


def _filings(on: date, known_at: datetime | None) -> Query:
    return (
        select(FILED, PERSON.c.name.label("confirmer"))
        .join(CREDENTIAL, FILED.c.credential_id == CREDENTIAL.c.id)
        .outerjoin(PERSON, FILED.c.confirmed_by == PERSON.c.id)
        .where(*as_of(RenewalFilingRow, on, known_at))
        .order_by(FILED.c.filed_on, FILED.c.id)
    )


def _looks(on: date, known_at: datetime | None) -> Query:
    """Those made by that day at a source that verifies such a credential, in the order in which they were recorded."""
    return (
        select(LOOK, PERSON.c.name.label("looked"))
        .join(TERM, LOOK.c.term_id == TERM.c.id)
        .join(CREDENTIAL, TERM.c.credential_id == CREDENTIAL.c.id)
        .outerjoin(PERSON, LOOK.c.verifier_id == PERSON.c.id)
        .where(LOOK.c.verified_on <= on, *not_superseded(VerificationRow, known_at))
        .where(LOOK.c.result != VerificationResult.NOT_COUNTED.value)
        .order_by(LOOK.c.id)
    )


def _by_credential(rows: Iterable[AnyRow]) -> dict[int, list[AnyRow]]:
    grouped: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        grouped[row.credential_id].append(row)
    return grouped


def _credential(row: AnyRow, terms: tuple[Term, ...], filed: Iterable[AnyRow]) -> Credential:
    filings = [_filing(one) for one in filed]
    newest = filings[-1] if filings else None
    waits = newest if newest and _awaits_issuer(newest, terms) else None
    return Credential(row.id, identity_in(row), terms, waits)


def _filing(row: AnyRow) -> RenewalFiling:
    return RenewalFiling(row.id, row.term_id, row.filed_on, row.receipt, row.confirmer, row.confirmed_on, row.review_on)


def _awaits_issuer(filing: RenewalFiling, terms: tuple[Term, ...]) -> bool:
    """Until a newer term is verified: a renewal that is only reported must not end what the filing continues."""
    position = next((n for n, term in enumerate(terms) if term.id == filing.term_id), None)
    if position is None:
        return False
    newer = terms[position + 1 :]
    return not newer or (terms[position].confirmed and not any(term.verified for term in newer))


def _term(row: AnyRow, looks: Iterable[Verification]) -> Term:
    return Term(
        id=row.id,
        number=row.number,
        issued_on=row.issued_on,
        expires_on=row.valid_to,
        recorded_at=row.recorded_at,
        recorded_by=row.recorder or CLI.name,
        verifications=tuple(looks),
    )


def _verification(row: AnyRow) -> Verification:
    return Verification(
        id=row.id,
        source=row.source,
        method=row.method,
        verified_on=row.verified_on,
        result=VerificationResult(row.result),
        standing=SourceStanding(row.standing),
        number_shown=row.number_shown,
        expires_shown=row.expires_shown,
        public_action=row.public_action,
        reference=row.reference,
        verifier=row.looked or CLI.name,
        carried_over_from=row.imported_from,
        number_called=row.number_called,
        answered_by=row.answered_by,
    )
