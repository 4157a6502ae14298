"""What the team's Monday digest says, read when it is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.credentials.identity import Identity
from bot.rules.reminders.catalog import OWNER, DeadlineKind, SubjectType, kinds_where
from bot.rules.reminders.digest import WITHIN, DigestView, Lapse, PendingCount, grouped
from bot.store.bulk import table
from bot.store.bulk.upsert import remember
from bot.store.credentials.identity import IDENTITY, identity_in
from bot.store.people import accounts
from bot.store.tables import ApprovalStep, CredentialRow, Deadline, Nudge, ProviderRow, Setting
from bot.store.tables.reminders import is_about

TOLD = "digest_told"
"""The Monday of the last one."""
DEADLINE, PROVIDER, CREDENTIAL = table(Deadline), table(ProviderRow), table(CredentialRow)
NUDGE, STEP = table(Nudge), table(ApprovalStep)
TO_DO = kinds_where(lambda reminder: reminder.to_do)
"""Of the others the owner is told; their turn comes with a report, or with the lapse. Late files stand apart."""


def read_digest(session: Session, ctx: Context, monday: date, head: str) -> DigestView:
    """That week's digest, as of now; but for ``head``, the audit head that is kept with the message."""
    horizon = ctx.today + timedelta(days=WITHIN)
    return DigestView(
        monday=monday,
        on=ctx.today,
        lapsing=_expiries(session, DEADLINE.c.due_on >= ctx.today, DEADLINE.c.due_on <= horizon),
        silent=_expiries(session, DEADLINE.c.escalated_at.is_not(None)),
        tasks=_tasks(session, ctx),
        steps=_steps(session),
        late=_late(session, ctx),
        head=head,
    )


def told(session: Session) -> date | None:
    """The Monday of the last digest; None before the first."""
    row = session.get(Setting, TOLD)
    return date.fromisoformat(row.value) if row else None


def record_told(session: Session, monday: date) -> None:
    remember(session, TOLD, monday.isoformat())


def any_file(session: Session) -> bool:
    """Whether anybody's file is kept."""
    return session.connection().execute(select(exists().where(PROVIDER.c.id.is_not(None)))).scalar_one()


def _expiries(session: Session, *clauses: ColumnElement[bool]) -> tuple[Lapse, ...]:
    query = (
        select(*IDENTITY, DEADLINE.c.due_on, PROVIDER.c.name)
        .join(CREDENTIAL, CREDENTIAL.c.id == DEADLINE.c.credential_id)
        .join(PROVIDER, PROVIDER.c.id == DEADLINE.c.provider_id)
        .where(DEADLINE.c.closed_at.is_(None), DEADLINE.c.kind == DeadlineKind.EXPIRY, *clauses)
    )
    rows = session.connection().execute(query)
    return grouped((identity_in(row), row.due_on, row.name) for row in rows)


def _late(session: Session, ctx: Context) -> tuple[Lapse, ...]:
    query = (
        select(DEADLINE.c.due_on, PROVIDER.c.name)
        .join(PROVIDER, PROVIDER.c.id == DEADLINE.c.provider_id)
        .where(
            DEADLINE.c.closed_at.is_(None),
            DEADLINE.c.kind == DeadlineKind.RECREDENTIALING,
            DEADLINE.c.due_on < ctx.today,
        )
    )
    rows = session.connection().execute(query)
    return grouped((Identity(DeadlineKind.RECREDENTIALING.value), row.due_on, row.name) for row in rows)


def _tasks(session: Session, ctx: Context) -> tuple[PendingCount, ...]:
    """What has begun and is an owner's to do, by who answers for the file today."""
    said = exists().where(NUDGE.c.deadline_id == DEADLINE.c.id, NUDGE.c.due_on == DEADLINE.c.due_on)
    query = select(DEADLINE.c.provider_id, DEADLINE.c.due_on).where(
        DEADLINE.c.closed_at.is_(None),
        DEADLINE.c.held_at.is_(None),
        DEADLINE.c.assignee == OWNER,
        DEADLINE.c.kind.in_(TO_DO),
        or_(said, DEADLINE.c.next_at <= ctx.now),
    )
    rows = session.connection().execute(query).all()
    owners = accounts.owners_of(session, {row.provider_id for row in rows}, on=ctx.today, admins=ctx.admins)
    named = {key: owner.name if owner else "nobody yet" for key, owner in owners.items()}
    return _counted((named[row.provider_id], row.due_on) for row in rows)


def _steps(session: Session) -> tuple[PendingCount, ...]:
    query = (
        select(STEP.c.body, func.count(), func.min(DEADLINE.c.due_on))
        .join(DEADLINE, is_about(SubjectType.STEP, STEP.c.id))
        .where(DEADLINE.c.closed_at.is_(None))
        .group_by(STEP.c.body)
    )
    found: Iterable[Any] = session.connection().execute(query)
    return _longest_first(PendingCount(*row) for row in found)


def _counted(rows: Iterable[tuple[str, date]]) -> tuple[PendingCount, ...]:
    due: dict[str, list[date]] = defaultdict(list)
    for name, due_on in rows:
        due[name].append(due_on)
    return _longest_first(PendingCount(name, len(days), min(days)) for name, days in due.items())


def _longest_first(waits: Iterable[PendingCount]) -> tuple[PendingCount, ...]:
    return tuple(sorted(waits, key=lambda one: (-one.count, one.whom)))
