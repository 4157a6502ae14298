"""Everything that is on record about one provider, as plain records by subject."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlmodel import Session, SQLModel, col, or_, select

from bot.rules.people.recipients import to_person
from bot.store.audit import content_of
from bot.store.bulk import among, table
from bot.store.reports.restricted import NOT_ACTIVE, RESTRICTED, shown, shown_event
from bot.store.tables import (
    Absence,
    ApprovalRound,
    ApprovalStep,
    AuditEvent,
    CredentialingDecision,
    CredentialRow,
    CredentialTerm,
    Deadline,
    FormerAccount,
    FormerNpi,
    Nudge,
    OutboxMessage,
    PersonRow,
    PrivilegeGrant,
    PrivilegeLapse,
    PrivilegeRequest,
    ProviderRow,
    ProviderStatusRow,
    RenewalFilingRow,
    RequestLine,
    RoleAssignment,
    Task,
    VerificationRow,
    VoteRow,
)

Records = list[dict[str, Any]]
Found = dict[str, Records]
COVERED = {"votes": ("person_id", "reason"), "rounds": ("person_id", "text")}
"""Who voted and why, and what a meeting or an answer said, is the reviewers' own."""


def read_person(session: Session, provider_id: int) -> Found:
    """Records by what they are, the oldest first; each as plain JSON with its id. Restricted parts are only named."""
    found = {**_file(session, provider_id), **_requests(session, provider_id), **_reminders(session, provider_id)}
    former = _rows(session, FormerAccount, "provider_id", [provider_id])
    person_id = session.get_one(ProviderRow, provider_id).person_id
    accounts = sorted({row["person_id"] for row in former} | ({person_id} if person_id is not None else set()))
    found |= {"former_accounts": former, **(_accounts(session, accounts) if accounts else {})}
    shown_records = {name: [_covered(name, shown(record)) for record in rows] for name, rows in found.items()}
    return {**shown_records, "audit_events": _events(session, provider_id, accounts, found)}


def _file(session: Session, provider_id: int) -> Found:
    credentials = _rows(session, CredentialRow, "provider_id", [provider_id])
    terms = _rows(session, CredentialTerm, "credential_id", _ids(credentials))
    return {
        "provider": _rows(session, ProviderRow, "id", [provider_id]),
        "former_npis": _rows(session, FormerNpi, "provider_id", [provider_id]),
        "statuses": _rows(session, ProviderStatusRow, "provider_id", [provider_id]),
        "credentials": credentials,
        "terms": terms,
        "verifications": _rows(session, VerificationRow, "term_id", _ids(terms)),
        "renewals_filed": _rows(session, RenewalFilingRow, "credential_id", _ids(credentials)),
        "decisions": _rows(session, CredentialingDecision, "provider_id", [provider_id]),
    }


def _requests(session: Session, provider_id: int) -> Found:
    requests = _rows(session, PrivilegeRequest, "provider_id", [provider_id])
    lines = _rows(session, RequestLine, "request_id", _ids(requests))
    steps = _rows(session, ApprovalStep, "line_id", _ids(lines))
    grants = _rows(session, PrivilegeGrant, "provider_id", [provider_id])
    return {
        "requests": requests,
        "request_lines": lines,
        "steps": steps,
        "votes": _rows(session, VoteRow, "step_id", _ids(steps)),
        "rounds": _rows(session, ApprovalRound, "step_id", _ids(steps)),
        "privileges": grants,
        "lapses": _rows(session, PrivilegeLapse, "grant_id", _ids(grants)),
    }


def _reminders(session: Session, provider_id: int) -> Found:
    deadlines = _rows(session, Deadline, "provider_id", [provider_id])
    return {
        "deadlines": deadlines,
        "tasks": _rows(session, Task, "provider_id", [provider_id]),
        "nudges": _rows(session, Nudge, "deadline_id", _ids(deadlines)),
    }


def _accounts(session: Session, person_ids: Collection[int]) -> Found:
    """Of the account that is linked, and of those that were."""
    return {
        "account": _rows(session, PersonRow, "id", person_ids),
        "roles": _rows(session, RoleAssignment, "person_id", person_ids),
        "absences": _rows(session, Absence, "person_id", person_ids),
        "stands_in": _rows(session, Absence, "delegate_id", person_ids),
        "messages_to_them": _messages(session, person_ids),
    }


def _messages(session: Session, person_ids: Collection[int]) -> Records:
    """When they were told something, and of which kind: the words may be about others, too."""
    sent = _rows(session, OutboxMessage, "channel", [to_person(one) for one in person_ids])
    return [{name: one[name] for name in ("id", "kind", "state", "created_at", "sent_ts")} for one in sent]


def _events(session: Session, provider_id: int, accounts: Collection[int], found: Found) -> Records:
    """Those about them, whole; of what they did to others' files only when and what."""
    subjects = _subjects(provider_id, accounts, found)
    event = table(AuditEvent).c
    theirs = [one["slack_user_id"] or one["name"] for one in found.get("account", ())]
    named, did = among(session, event.subject, subjects), among(session, event.actor, theirs)
    query = select(AuditEvent).where(or_(named, did)).order_by(col(AuditEvent.seq))
    return [_event(event, whole=event.subject in subjects) for event in session.exec(query)]


def _event(event: AuditEvent, *, whole: bool) -> dict[str, Any]:
    told = shown_event(content_of(event.model_dump()))
    return told if whole else {name: told[name] for name in ("seq", "at", "actor", "act", "subject")}


def _subjects(provider_id: int, accounts: Collection[int], found: Found) -> set[str]:
    words = {
        "term": "terms", "verification": "verifications", "filing": "renewals_filed", "request": "requests",
        "grant": "privileges", "deadline": "deadlines", "task": "tasks", "nudge": "nudges",
        "message": "messages_to_them",
    }  # fmt: skip
    named = {f"{word}:{record['id']}" for word, name in words.items() for record in found.get(name, ())}
    return named | {f"provider:{provider_id}"} | {f"person:{one}" for one in accounts}


def _rows(session: Session, model: type[SQLModel], column: str, wanted: Collection[int] | Collection[str]) -> Records:
    query: Any = select(model).where(among(session, table(model).c[column], wanted)).order_by("id")
    return [row.model_dump(mode="json") for row in session.exec(query)]


def _ids(records: Iterable[dict[str, Any]]) -> list[int]:
    return [record["id"] for record in records]


def _covered(name: str, record: dict[str, Any]) -> dict[str, Any]:
    covered: Collection[str] = COVERED.get(name, ())
    if name == "verifications" and record["result"] == NOT_ACTIVE:
        covered = ("reference",)
    return {field: RESTRICTED if field in covered and value is not None else value for field, value in record.items()}
