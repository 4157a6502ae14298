"""What people press on their reminders, and the release of what an import held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from sqlmodel import Session, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.refusals import refuse
from bot.changes.reminders.next_due import earliest
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.rules.permissions import MEDICAL_DIRECTOR, Permission, is_medical_director, is_own, may
from bot.rules.policy import OnLapse
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, Refused, ReminderRefusal
from bot.rules.reminders.catalog import PROVIDER, REMINDERS, Asked, DeadlineKind, answered_by
from bot.rules.reminders.ladder import first_day, not_yet_offered, snooze_until
from bot.rules.reminders.models import ReminderAnswer, Rung
from bot.store import audit
from bot.store.outbox import messages
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles
from bot.store.reminders import answers, on_hold
from bot.store.reminders.deadlines import refresh_messages
from bot.store.tables import Deadline, Nudge
from bot.store.tables.column_types import required


@dataclass(frozen=True, slots=True)
class Snoozed:
    """The day on which the reminder comes again."""

    until: date


@dataclass(frozen=True, slots=True)
class Prepared:
    """What somebody said of being ready for a renewal; once they are, they are not asked again."""

    ready: bool


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """The issuer is asked about again in a week."""

    deadline_id: int


def mark_answer(
    session: Session, ctx: Context, actor: Person, credential_ids: Collection[int], answer: ReminderAnswer
) -> None:
    """Shows on every reminder about these credentials what was pressed. Call it before ``reconcile`` closes them."""
    answers.hold_deadlines_beside(session, credential_ids)
    found = answers.deadlines_of(session, credential_ids, answered_by(answer))
    answers.answer(session, found, pressed(answer, actor, ctx.now))
    if answer == "ask":
        answers.wait_on(session, found, ctx.now)
    refresh_messages(session, [*found, *answers.renewals_said(session, credential_ids)])


def not_yet(session: Session, ctx: Context, actor: Person, deadline_id: int) -> Snoozed | Refused:
    """Asks again at the earliest of seven days, the next rung, and seven days before the due date.

    Pressed twice, the first answer stands. Refused: ``already_done``, ``not_yours``, ``too_late_to_snooze``.
    """
    row = held_deadline(session, actor, deadline_id, (DeadlineKind.EXPIRY,))
    if isinstance(row, Refused):
        return row
    if row.snoozed_until and row.snoozed_until > ctx.today:
        return Snoozed(row.snoozed_until)
    if not not_yet_offered(ctx.today, row.due_on):
        return Refused(ReminderRefusal.TOO_LATE_TO_SNOOZE, {"due_on": row.due_on})
    until = snooze_until(ctx.today, _next_rung_on(row, ctx), row.due_on)
    answer = {**pressed("not_yet", actor, ctx.now), "until": until.isoformat()}
    _needs_no_message(session, ctx, actor, row, answer)
    row.snoozed_until, row.next_at = until, ctx.now
    session.flush()
    answers.answer(session, [deadline_id], answer)
    audit.record(session, actor, "snoozed", f"deadline:{deadline_id}", after={"until": until})
    refresh_messages(session, [deadline_id])
    return Snoozed(until)


def prepare(session: Session, ctx: Context, actor: Person, deadline_id: int, *, ready: bool) -> Prepared | Refused:
    """Somebody is ready for a renewal, or not yet, which counts as unanswered. Refused: those of ``held_deadline``."""
    row = held_deadline(session, actor, deadline_id, (DeadlineKind.PREPARE,))
    if isinstance(row, Refused):
        return row
    if row.answered_at:
        return said_already(session, deadline_id)
    if ready:
        row.answered_at, row.next_at = ctx.now, None
    session.flush()
    answers.answer(session, [deadline_id], pressed("ready" if ready else "not_ready", actor, ctx.now))
    audit.record(session, actor, "prepared" if ready else "not_prepared_yet", f"deadline:{deadline_id}")
    refresh_messages(session, [deadline_id])
    return Prepared(ready)


def said_already(session: Session, deadline_id: int) -> Refused:
    """Somebody has said that they are ready."""
    return Refused(CommonRefusal.ALREADY_DONE, {"by": answers.last_answer(session, deadline_id).get("by", "")})


def still_waiting(session: Session, ctx: Context, actor: Person, deadline_id: int) -> StillWaiting | Refused:
    """The owner looked, and the issuer has not answered. Refused: ``already_done``, ``not_yours``."""
    row = held_deadline(session, actor, deadline_id, (DeadlineKind.ISSUER,))
    if isinstance(row, Refused):
        return row
    answer = pressed("still_waiting", actor, ctx.now)
    _needs_no_message(session, ctx, actor, row, answer)
    answers.answer(session, [deadline_id], answer)
    answers.wait_on(session, [deadline_id], ctx.now)
    audit.record(session, actor, "issuer_asked", f"filing:{row.subject_id}", after={"answer": "still waiting"})
    refresh_messages(session, [deadline_id])
    return StillWaiting(deadline_id)


def start_nudging(session: Session, ctx: Context, actor: Person) -> int | Refused:
    """Releases all that imports held; how many deadlines that were. Refused: the codes of ``may``."""
    refused = refuse_unless_allowed(session, actor, Permission.START_NUDGING)
    if refused:
        return refused
    released = on_hold.release(session, earliest(ctx.today), actor.name)
    if released:
        audit.record(session, actor, "nudging_started", "backlog", after={"released": released})
        messages.refresh(session, on_hold.CARD, on_hold.SUBJECT)
    return released


def held_deadline(
    session: Session, actor: Person, deadline_id: int, kinds: Collection[DeadlineKind]
) -> Deadline | Refused:
    """An open deadline that the actor may answer, locked with its file.

    The provider's own are for the provider and for coordinators in their place; the owner's for coordinators; the
    medical director's for whoever acts for that body.
    """
    row = session.get(Deadline, deadline_id)
    if row is None or row.kind not in kinds:
        return Refused(CommonRefusal.ALREADY_DONE)
    hold_files(session, [row.provider_id])
    session.refresh(row, with_for_update={"key_share": True})
    if not may_answer(actor, row.assignee, profiles.provider(session, row.provider_id)):
        return refuse(session, actor, Refused(ReminderRefusal.NOT_YOURS), f"deadline:{deadline_id}")
    if row.closed_at:
        last = answers.last_answer(session, deadline_id)
        at = datetime.fromisoformat(last["at"]) if last else row.closed_at
        return Refused(CommonRefusal.ALREADY_DONE, {"by": last.get("by", ""), "at": at})
    return row


def may_answer(actor: Person, assignee: str, about: Provider | None) -> bool:
    """Whether it is the actor's turn, or they stand in for whose turn it is (None: about nobody in particular)."""
    if assignee == MEDICAL_DIRECTOR:
        return is_medical_director(actor) and not actor.guest and not is_own(actor, about)
    return may(actor, Permission.UPDATE if assignee == PROVIDER else Permission.VERIFY, about) is None


def pressed(answer: ReminderAnswer, actor: Person | str, now: datetime) -> dict[str, str]:
    """What a reminder keeps of an answer."""
    return {"answer": answer, "by": actor if isinstance(actor, str) else actor.name, "at": now.isoformat()}


def _needs_no_message(session: Session, ctx: Context, actor: Person, row: Deadline, answer: Mapping[str, Any]) -> None:
    """Whoever answers in the queue, before today's message went out, is not asked again by it."""
    come = list(takewhile(lambda rung: rung.on <= ctx.today, _rungs(row, ctx)))
    reached = select(Nudge.id).where(Nudge.deadline_id == row.id, Nudge.due_on == row.due_on)
    if not come or session.exec(reached.where(Nudge.rung == come[-1].key)).first():
        return
    session.add(
        Nudge(
            deadline_id=required(row.id),
            due_on=row.due_on,
            rung=come[-1].key,
            recipient=to_person(actor.id),
            at=ctx.now,
            answer=dict(answer),
        )
    )


def _next_rung_on(row: Deadline, ctx: Context) -> date | None:
    return next((rung.on for rung in _rungs(row, ctx) if rung.on > ctx.today), None)


def _rungs(row: Deadline, ctx: Context) -> Iterator[Rung]:
    on_lapse = OnLapse(row.on_lapse) if row.on_lapse else None
    from_day = first_day(ctx.now, ctx.zone)
    asked = Asked(row.due_on, tuple(row.ladder), on_lapse, from_day=from_day, holidays=ctx.holidays)
    return REMINDERS[DeadlineKind(row.kind)].rungs(asked)
