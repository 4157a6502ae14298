"""The sweep: once a minute, what is due is written down as one message a person a day; delivery sends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.jobs.file_by_file import file_by_file
from bot.rules.context import Context
from bot.rules.people.recipients import APPROVALS, Recipient
from bot.rules.reminders.escalation import concerns_others, words_beside
from bot.rules.reminders.ladder import LadderPlan, next_slot
from bot.rules.reminders.schedule import RungReached, next_word, speaks_up_at
from bot.rules.workspace.quarantine import FileJob
from bot.store.engine import Database, Unavailable
from bot.store.outbox import messages
from bot.store.reminders import daily_messages, deadlines
from bot.store.reminders import sweep as reminders_sweep
from bot.store.reminders.daily_messages import Day
from bot.store.reminders.escalation_contacts import escalation_contacts
from bot.store.reminders.recipients import readers_of, who_hears_of_silence
from bot.store.reminders.sweep import DueDeadline

BATCH = 5_000


@dataclass(slots=True)
class SweptDeadline:
    """One deadline in the sweep's hands."""

    deadline: DueDeadline
    reader: Recipient
    said: Sequence[RungReached]
    plan: LadderPlan
    message: int | None = None

    def said_now(self, now: datetime) -> list[RungReached]:
        """What was said until now, with what is said now."""
        told = [RungReached(self.plan.due.key, now, recipient=self.reader.name)] if self.plan.due else []
        return [*self.said, *told]


def sweep(db: Database, ctx: Context) -> int:
    """Writes all that is due at ``ctx.now``, in batches; returns how many reminders that makes.

    Where that fails, it goes on file by file; a file with which it fails is set aside.
    """
    told = 0
    while True:
        try:
            looked, said = db.transact(partial(_sweep_once, ctx=ctx))
        except Unavailable:
            raise
        except Exception:
            return told + _sweep_by_file(db, ctx)
        told += said
        if looked < BATCH:
            return told


def _sweep_by_file(db: Database, ctx: Context) -> int:
    with db.reading() as session:
        due = reminders_sweep.files_due(session, ctx.now, ctx.policies.hash)
    return file_by_file(
        db, ctx, FileJob.REMIND, due, lambda session, provider_ids: _sweep_once(session, ctx, provider_ids)[1]
    )


def _sweep_once(session: Session, ctx: Context, only: Collection[int] | None = None) -> tuple[int, int]:
    """How many deadlines it looked at, and how many reminders that makes. ``only``: of these files."""
    found = reminders_sweep.due_now(session, ctx.now, BATCH, ctx.policies.hash, only)
    if not found:
        return 0, 0
    said = reminders_sweep.said_of(session, [one.id for one in found])
    readers = readers_of(session, ctx, found)
    ears = who_hears_of_silence(session, ctx)
    looks = [_look(one, readers[one.id], said.get(one.id, ()), ctx) for one in found]
    _put_into_messages(session, ctx, looks)
    _reply_in_threads(session, ctx, looks)
    beside = _beside_the_owner(session, ctx, looks)
    _put_into_messages(session, ctx, beside)
    everybody = [*looks, *beside]
    reminders_sweep.record_nudges(session, [row for look in everybody for row in _nudges(look, ctx.now)])
    again = _soonest(beside)
    rows = [_looked_at(ctx, look, hears=ears is not None) for look in looks]
    _say_who_is_silent(session, looks, rows, ears)
    deadlines.change_deadlines(session, [_not_later(row, again.get(row["id"])) for row in rows])
    return len(found), sum(look.plan.due is not None for look in everybody)


def _beside_the_owner(session: Session, ctx: Context, looks: Iterable[SweptDeadline]) -> list[SweptDeadline]:
    """Who else hears of what nobody acts on, and of what is about to become inactive."""
    concerned = [look for look in looks if concerns_others(look.deadline.waiting.kind, look.deadline.assignee)]
    others = escalation_contacts(session, ctx, {look.deadline.provider_id for look in concerned})
    found = []
    for look in concerned:
        waiting, readers = look.deadline.waiting, others[look.deadline.provider_id]
        said = look.said_now(ctx.now)
        for _, reader, word in words_beside(waiting, said, readers, ctx.now, ctx.zone, ctx.holidays):
            found.append(SweptDeadline(look.deadline, reader, look.said, word))
    return found


def _soonest(looks: Iterable[SweptDeadline]) -> dict[int, datetime]:
    """By deadline, when somebody beside the owner may have to be asked."""
    again: dict[int, datetime] = {}
    for look in looks:
        if at := look.plan.next_at:
            again[look.deadline.id] = min(at, again.get(look.deadline.id, at))
    return again


def _not_later(row: dict[str, Any], at: datetime | None) -> dict[str, Any]:
    return {**row, "next_at": min(at, row["next_at"] or at)} if at else row


def _look(deadline: DueDeadline, reader: Recipient, said: Sequence[RungReached], ctx: Context) -> SweptDeadline:
    look = SweptDeadline(deadline, reader, said, next_word(deadline.waiting, said, ctx.now, reader.zone, ctx.holidays))
    if look.plan.due and reader.name is None:
        _wait_for_the_next_slot(look, ctx)
    return look


def _put_into_messages(session: Session, ctx: Context, looks: Iterable[SweptDeadline]) -> None:
    """Today's message takes in all that is due while it has not gone; what comes later waits for the next slot."""
    speaking: dict[Day, list[SweptDeadline]] = defaultdict(list)
    for look in looks:
        if look.plan.due and look.reader.name not in (None, APPROVALS):
            speaking[look.reader.name, ctx.now.astimezone(look.reader.zone).date()].append(look)
    if not speaking:
        return
    daily_messages.bring_forward(session, speaking)
    there = daily_messages.messages_for(session, speaking, ctx.team_channel)
    for day, mine in speaking.items():
        message = there[day]
        if not message.new and not message.gone:
            messages.refresh(session, daily_messages.KIND, message.id)
        for look in mine:
            if message.gone:
                _wait_for_the_next_slot(look, ctx)
            else:
                look.message = message.id


def _wait_for_the_next_slot(look: SweptDeadline, ctx: Context) -> None:
    look.plan = LadderPlan(None, (), next_slot(ctx.now, look.reader.zone, ctx.holidays))


def _nudges(look: SweptDeadline, now: datetime) -> Iterable[dict[str, Any]]:
    """The rung that is said, and the older ones whose place it takes."""
    for rung in (*look.plan.superseded, *([look.plan.due] if look.plan.due else [])):
        yield {
            "deadline_id": look.deadline.id,
            "due_on": look.deadline.waiting.due_on,
            "rung": rung.key,
            "recipient": look.reader.name,
            "nudge_day_id": look.message if rung == look.plan.due else None,
            "at": now,
        }


def _reply_in_threads(session: Session, ctx: Context, looks: Iterable[SweptDeadline]) -> None:
    """An open approval step is remembered where it is decided: in its request's thread."""
    replies = [look for look in looks if look.reader.name == APPROVALS and look.plan.due]
    channel = ctx.approvals_channel
    if not replies or channel is None:
        return
    steps = {look.deadline.step_id for look in replies if look.deadline.step_id}
    cards = reminders_sweep.request_cards(session, steps, channel)
    for look in replies:
        step_id = look.deadline.step_id
        if step_id is None or step_id not in cards or look.plan.due is None:
            _wait_for_the_next_slot(look, ctx)
            continue
        messages.say(
            session,
            "step_reminder",
            step_id,
            channel,
            key=f"step_reminder:{step_id}:{look.deadline.waiting.due_on}:{look.plan.due.key}",
            facts={"day": ctx.today.isoformat()},
            after_card=cards[step_id],
        )


def _say_who_is_silent(
    session: Session, looks: Iterable[SweptDeadline], rows: Iterable[dict[str, Any]], ears: str | None
) -> None:
    """One message a due date, however many share it: a state's common renewal day is no flood."""
    silent: dict[date, list[int]] = defaultdict(list)
    for look, row in zip(looks, rows, strict=True):
        if row["escalated_at"] != look.deadline.waiting.escalated_at:
            silent[look.deadline.waiting.due_on].append(look.deadline.id)
    for due_on, (first, *others) in silent.items():
        key = f"silence:{first}:{due_on}"
        messages.say(session, "silence", first, ears or "", key=key, facts={"others": others})


def _looked_at(ctx: Context, look: SweptDeadline, *, hears: bool) -> dict[str, Any]:
    """When the sweep looks again: at the next rung, or when the team must hear that nobody answers."""
    waiting, said = look.deadline.waiting, look.said_now(ctx.now)
    row: dict[str, Any] = {
        "id": look.deadline.id,
        "next_at": look.plan.next_at,
        "escalated_at": waiting.escalated_at,
    }
    silent_at = speaks_up_at(waiting, said, ctx.now, ctx.zone, ctx.holidays) if hears else None
    if silent_at is None:
        return row
    if silent_at > ctx.now:
        return {**row, "next_at": min(silent_at, look.plan.next_at or silent_at)}
    return {**row, "escalated_at": ctx.now}
