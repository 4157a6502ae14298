"""Whose a row is: the way back from an id on a button to the file it belongs to."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.store.tables import Credential, CredentialTerm, Deadline, Submission, Verification


def provider_of_credential(session: Session, credential_id: int) -> int | None:
    return session.exec(select(Credential.provider_id).where(Credential.id == credential_id)).first()


def type_of_credential(session: Session, credential_id: int) -> tuple[str, str | None]:
    """Its type and state. LookupError if there is none."""
    row = session.get(Credential, credential_id)
    if row is None:
        raise LookupError(f"no credential {credential_id}")
    return row.type, row.jurisdiction or None


def credential_of_term(session: Session, term_id: int) -> int | None:
    return session.exec(select(CredentialTerm.credential_id).where(CredentialTerm.id == term_id)).first()


def credential_of_deadline(session: Session, deadline_id: int) -> int | None:
    """The credential that a deadline is about, directly or by its term, filing or verification."""
    row = session.get(Deadline, deadline_id)
    if row is None:
        return None
    if row.credential_id is not None:
        return row.credential_id
    return _by_term(session, row) if row.term_id else _by_report(session, row)


def provider_of_deadline(session: Session, deadline_id: int) -> int | None:
    return session.exec(select(Deadline.provider_id).where(Deadline.id == deadline_id)).first()


def term_of_verification(session: Session, verification_id: int) -> int | None:
    return session.exec(select(Verification.term_id).where(Verification.id == verification_id)).first()


def verification_of_deadline(session: Session, deadline_id: int) -> int | None:
    row = session.get(Deadline, deadline_id)
    return row.verification_id if row else None


def _by_term(session: Session, row: Deadline) -> int | None:
    return credential_of_term(session, row.term_id or 0)


def _by_report(session: Session, row: Deadline) -> int | None:
    if row.submission_id is not None:
        return session.exec(select(Submission.credential_id).where(Submission.id == row.submission_id)).first()
    return session.exec(
        select(CredentialTerm.credential_id)
        .join(Verification, col(Verification.term_id) == col(CredentialTerm.id))
        .where(col(Verification.id) == row.verification_id)
    ).first()
