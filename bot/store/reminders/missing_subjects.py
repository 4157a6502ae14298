"""Deadlines about something that is not there: no foreign key can hold what one column says of many tables."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, exists, select
from sqlmodel import Session

from bot.rules.reminders.catalog import SubjectType
from bot.store.bulk import table
from bot.store.tables import (
    ApprovalStep,
    CredentialRow,
    CredentialTerm,
    Deadline,
    Nudge,
    ProviderRow,
    RenewalFilingRow,
    Task,
    VerificationRow,
)

DEADLINE = table(Deadline)
HELD_IN: Mapping[SubjectType, Table] = {
    SubjectType.CREDENTIAL: table(CredentialRow),
    SubjectType.TERM: table(CredentialTerm),
    SubjectType.FILING: table(RenewalFilingRow),
    SubjectType.VERIFICATION: table(VerificationRow),
    SubjectType.STEP: table(ApprovalStep),
    SubjectType.NUDGE: table(Nudge),
    SubjectType.TASK: table(Task),
    SubjectType.PROVIDER: table(ProviderRow),
}


def missing_subjects(session: Session) -> list[str]:
    """Each deadline whose subject does not exist, as ``deadline 12: term 99``; in the order of their ids."""
    found: list[tuple[int, str]] = []
    known = DEADLINE.c.subject_type.in_([subject.value for subject in HELD_IN])
    clauses: list[ColumnElement[bool]] = [~known]
    for subject, rows in HELD_IN.items():
        there = exists().where(rows.c.id == DEADLINE.c.subject_id)
        clauses.append((DEADLINE.c.subject_type == subject.value) & ~there)
    for clause in clauses:
        query = select(DEADLINE.c.id, DEADLINE.c.subject_type, DEADLINE.c.subject_id).where(clause)
        found += [(row.id, f"{row.subject_type} {row.subject_id}") for row in session.connection().execute(query)]
    return [f"deadline {deadline_id}: {subject}" for deadline_id, subject in sorted(found)]
