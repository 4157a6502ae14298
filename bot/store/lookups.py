"""Whose a row is: the way back from an id on a button to the file it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, SQLModel, col, select

from bot.rules.credentials.identity import Identity
from bot.rules.reminders.catalog import DeadlineKind, SubjectType
from bot.store.bulk import among, table
from bot.store.credentials.identity import identity_in
from bot.store.tables import (
    Absence,
    CredentialRow,
    CredentialTerm,
    Deadline,
    OutboxMessage,
    PersonRow,
    PrivilegeRequest,
    Task,
    VerificationRow,
)
from bot.store.tables.column_types import required
from bot.store.tables.reminders import is_about

LARGEST = 2**31 - 1
"""No row has a larger id: the columns are of 32 bits."""


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """A deadline: about whose file, what it waits for, whose turn it is, and the task's kind where it is one."""

    provider_id: int
    kind: str
    assignee: str
    task_kind: str | None


def providers_of_credentials(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Whose file each is in; what does not exist is left out, here and below."""
    query = select(col(CredentialRow.id), col(CredentialRow.provider_id))
    return _pairs(session, query.where(_named(session, CredentialRow, ids)))


def providers_of_terms(session: Session, ids: Collection[int]) -> dict[int, int]:
    query = select(col(CredentialTerm.id), col(CredentialRow.provider_id)).join(
        CredentialRow, col(CredentialRow.id) == col(CredentialTerm.credential_id)
    )
    return _pairs(session, query.where(_named(session, CredentialTerm, ids)))


def providers_of_verifications(session: Session, ids: Collection[int]) -> dict[int, int]:
    query = (
        select(col(VerificationRow.id), col(CredentialRow.provider_id))
        .join(CredentialTerm, col(CredentialTerm.id) == col(VerificationRow.term_id))
        .join(CredentialRow, col(CredentialRow.id) == col(CredentialTerm.credential_id))
    )
    return _pairs(session, query.where(_named(session, VerificationRow, ids)))


def providers_of_requests(session: Session, ids: Collection[int]) -> dict[int, int]:
    query = select(col(PrivilegeRequest.id), col(PrivilegeRequest.provider_id))
    return _pairs(session, query.where(_named(session, PrivilegeRequest, ids)))


def waits(session: Session, deadline_ids: Collection[int]) -> dict[int, DeadlineFacts]:
    query = (
        select(Deadline, col(Task.kind))
        .outerjoin(Task, is_about(SubjectType.TASK, col(Task.id)))
        .where(_named(session, Deadline, deadline_ids))
    )
    rows = session.exec(query).all()
    return {required(row.id): DeadlineFacts(row.provider_id, row.kind, row.assignee, task) for row, task in rows}


def people_there(session: Session, ids: Collection[int]) -> set[int]:
    """Those of these ids that are somebody's."""
    return set(session.execute(select(col(PersonRow.id)).where(_named(session, PersonRow, ids))).scalars())


def messages_there(session: Session, ids: Collection[int]) -> set[int]:
    return set(session.execute(select(col(OutboxMessage.id)).where(_named(session, OutboxMessage, ids))).scalars())


def absent_person(session: Session, absence_id: int) -> int | None:
    """Whose absence it is or was."""
    return session.exec(select(Absence.person_id).where(_named(session, Absence, [absence_id]))).first()


def provider_of_credential(session: Session, credential_id: int) -> int | None:
    return session.exec(select(CredentialRow.provider_id).where(CredentialRow.id == credential_id)).first()


def identity_of_credential(session: Session, credential_id: int) -> Identity:
    """What it is. LookupError if there is none."""
    row = session.get(CredentialRow, credential_id)
    if row is None:
        raise LookupError(f"no credential {credential_id}")
    return identity_in(row)


def credential_of_term(session: Session, term_id: int) -> int | None:
    return session.exec(select(CredentialTerm.credential_id).where(CredentialTerm.id == term_id)).first()


def credential_of_deadline(session: Session, deadline_id: int) -> int | None:
    """The credential that a deadline is about, directly or by its term, filing or verification."""
    return session.exec(select(Deadline.credential_id).where(Deadline.id == deadline_id)).first()


def provider_of_deadline(session: Session, deadline_id: int) -> int | None:
    return session.exec(select(Deadline.provider_id).where(Deadline.id == deadline_id)).first()


def term_of_verification(session: Session, verification_id: int) -> int | None:
    return session.exec(select(VerificationRow.term_id).where(VerificationRow.id == verification_id)).first()


def verification_of_deadline(session: Session, deadline_id: int) -> int | None:
    found = select(Deadline.subject_id).where(
        Deadline.id == deadline_id, Deadline.subject_type == SubjectType.VERIFICATION.value
    )
    return session.exec(found).first()


def open_discrepancy(session: Session, verification_id: int) -> int | None:
    """The deadline that waits for somebody to say who is right; None where it was settled, or nobody is asked."""
    about = (Deadline.subject_type == SubjectType.VERIFICATION.value, Deadline.subject_id == verification_id)
    found = select(Deadline.id).where(
        *about, Deadline.kind == DeadlineKind.DISCREPANCY.value, col(Deadline.closed_at).is_(None)
    )
    return session.exec(found).first()


def _named(session: Session, rows: type[SQLModel], ids: Collection[int]) -> ColumnElement[bool]:
    return among(session, table(rows).c.id, [row_id for row_id in ids if row_id <= LARGEST])


def _pairs(session: Session, query: Select[int | None, int]) -> dict[int, int]:
    return {required(row_id): provider_id for row_id, provider_id in session.execute(query)}
