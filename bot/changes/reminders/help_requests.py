"""**I need help**: the owner gets a card with what was written, and **Done**. The reminders go on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.changes.reminders.answers import held_deadline, pressed
from bot.changes.reminders.next_due import opened
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.rules.refusals import CommonRefusal, Invalid, Refused, ReminderRefusal
from bot.rules.reminders.catalog import OWNER, DeadlineKind, SubjectType
from bot.rules.reminders.deadlines import WantedDeadline
from bot.rules.reminders.ladder import verify_due
from bot.store import audit
from bot.store.outbox import messages
from bot.store.people import accounts
from bot.store.reminders import answers
from bot.store.reminders.deadlines import refresh_messages
from bot.store.tables import Deadline, Nudge
from bot.store.tables.column_types import required
from bot.store.tables.reminders import is_about

HELPS_WITH = (DeadlineKind.EXPIRY, DeadlineKind.FILED)
MOST_OPEN = 3
"""Open calls of one person about one deadline; what is still to be said can be said to whoever has those."""
MOST_OF_A_PERSON = 10

CARD = "help"
"""The owner's card; its subject is the nudge that holds the words."""


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """``owner`` is who was told; None where a provider has nobody whom Slack reaches."""

    nudge_id: int
    owner: Person | None


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """The help task that is closed now."""

    deadline_id: int


def ask_for_help(
    session: Session, ctx: Context, actor: Person, deadline_id: int, text: str
) -> HelpAsked | Refused | Invalid:
    """Tells the owner; counts as an answer, so the team does not hear of silence. Each call is a card of its own.

    Invalid: ``text_missing``. Refused: ``already_done``, ``not_yours``, ``help_asked_already``.
    """
    row = held_deadline(session, actor, deadline_id, HELPS_WITH)
    if isinstance(row, Refused):
        return row
    if not text.strip():
        return Invalid("text", CommonRefusal.TEXT_MISSING)
    owner = accounts.owner_of(session, row.provider_id, on=ctx.today, admins=ctx.admins)
    if refused := _enough(session, actor, deadline_id, owner):
        return refused
    row.answered_at = ctx.now
    nudge = _call(session, ctx, actor, row, text.strip())
    session.add(_task(ctx, row, nudge))
    session.flush()
    answers.answer(session, [deadline_id], pressed("help", actor, ctx.now))
    audit.record(session, actor, "help_asked", f"deadline:{deadline_id}", reason=text.strip())
    if owner:
        messages.open_card(session, CARD, nudge, to_person(owner.id))
    refresh_messages(session, [deadline_id])
    return HelpAsked(nudge, owner)


def help_done(session: Session, ctx: Context, actor: Person, deadline_id: int) -> HelpGiven | Refused:
    """A coordinator has helped. Refused: ``already_done``, ``not_yours``."""
    row = held_deadline(session, actor, deadline_id, (DeadlineKind.HELP,))
    if isinstance(row, Refused):
        return row
    row.closed_at, row.next_at = ctx.now, None
    nudge = session.get_one(Nudge, row.subject_id)
    nudge.answer = {**(nudge.answer or {}), "done_by": actor.name, "done_at": ctx.now.isoformat()}
    session.flush()
    answers.answer(session, [deadline_id], pressed("done", actor, ctx.now))
    audit.record(session, actor, "help_given", f"nudge:{nudge.id}")
    messages.refresh(session, CARD, required(nudge.id))
    refresh_messages(session, [deadline_id])
    return HelpGiven(deadline_id)


def _enough(session: Session, actor: Person, deadline_id: int, owner: Person | None) -> Refused | None:
    """Nobody buries whoever helps in cards."""
    calls = (
        select(Nudge.deadline_id)
        .join(Deadline, is_about(SubjectType.NUDGE, col(Nudge.id)))
        .where(
            Deadline.kind == DeadlineKind.HELP,
            col(Deadline.closed_at).is_(None),
            Nudge.recipient == to_person(actor.id),
        )
    )
    about = session.exec(calls).all()
    facts = {"owner": owner.name if owner else None, "n": len(about)}
    if about.count(deadline_id) >= MOST_OPEN:
        return Refused(ReminderRefusal.HELP_ASKED_ALREADY, {**facts, "n": about.count(deadline_id), "about_this": True})
    return Refused(ReminderRefusal.HELP_ASKED_ALREADY, facts) if len(about) >= MOST_OF_A_PERSON else None


def _call(session: Session, ctx: Context, actor: Person, row: Deadline, text: str) -> int:
    """The nudge that holds the words: one a call, outside the ladder."""
    calls = select(Nudge.id).where(col(Nudge.deadline_id) == row.id, col(Nudge.rung).startswith("help:"))
    nudge = Nudge(
        deadline_id=required(row.id),
        due_on=row.due_on,
        rung=f"help:{len(session.exec(calls).all()) + 1}",
        recipient=to_person(actor.id),
        at=ctx.now,
        answer={**pressed("help", actor, ctx.now), "text": text},
    )
    session.add(nudge)
    session.flush()
    return required(nudge.id)


def _task(ctx: Context, about_what: Deadline, nudge_id: int) -> Deadline:
    due_on = verify_due(ctx.today, ctx.holidays)
    task = WantedDeadline(DeadlineKind.HELP, nudge_id, OWNER, due_on, credential_id=about_what.credential_id)
    return Deadline(**opened(about_what.provider_id, task, ctx))
