"""What people pressed on their reminders, and which reminders that answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from bot.rules.reminders.catalog import DeadlineKind, SubjectType
from bot.store.bulk import among, table, update_rows
from bot.store.tables import CredentialRow, Deadline, Nudge, Task
from bot.store.tables.reminders import is_about

CREDENTIAL, DEADLINE, NUDGE, TASK = table(CredentialRow), table(Deadline), table(Nudge), table(Task)
OPEN_ENDED = (None, "not_yet", "not_ready", "contact")
"""What a later answer may replace. A call for help keeps its words."""


def deadlines_of(session: Session, credential_ids: Collection[int], kinds: Collection[DeadlineKind]) -> list[int]:
    """The open deadlines of these kinds about these credentials, whatever their own subject is."""
    query = (
        select(DEADLINE.c.id)
        .where(
            DEADLINE.c.closed_at.is_(None),
            DEADLINE.c.kind.in_(kinds),
            among(session, DEADLINE.c.credential_id, credential_ids),
        )
        .order_by(DEADLINE.c.id)
    )
    return list(session.connection().execute(query).scalars())


def renewals_said(session: Session, credential_ids: Collection[int]) -> list[int]:
    """The closed deadlines of these expiries: what was said there may still offer something."""
    query = select(DEADLINE.c.id).where(
        DEADLINE.c.closed_at.is_not(None),
        DEADLINE.c.kind.in_((DeadlineKind.EXPIRY.value, DeadlineKind.LAPSED.value)),
        among(session, DEADLINE.c.credential_id, credential_ids),
    )
    return list(session.connection().execute(query.order_by(DEADLINE.c.id)).scalars())


def hold_deadlines_beside(session: Session, credential_ids: Collection[int]) -> None:
    """Locks what is open about whoever holds these until the commit: deadlines come before their reminders."""
    holders = select(CREDENTIAL.c.provider_id).where(among(session, CREDENTIAL.c.id, credential_ids))
    open_still = select(DEADLINE.c.id).where(DEADLINE.c.provider_id.in_(holders), DEADLINE.c.closed_at.is_(None))
    session.connection().execute(open_still.order_by(DEADLINE.c.id).with_for_update(key_share=True)).all()


def answer(session: Session, deadline_ids: Collection[int], pressed: Mapping[str, Any]) -> None:
    """Marks the reminders of these deadlines' present due dates that nobody has answered for good."""
    query = (
        select(NUDGE.c.id, NUDGE.c.answer)
        .join(DEADLINE, (DEADLINE.c.id == NUDGE.c.deadline_id) & (DEADLINE.c.due_on == NUDGE.c.due_on))
        .where(among(session, NUDGE.c.deadline_id, deadline_ids), NUDGE.c.nudge_day_id.is_not(None))
        .order_by(NUDGE.c.id)
    )
    rows = session.connection().execute(query).all()
    open_ended = [row.id for row in rows if (row.answer or {}).get("answer") in OPEN_ENDED]
    update_rows(session, NUDGE, [{"id": nudge_id, "answer": dict(pressed)} for nudge_id in open_ended])


def wait_on(session: Session, deadline_ids: Collection[int], now: datetime) -> None:
    """Somebody has acted, and what stays open waits for others: nobody is asked over the owner's head meanwhile."""
    session.execute(update(DEADLINE).where(among(session, DEADLINE.c.id, deadline_ids)).values(answered_at=now))


def last_answer(session: Session, deadline_id: int) -> Mapping[str, Any]:
    """Who answered a deadline last: ``answer``, ``by``, ``at``; empty if nobody has."""
    query = select(NUDGE.c.answer).where(NUDGE.c.deadline_id == deadline_id).order_by(NUDGE.c.id)
    found = [pressed for pressed in session.connection().execute(query).scalars() if pressed]
    return found[-1] if found else _of_task(session, deadline_id)


def _of_task(session: Session, deadline_id: int) -> Mapping[str, Any]:
    """What ended a task that no message of a day has shown."""
    query = (
        select(TASK.c.answer).join(DEADLINE, is_about(SubjectType.TASK, TASK.c.id)).where(DEADLINE.c.id == deadline_id)
    )
    return session.connection().execute(query).scalar_one_or_none() or {}


def latest_answers(session: Session, deadline_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """What was pressed on the newest reminder of each; empty where nobody has pressed anything on that one."""
    query = (
        select(NUDGE.c.deadline_id, NUDGE.c.answer)
        .join(DEADLINE, (DEADLINE.c.id == NUDGE.c.deadline_id) & (DEADLINE.c.due_on == NUDGE.c.due_on))
        .where(among(session, NUDGE.c.deadline_id, deadline_ids))
        .order_by(NUDGE.c.id)
    )
    found = {row.deadline_id: row.answer or {} for row in session.connection().execute(query)}
    return {deadline_id: found.get(deadline_id, {}) for deadline_id in deadline_ids}
