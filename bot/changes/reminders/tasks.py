"""What somebody must do about a provider and that does not follow from the file: opened once, and done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from bot.changes.reminders.answers import held_deadline, pressed
from bot.changes.reminders.next_due import opened
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.rules.refusals import Refused
from bot.rules.reminders.catalog import OWNER, REMINDERS, Asked, DeadlineKind, SubjectType
from bot.rules.reminders.deadlines import WantedDeadline
from bot.rules.reminders.ladder import verify_due
from bot.rules.reminders.models import ReminderAnswer
from bot.store import audit
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.people import accounts
from bot.store.reminders import answers
from bot.store.reminders.deadlines import refresh_messages
from bot.store.tables import Deadline, Nudge, Task
from bot.store.tables.column_types import required
from bot.store.tables.reminders import is_about

CARD = "task"
"""A card of its own, for a question that does not wait for the day's message; its subject is the task."""


@dataclass(frozen=True, slots=True)
class TaskDone:
    """The task that is done now, and what it was about."""

    deadline_id: int
    provider_id: int
    kind: str
    facts: Mapping[str, Any]


def open_task(
    session: Session,
    ctx: Context,
    provider_id: int,
    kind: str,
    *,
    key: str,
    facts: Mapping[str, Any] | None = None,
    due_on: date | None = None,
    assignee: str = OWNER,
    by: Person | None = None,
    at_once: bool = False,
) -> int | None:
    """The new task's id; None where there was one with this ``key``, be it done or not.

    Due in three business days unless ``due_on`` says otherwise; said three business days before, then on that day,
    and again like a task to verify. ``facts`` is plain JSON: what the words ``task_KIND`` and the buttons need.
    ``at_once``: the owner gets a card now, and the day's messages only repeat it.
    """
    new = {
        "provider_id": provider_id,
        "kind": kind,
        "key": key,
        "facts": dict(facts or {}),
        "opened_at": database_now(session),
        "opened_by": by.id if by and by.id else None,
    }
    session.flush()
    added: int | None = session.execute(insert_missing(session, Task).returning(col(Task.id)), [new]).scalars().first()
    if added is None:
        return None
    want = WantedDeadline(DeadlineKind.TASK, added, assignee, due_on or verify_due(ctx.today, ctx.holidays))
    deadline = Deadline(**opened(provider_id, want, ctx))
    session.add(deadline)
    session.flush()
    if at_once:
        _tell_now(session, ctx, deadline, added)
    return added


def finish_task(
    session: Session, ctx: Context, actor: Person, deadline_id: int, answer: ReminderAnswer = "done"
) -> TaskDone | Refused:
    """Somebody whose turn it is has done it. Refused: ``already_done``, ``not_yours``."""
    row = held_deadline(session, actor, deadline_id, (DeadlineKind.TASK,))
    if isinstance(row, Refused):
        return row
    task = session.get_one(Task, row.subject_id)
    task.done_by = actor.id or None
    _close(session, ctx, row, task, pressed(answer, actor, ctx.now))
    audit.record(session, actor, "task_done", f"task:{task.id}", after={"kind": task.kind, "answer": answer})
    return TaskDone(deadline_id, task.provider_id, task.kind, task.facts)


def close_tasks(
    session: Session, ctx: Context, provider_id: int, kinds: Collection[str], answer: Mapping[str, Any]
) -> None:
    """Ends open tasks of a provider that something else has answered; that change's audit event covers it."""
    close_those(session, ctx, and_(col(Task.provider_id) == provider_id, col(Task.kind).in_(kinds)), answer)


def close_those(session: Session, ctx: Context, which: ColumnElement[bool], answer: Mapping[str, Any]) -> None:
    """The same for any open tasks."""
    query = (
        select(Deadline, Task)
        .join(Task, is_about(SubjectType.TASK, col(Task.id)))
        .where(which, col(Deadline.closed_at).is_(None))
        .order_by(col(Deadline.id))
    )
    for row, task in session.exec(query).all():
        _close(session, ctx, row, task, answer)


def _tell_now(session: Session, ctx: Context, deadline: Deadline, task_id: int) -> None:
    """The card takes the place of the first word; where there is nobody to get one, the day's message says it."""
    owner = accounts.owner_of(session, deadline.provider_id, on=ctx.today, admins=ctx.admins)
    if owner is None:
        return
    recipient = to_person(owner.id)
    asked = Asked(deadline.due_on, (), None, from_day=ctx.today, holidays=ctx.holidays)
    first = next(REMINDERS[DeadlineKind.TASK].rungs(asked))
    due_on = deadline.due_on
    session.add(
        Nudge(deadline_id=required(deadline.id), due_on=due_on, rung=first.key, recipient=recipient, at=ctx.now)
    )
    messages.open_card(session, CARD, task_id, recipient)


def _close(session: Session, ctx: Context, row: Deadline, task: Task, answer: Mapping[str, Any]) -> None:
    row.closed_at, row.next_at = ctx.now, None
    task.done_at, task.answer = database_now(session), dict(answer)
    session.flush()
    answers.answer(session, [required(row.id)], answer)
    messages.refresh(session, CARD, required(task.id))
    refresh_messages(session, [required(row.id)])
