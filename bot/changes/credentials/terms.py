"""Terms as rows: found, added, superseded. A renewal adds one; only a correction supersedes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, ProviderFile, Term, VerificationResult
from bot.rules.people.models import Person
from bot.rules.refusals import CredentialRefusal, Refused
from bot.store import tables
from bot.store.as_of import not_superseded
from bot.store.credentials.files import read_files
from bot.store.database_time import database_now
from bot.store.lookups import providers_of_credentials
from bot.store.privileges.grants import hold_files
from bot.store.superseding import supersede
from bot.store.tables.column_types import HOW_IT_ENDED, EndedAs, required

NOT_COPIED = {"id", "term_id", "recorded_at", *HOW_IT_ENDED}


@dataclass(frozen=True, slots=True)
class LockedCredential:
    """A credential of a file that stays as it is until the commit."""

    file: ProviderFile
    credential: Credential

    @property
    def newest(self) -> Term:
        """The term with the latest expiry."""
        return self.credential.terms[-1]


def hold(session: Session, ctx: Context, credential_id: int) -> LockedCredential | Refused:
    """The credential, locked with its file; ``no_such_credential`` where nothing is believed of it."""
    found = hold_all(session, ctx, [credential_id]).get(credential_id)
    return found or Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)


def hold_all(session: Session, ctx: Context, credential_ids: Collection[int]) -> dict[int, LockedCredential]:
    """By credential, in a constant number of statements; of what is left out nothing is believed."""
    holders = providers_of_credentials(session, credential_ids)
    hold_files(session, sorted(set(holders.values())))
    files = read_files(session, set(holders.values()), ctx.today)
    held = (LockedCredential(file, one) for file in files.values() for one in file.credentials)
    return {one.credential.id: one for one in held if one.credential.id in holders}


def hold_term(session: Session, ctx: Context, term_id: int) -> tuple[LockedCredential, Term] | Refused:
    """A term with its credential, locked; ``record_changed`` where it is no longer believed."""
    row = session.get(tables.CredentialTerm, term_id)
    held = hold(session, ctx, row.credential_id) if row else Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)
    if isinstance(held, Refused):
        return held
    found = next((term for term in held.credential.terms if term.id == term_id), None)
    return (held, found) if found else record_changed(held.newest)


def record_changed(now_there: Term) -> Refused:
    """Somebody else was faster: what is there now."""
    facts = {
        "number": now_there.number,
        "expires_on": now_there.expires_on,
        "recorded_by": now_there.recorded_by,
        "recorded_at": now_there.recorded_at,
    }
    return Refused(CredentialRefusal.RECORD_CHANGED, facts)


def add_term(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    stated: CredentialInput,
    *,
    why: str | None = None,
) -> int:
    """The new row's id."""
    return add_terms(session, ctx, actor, {credential_id: stated}, why=why)[credential_id]


def add_terms(
    session: Session, ctx: Context, actor: Person, stated: Mapping[int, CredentialInput], *, why: str | None
) -> dict[int, int]:
    """The new rows' ids, by credential, in one statement."""
    rows = [_new_term(session, ctx, actor, credential_id, one, why) for credential_id, one in stated.items()]
    if not rows:
        return {}
    term = tables.CredentialTerm
    adding = insert(term).returning(col(term.credential_id), col(term.id))
    added = session.execute(adding, [row.model_dump(exclude={"id"}) for row in rows])
    return {credential_id: required(term_id) for credential_id, term_id in added}


def _new_term(
    session: Session, ctx: Context, actor: Person, credential_id: int, stated: CredentialInput, why: str | None
) -> tables.CredentialTerm:
    return tables.CredentialTerm(
        credential_id=credential_id,
        number=stated.number,
        issued_on=stated.issued_on,
        valid_from=begins(stated.issued_on, stated.expires_on, ctx.today),
        valid_to=stated.expires_on,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
        why=why,
    )


def begins(issued_on: date | None, expires_on: date | None, today: date) -> date:
    """From when a term is true: its issue, else the day we heard of it."""
    return issued_on or min(today, expires_on or today)


def supersede_term(session: Session, actor: Person, term_id: int, how: EndedAs, why: str | None = None) -> None:
    """No longer believed, and with it what was verified of it."""
    terms = select(tables.CredentialTerm).where(tables.CredentialTerm.id == term_id)
    supersede(session, [*session.exec(_verifications(term_id)), *session.exec(terms)], how, actor.id, why)


def move_filings(session: Session, actor: Person, old_term: int, new_term: int) -> None:
    """A filing stays filed when the term it renews is corrected."""
    _move(session, actor, filings_of(session, old_term), new_term)


def move_verification(session: Session, actor: Person, old_term: int, new_term: int) -> None:
    """What was verified stays good where number and expiry did not change."""
    _move(session, actor, session.exec(_verifications(old_term)).all(), new_term)


def move_adverse(session: Session, actor: Person, old_term: int, new_term: int) -> None:
    """No correction takes away what is adverse: it is the credential's, whatever was typed of it."""
    adverse = _verifications(old_term).where(tables.VerificationRow.result == VerificationResult.ADVERSE.value)
    _move(session, actor, session.exec(adverse).all(), new_term)


def move_look(session: Session, actor: Person, look_id: int, new_term: int, result: VerificationResult) -> None:
    """What a source showed stays in sight when something else is stated, as what it is beside that."""
    _move(session, actor, [session.get_one(tables.VerificationRow, look_id)], new_term, result=result.value)


def look_at(session: Session, term_id: int) -> tables.VerificationRow | None:
    """The newest believed verification of a term, by its day; at a source that verifies such a credential."""
    counted = tables.VerificationRow.result != VerificationResult.NOT_COUNTED.value
    looks = session.exec(_verifications(term_id).where(counted)).all()
    return max(looks, key=lambda look: (look.verified_on, look.id), default=None)


def looks_at(session: Session, term_id: int) -> Sequence[tables.VerificationRow]:
    """All believed verifications of a term, in the order in which they were recorded."""
    return session.exec(_verifications(term_id)).all()


def _verifications(term_id: int) -> SelectOfScalar[tables.VerificationRow]:
    """In the order in which they were recorded."""
    believed = select(tables.VerificationRow).where(
        tables.VerificationRow.term_id == term_id, *not_superseded(tables.VerificationRow)
    )
    return believed.order_by(col(tables.VerificationRow.id))


def filings_of(session: Session, term_id: int) -> Sequence[tables.RenewalFilingRow]:
    """The believed filings of a term's renewal."""
    query = select(tables.RenewalFilingRow).where(
        tables.RenewalFilingRow.term_id == term_id, *not_superseded(tables.RenewalFilingRow)
    )
    return session.exec(query).all()


def term_facts(credential: Credential, term: Term | CredentialInput) -> dict[str, Any]:
    """What the audit keeps of a term."""
    return {
        "credential_id": credential.id,
        **credential.identity.facts,
        "number": term.number,
        "issued_on": term.issued_on,
        "expires_on": term.expires_on,
    }


def _move(
    session: Session,
    actor: Person,
    rows: Iterable[tables.RenewalFilingRow | tables.VerificationRow],
    new_term: int,
    **otherwise: str,
) -> None:
    for row in rows:
        kept = {**row.model_dump(exclude=NOT_COPIED), **otherwise}
        copied = type(row)(**kept, term_id=new_term, recorded_at=database_now(session))
        supersede(session, [row], EndedAs.CORRECTED, actor.id)
        session.add(copied)
    session.flush()
