"""Rows of which no audit event tells: a chain that was emptied, cut or exchanged leaves them behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Text, cast, func, literal, select
from sqlmodel import Session

from bot.store.bulk import table
from bot.store.tables import (
    Absence,
    AuditEvent,
    CredentialingDecision,
    CredentialTerm,
    EvidenceSnapshot,
    FormerAccount,
    FormerNpi,
    PersonRow,
    PolicyVersion,
    PrivilegeGrant,
    PrivilegeLapse,
    PrivilegeRequest,
    ProviderRow,
    ProviderStatusRow,
    RenewalFilingRow,
    RoleAssignment,
    VerificationRow,
    VoteRow,
    canonical_json,
)

EVENT = table(AuditEvent)
NAMED: Mapping[str, Any] = {
    word: table(model)
    for word, model in (
        ("person", PersonRow), ("provider", ProviderRow), ("term", CredentialTerm), ("filing", RenewalFilingRow),
        ("request", PrivilegeRequest), ("grant", PrivilegeGrant),
    )
}  # fmt: skip
"""By the word of an event's subject: rows that come with an event which names them."""
BITEMPORAL = (
    CredentialTerm,
    RenewalFilingRow,
    VerificationRow,
    RoleAssignment,
    Absence,
    ProviderStatusRow,
    CredentialingDecision,
)
STAMPED: tuple[Column[Any], ...] = (
    *(table(model).c.recorded_at for model in BITEMPORAL),
    *(table(model).c.superseded_at for model in BITEMPORAL),
    table(VoteRow).c.at,
    table(FormerAccount).c.until,
    table(FormerNpi).c.until,
    table(PrivilegeLapse).c.from_at,
    table(PrivilegeLapse).c.lifted_at,
    table(PrivilegeLapse).c.superseded_at,
)
"""Instants that a row shares with the event of its transaction."""
REFUSED = "refused"
"""What this act names need not be there: whoever asks chooses the number."""


def first(session: Session) -> str | None:
    """The first row that no event tells of, or whose content is not what its hash says; None where there is none."""
    for found in (*_unnamed(session), *_untimed(session), *_altered(session)):
        return found
    return None


def checked(session: Session) -> Iterator[str]:
    """What ``first`` looks at, in lines for a person."""
    counts = [f"{_count(session, rows)} {word}" for word, rows in NAMED.items()]
    yield f"each has an event that names it ({', '.join(counts)})"
    yield "each verification, vote, role and other dated record has an event of the instant it was written at"
    snapshots, versions = _count(session, table(EvidenceSnapshot)), _count(session, table(PolicyVersion))
    yield f"what voters saw ({snapshots}) and policies in force ({versions}) are as their hashes say"


def _unnamed(session: Session) -> Iterator[str]:
    told = select(EVENT.c.subject).where(EVENT.c.act != REFUSED)
    for word, rows in NAMED.items():
        name = literal(f"{word}:").concat(cast(rows.c.id, Text))
        missing = select(func.min(rows.c.id)).where(name.not_in(told))
        if (row_id := session.execute(missing).scalar_one()) is not None:
            yield f"{word} {row_id} is in the database, and no event tells of it"


def _untimed(session: Session) -> Iterator[str]:
    for instant in STAMPED:
        rows = instant.table
        missing = select(func.min(rows.c.id)).where(instant.is_not(None), instant.not_in(select(EVENT.c.at)))
        if (row_id := session.execute(missing).scalar_one()) is not None:
            row = f"{rows.name.replace('_', ' ')} {row_id}"
            yield f"{row} was written at an instant ({instant.name}) of which no event tells"


def _altered(session: Session) -> Iterator[str]:
    for model, key in ((EvidenceSnapshot, "sha256"), (PolicyVersion, "hash")):
        rows = table(model)
        query = select(rows.c[key], cast(rows.c.content, Text)).order_by(rows.c[key])
        for hashed, text in session.execute(query):
            if _hash_of(text) != hashed:
                yield f"{rows.name.replace('_', ' ')} {hashed[:12]} does not hold what its hash says"


def _hash_of(text: str | None) -> str | None:
    """None for what cannot be read in one way only."""
    try:
        return canonical_json.canonical_hash(canonical_json.read(text or ""))
    except (ValueError, RecursionError):
        return None


def _count(session: Session, rows: Any) -> int:
    counted: int = session.execute(select(func.count()).select_from(rows)).scalar_one()
    return counted
