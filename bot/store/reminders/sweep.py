"""The sweep's own reading and writing, in Core: what is due, what was said of it, and what is said now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlmodel import Session

from bot.rules.policy import OnLapse
from bot.rules.reminders.catalog import DeadlineKind
from bot.rules.reminders.schedule import OpenReminder, RungReached
from bot.rules.workspace.quarantine import FileJob
from bot.store.bulk import Row, among, insert_rows, table
from bot.store.tables import (
    ApprovalStep,
    Card,
    Deadline,
    Nudge,
    PersonRow,
    PrivilegeRequest,
    ProviderRow,
    QuarantinedFile,
    RequestLine,
)

DEADLINE, NUDGE, PROVIDER, PERSON = table(Deadline), table(Nudge), table(ProviderRow), table(PersonRow)
QUARANTINED = table(QuarantinedFile)


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """An open deadline that it is time to look at, and the provider it is about."""

    id: int
    provider_id: int
    assignee: str
    waiting: OpenReminder
    step_id: int | None
    person_id: int | None
    """The provider's Slack account, where a message can reach it."""
    time_zone: str | None


def due_now(
    session: Session, now: datetime, limit: int, policy_hash: str, only: Collection[int] | None = None
) -> list[DueDeadline]:
    """Locks what is due, the longest waiting first; what another sweep holds is left to it.

    Files that are set aside under these rules are left out. ``only``: of these providers.
    """
    query = (
        _open_deadlines()
        .where(*_is_due(now, policy_hash), *([] if only is None else [among(session, DEADLINE.c.provider_id, only)]))
        .order_by(DEADLINE.c.next_at, DEADLINE.c.id)
        .limit(limit)
        .with_for_update(of=DEADLINE, key_share=True, skip_locked=True)
    )
    return [_due(row) for row in session.connection().execute(query).all()]


def files_due(session: Session, now: datetime, policy_hash: str) -> list[int]:
    """The providers about whom something is due, in order; without those set aside."""
    query = select(DEADLINE.c.provider_id).where(DEADLINE.c.closed_at.is_(None), *_is_due(now, policy_hash)).distinct()
    return sorted(session.connection().execute(query).scalars())


def _is_due(now: datetime, policy_hash: str) -> tuple[ColumnElement[bool], ...]:
    set_aside = exists().where(
        QUARANTINED.c.provider_id == DEADLINE.c.provider_id,
        QUARANTINED.c.job == FileJob.REMIND.value,
        QUARANTINED.c.policy_hash == policy_hash,
    )
    return DEADLINE.c.held_at.is_(None), DEADLINE.c.next_at <= now, ~set_aside


def due_before(session: Session, end: datetime) -> list[tuple[DueDeadline, bool]]:
    """What may be said before ``end``, with whether it is held: for a preview, which locks and changes nothing."""
    held = DEADLINE.c.held_at.is_not(None)
    query = _open_deadlines().add_columns(held).where(or_(DEADLINE.c.next_at < end, held)).order_by(DEADLINE.c.id)
    return [(_due(row[:-1]), row[-1]) for row in session.connection().execute(query)]


def said_of(session: Session, deadline_ids: Collection[int]) -> dict[int, list[RungReached]]:
    """What was reached for each deadline's present due date, oldest first; what Slack refused was not said."""
    query = (
        select(NUDGE.c.deadline_id, NUDGE.c.rung, NUDGE.c.at, NUDGE.c.nudge_day_id, NUDGE.c.recipient)
        .join(DEADLINE, (DEADLINE.c.id == NUDGE.c.deadline_id) & (DEADLINE.c.due_on == NUDGE.c.due_on))
        .where(among(session, NUDGE.c.deadline_id, deadline_ids), NUDGE.c.refused_at.is_(None))
        .order_by(NUDGE.c.id)
    )
    said: dict[int, list[RungReached]] = defaultdict(list)
    for deadline_id, rung, at, nudge_day_id, recipient in session.connection().execute(query).all():
        said[deadline_id].append(RungReached(rung, at, nudge_day_id is not None, recipient))
    return said


def record_nudges(session: Session, rows: Sequence[Row]) -> None:
    """Inserts what was reached; a rung that somebody else recorded stays theirs."""
    insert_rows(session, NUDGE, rows)


def request_cards(session: Session, step_ids: Collection[int], channel: str) -> dict[int, int]:
    """By approval step, the request's card in the approvals channel."""
    card, step, line, request = table(Card), table(ApprovalStep), table(RequestLine), table(PrivilegeRequest)
    query = (
        select(step.c.id, card.c.id)
        .join(line, line.c.id == step.c.line_id)
        .join(request, request.c.id == line.c.request_id)
        .join(card, (card.c.subject == request.c.id) & (card.c.kind == "request") & (card.c.channel == channel))
        .where(among(session, step.c.id, step_ids))
    )
    return {row[0]: row[1] for row in session.connection().execute(query)}


def requests_of_steps(session: Session, step_ids: Collection[int]) -> dict[int, str]:
    """By approval step, the request that people know: ``R-1042 ect``."""
    step, line, request = table(ApprovalStep), table(RequestLine), table(PrivilegeRequest)
    query = (
        select(step.c.id, request.c.number, line.c.privilege)
        .join(line, line.c.id == step.c.line_id)
        .join(request, request.c.id == line.c.request_id)
        .where(among(session, step.c.id, step_ids))
    )
    return {row[0]: f"R-{row[1]} {row[2]}" for row in session.connection().execute(query)}


@cache  # to build it takes as long as to run it
def _open_deadlines() -> Select[Any]:
    """The columns that ``_due`` takes, in its order."""
    names = ("id", "provider_id", "assignee", "kind", "due_on", "ladder", "on_lapse")
    later = ("snoozed_until", "answered_at", "opened_on", "escalated_at", "subject_id")
    barred = or_(PERSON.c.deactivated_at.is_not(None), PERSON.c.bot, PERSON.c.dm_refused_at.is_not(None))
    reachable = and_(PERSON.c.slack_user_id.is_not(None), ~barred)
    return (
        select(*(DEADLINE.c[name] for name in (*names, *later)), case((reachable, PERSON.c.id)), PERSON.c.time_zone)
        .join(PROVIDER, PROVIDER.c.id == DEADLINE.c.provider_id)
        .outerjoin(PERSON, PERSON.c.id == PROVIDER.c.person_id)
        .where(DEADLINE.c.closed_at.is_(None))
    )


def _due(row: Sequence[Any]) -> DueDeadline:
    deadline_id, provider_id, assignee, kind, due_on, ladder, on_lapse, *others = row
    snoozed_until, answered_at, opened_on, escalated_at, subject_id, person_id, time_zone = others
    waiting = OpenReminder(
        DeadlineKind(kind),
        due_on,
        ladder,
        OnLapse(on_lapse) if on_lapse else None,
        snoozed_until=snoozed_until,
        answered_at=answered_at,
        opened_on=opened_on,
        escalated_at=escalated_at,
    )
    step_id = subject_id if waiting.kind is DeadlineKind.STEP else None
    return DueDeadline(deadline_id, provider_id, assignee, waiting, step_id, person_id, time_zone)
