"""What a message of the day, a card about one deadline, or a person's queue shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import String, and_, cast, exists, literal, or_, select, true
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.people import recipients
from bot.rules.people.models import Person, Role
from bot.rules.people.recipients import person_in
from bot.rules.permissions import MEDICAL_DIRECTOR, is_medical_director
from bot.rules.privileges.models import RequestView, StepView
from bot.rules.reminders.catalog import OWNER, PROVIDER, DeadlineKind, SubjectType
from bot.rules.reminders.escalation import TOGETHER, asked_together, is_level
from bot.rules.reminders.ladder import prepares_until
from bot.rules.reminders.models import NudgeDayView, TaskView
from bot.rules.reports import QueueView
from bot.store.bulk import among, table
from bot.store.people import accounts
from bot.store.privileges.requests import read_requests, votes_awaited
from bot.store.reminders import answers
from bot.store.reminders.escalation_contacts import escalation_contacts
from bot.store.reminders.task_views import ShownDeadline, read_tasks, readable_tasks
from bot.store.tables import Deadline, Nudge, NudgeDay, PersonRow, ProviderRow
from bot.store.tables.reminders import is_about

MOST_TASKS = 12
"""In one message; the rest is counted."""
MOST_QUEUED = 20
WITH_OTHERS = ("still_waiting", "ask")
"""Answers after which a task waits for an issuer or a provider, until it is said again."""

DEADLINE, NUDGE, PROVIDERS, PERSON = table(Deadline), table(Nudge), table(ProviderRow), table(PersonRow)


def read_nudge_day(
    session: Session, nudge_day_id: int, ctx: Context, broken: list[Exception] | None = None
) -> NudgeDayView:
    """A person's message of a day, most urgent first; where it is long, what is still open goes before the rest.

    ``broken`` takes what kept a task from being read; None: it is raised.
    """
    day = session.get_one(NudgeDay, nudge_day_id)
    reader = reader_of(session, day.recipient, ctx)
    names = ("id", "deadline_id", "due_on", "rung", "answer")
    is_open = and_(DEADLINE.c.closed_at.is_(None), DEADLINE.c.due_on == NUDGE.c.due_on)
    query = (
        select(*(NUDGE.c[name] for name in names), DEADLINE.c.provider_id, is_open.label("is_open"))
        .join(DEADLINE, DEADLINE.c.id == NUDGE.c.deadline_id)
        .where(NUDGE.c.nudge_day_id == nudge_day_id)
        .order_by(NUDGE.c.due_on, NUDGE.c.id)
    )
    newest = {(row.deadline_id, row.due_on): row for row in session.connection().execute(query)}
    rows = list(newest.values())
    chosen = sorted(rows, key=lambda row: not row.is_open)[:MOST_TASKS]
    chosen.sort(key=lambda row: row.due_on)
    asked = _asked_before(session, [row for row in chosen if is_level(row.rung)])
    shown = [
        ShownDeadline(row.deadline_id, row.provider_id, row.due_on, row.answer or {}, asked.get(row.id))
        for row in chosen
    ]
    tasks = readable_tasks(session, shown, reader, ctx, broken)
    unread = len(shown) - len(tasks)
    return NudgeDayView(nudge_day_id, reader, ctx.today, tuple(tasks), len(rows) - len(shown), unread)


def _asked_before(session: Session, rows: Collection[Any]) -> dict[int, tuple[str, ...]]:
    """By nudge that went beside the owner, the names of those who were asked before it, in that order."""
    if not rows:
        return {}
    query = (
        select(NUDGE.c.id, NUDGE.c.deadline_id, NUDGE.c.due_on, PERSON.c.name)
        .join(PERSON, NUDGE.c.recipient == literal(recipients.PERSON) + cast(PERSON.c.id, String))
        .where(
            among(session, NUDGE.c.deadline_id, {row.deadline_id for row in rows}), NUDGE.c.nudge_day_id.is_not(None)
        )
        .order_by(NUDGE.c.id)
    )
    told = session.connection().execute(query).all()
    return {row.id: tuple(dict.fromkeys(one.name for one in told if _before(one, row))) for row in rows}


def _before(one: Any, row: Any) -> bool:
    return (one.deadline_id, one.due_on) == (row.deadline_id, row.due_on) and one.id < row.id


def read_task(session: Session, deadline_id: int, ctx: Context, reader: Person | None = None) -> TaskView:
    """One deadline as a reader, or a channel, sees it. LookupError if there is none."""
    found = read_deadlines(session, [deadline_id], ctx, reader)
    if not found:
        raise LookupError(f"no deadline {deadline_id}")
    return found[0]


def read_deadlines(
    session: Session, deadline_ids: Sequence[int], ctx: Context, reader: Person | None = None
) -> list[TaskView]:
    """Deadlines as a reader, or a channel, sees them, in the order of their ids."""
    query = (
        select(DEADLINE.c.id, DEADLINE.c.provider_id, DEADLINE.c.due_on)
        .where(among(session, DEADLINE.c.id, deadline_ids))
        .order_by(DEADLINE.c.id)
    )
    rows = session.connection().execute(query).all()
    shown = [ShownDeadline(row.id, row.provider_id, row.due_on, answers.last_answer(session, row.id)) for row in rows]
    return read_tasks(session, shown, reader, ctx)


def read_help(session: Session, nudge_id: int, reader: Person | None, ctx: Context) -> TaskView:
    """What somebody asked for with **I need help**, as its reader sees it. LookupError if nobody did."""
    deadline_id = session.execute(
        select(DEADLINE.c.id).where(is_about(SubjectType.NUDGE, nudge_id))
    ).scalar_one_or_none()
    if deadline_id is None:
        raise LookupError(f"nobody asked for help in nudge {nudge_id}")
    return read_task(session, deadline_id, ctx, reader)


def read_open_task(session: Session, task_id: int, reader: Person | None, ctx: Context) -> TaskView:
    """A task on a card of its own, as its reader sees it. LookupError if there is none."""
    query = select(DEADLINE.c.id).where(is_about(SubjectType.TASK, task_id))
    deadline_id = session.execute(query).scalar_one_or_none()
    if deadline_id is None:
        raise LookupError(f"no task {task_id}")
    return read_task(session, deadline_id, ctx, reader)


def read_queue(session: Session, me: Person, ctx: Context, broken: list[Exception] | None = None) -> QueueView:
    """What waits for somebody: their own deadlines, the tasks of the files they answer for, steps to vote in.

    ``broken`` takes what kept a task from being read; None: it is raised.
    """
    rows = _waiting(session, me, ctx)
    others = {row.provider_id for row in rows if not row.own}
    owners = accounts.owners_of(session, others, on=ctx.today, admins=ctx.admins) if others else {}
    together = _with_the_owner(session, rows, me, ctx)
    mine = [
        row
        for row in rows
        if (row.own or row.id in together or _is(owners[row.provider_id], me)) and not _has_had_its_day(row, ctx)
    ]
    pressed = answers.latest_answers(session, [row.id for row in mine])
    shown = [
        ShownDeadline(row.id, row.provider_id, row.due_on, pressed[row.id], () if row.id in together else None)
        for row in mine
    ]
    waiting = [one for one in shown if one.pressed.get("answer") not in WITH_OTHERS]
    votes = votes_awaited(session, me)
    requests = read_requests(session, votes[:MOST_QUEUED], ctx.policies, ctx.today)
    steps = [_step_task(view, view.step) for view in requests if view.step]
    first = waiting[: max(0, MOST_QUEUED - len(steps))]
    read = readable_tasks(session, first, me, ctx, broken)
    tasks = sorted([*steps, *read], key=lambda task: task.due_on)
    unread = len(first) - len(read)
    return QueueView(me, ctx.today, tuple(tasks), len(votes) + len(waiting) - len(tasks) - unread, unread)


def _with_the_owner(session: Session, rows: Iterable[Any], me: Person, ctx: Context) -> frozenset[int]:
    """Owners' tasks that are as much somebody's who is their backup, or an admin, once the day for that has come."""
    shared = [row for row in rows if not row.own and asked_together(DeadlineKind(row.kind), row.due_on, ctx.today)]
    others = escalation_contacts(session, ctx, {row.provider_id for row in shared})
    name = recipients.to_person(me.id)
    theirs = {
        provider_id
        for provider_id, levels in others.items()
        if any(reader.name == name for level in TOGETHER for reader in levels.get(level, ()))
    }
    return frozenset(row.id for row in shared if row.provider_id in theirs)


def how_much_waits(session: Session, me: Person, provider_ids: Collection[int], ctx: Context) -> int:
    """How many owner's tasks have begun in these files."""
    return sum(row.provider_id in provider_ids and not row.own for row in _waiting(session, me, ctx))


def _waiting(session: Session, me: Person, ctx: Context) -> Sequence[Any]:
    """Open deadlines that have begun and may be this person's, soonest first."""
    barred = or_(PERSON.c.deactivated_at.is_not(None), PERSON.c.bot, PERSON.c.dm_refused_at.is_not(None))
    unreachable = or_(PERSON.c.slack_user_id.is_(None), barred)
    own = and_(DEADLINE.c.assignee == PROVIDER, PROVIDERS.c.person_id == me.id)
    owners = or_(DEADLINE.c.assignee == OWNER, and_(DEADLINE.c.assignee == PROVIDER, unreachable))
    directs = and_(DEADLINE.c.assignee == MEDICAL_DIRECTOR, PROVIDERS.c.id.not_in(me.own_files))
    answers_for = true() if me.has(Role.COORDINATOR) else PROVIDERS.c.owner_id == me.id
    names = ("id", "provider_id", "kind", "due_on", "ladder", "answered_at")
    said = exists().where(NUDGE.c.deadline_id == DEADLINE.c.id, NUDGE.c.due_on == DEADLINE.c.due_on)
    query = (
        select(*(DEADLINE.c[name] for name in names), or_(own, directs).label("own"))
        .join(PROVIDERS, PROVIDERS.c.id == DEADLINE.c.provider_id)
        .outerjoin(PERSON, PERSON.c.id == PROVIDERS.c.person_id)
        .where(
            DEADLINE.c.closed_at.is_(None),
            or_(own, and_(owners, answers_for), *([directs] if is_medical_director(me) else [])),
            or_(said, DEADLINE.c.next_at <= ctx.now, DEADLINE.c.held_at.is_not(None)),
        )
        .order_by(DEADLINE.c.due_on, DEADLINE.c.id)
    )
    return session.connection().execute(query).all()


def reader_of(session: Session, recipient: str, ctx: Context) -> Person | None:
    """Whom ``person:12`` names; None for a channel."""
    person_id = person_in(recipient)
    return accounts.person(session, person_id, on=ctx.today, admins=ctx.admins) if person_id else None


def _has_had_its_day(row: Any, ctx: Context) -> bool:
    """Being ready for a renewal: said, or not worth asking any more."""
    if row.kind != DeadlineKind.PREPARE:
        return False
    return row.answered_at is not None or ctx.today > prepares_until(tuple(row.ladder), row.due_on)


def _is(owner: Person | None, me: Person) -> bool:
    return owner is not None and owner.id == me.id


def _step_task(view: RequestView, step: StepView) -> TaskView:
    """A vote is cast on the request's card, so there is nothing to press here."""
    return TaskView(
        deadline_id=0,
        kind=DeadlineKind.STEP.value,
        provider=view.provider,
        credential=None,
        due_on=step.due_on,
        own=False,
        request_number=view.number,
        privilege=view.privilege,
    )
