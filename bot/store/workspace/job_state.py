"""What the turn of the day can change: files to reconcile, cards to pass on; up to which day it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select, union
from sqlmodel import Session

from bot.store.bulk import table
from bot.store.bulk.upsert import remember
from bot.store.tables import CredentialRow, CredentialTerm, PrivilegeGrant, ProviderRow, ProviderStatusRow, Setting

RECONCILED, PASSED_ON = "reconciled_through", "cards_passed_on"


@dataclass(frozen=True, slots=True)
class ReconciledThrough:
    """The organization's day up to which all files are reconciled, and the rules they were reconciled with."""

    on: date
    policy_hash: str


def reconciled_through(session: Session) -> ReconciledThrough | None:
    """None before the first time."""
    row = session.get(Setting, RECONCILED)
    if row is None:
        return None
    on, _, policy_hash = row.value.partition(" ")
    return ReconciledThrough(date.fromisoformat(on), policy_hash)


def record_reconciled(session: Session, now: ReconciledThrough) -> None:
    remember(session, RECONCILED, f"{now.on.isoformat()} {now.policy_hash}")


def passed_on(session: Session) -> date | None:
    """The last day on which cards went to who stands in; None before the first."""
    row = session.get(Setting, PASSED_ON)
    return date.fromisoformat(row.value) if row else None


def record_passed_on(session: Session, on: date) -> None:
    remember(session, PASSED_ON, on.isoformat())


def everybody(session: Session) -> list[int]:
    """Every provider's id, in order."""
    provider = table(ProviderRow)
    return list(session.connection().execute(select(provider.c.id).order_by(provider.c.id)).scalars())


def files_turned(session: Session, since: date, today: date) -> list[int]:
    """Whose term, privilege or status began or ended after ``since``, up to ``today``; provider ids in order."""
    credential, term, grant = table(CredentialRow), table(CredentialTerm), table(PrivilegeGrant)
    status = table(ProviderStatusRow)
    terms = (
        select(credential.c.provider_id)
        .join(term, term.c.credential_id == credential.c.id)
        .where(
            term.c.superseded_at.is_(None),
            or_(
                and_(term.c.valid_to >= since, term.c.valid_to < today),
                and_(term.c.issued_on > since, term.c.issued_on <= today),
            ),
        )
    )
    grants = select(grant.c.provider_id).where(
        or_(
            and_(grant.c.ends_on >= since, grant.c.ends_on < today),
            and_(grant.c.starts_on > since, grant.c.starts_on <= today),
        )
    )
    statuses = select(status.c.provider_id).where(
        status.c.superseded_at.is_(None), status.c.valid_from > since, status.c.valid_from <= today
    )
    return sorted(session.connection().execute(union(terms, grants, statuses)).scalars())
