"""**Contact made**: the owner reached somebody whom Slack does not reach, and says how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from bot.changes.refusals import refuse
from bot.changes.reminders.answers import held_deadline, pressed, said_already
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, may
from bot.rules.refusals import Invalid, Refused, ReminderRefusal
from bot.rules.reminders.catalog import DeadlineKind
from bot.store import audit
from bot.store.providers import profiles
from bot.store.reminders import answers
from bot.store.reminders.deadlines import refresh_messages


class ContactMethod(StrEnum):
    """How somebody was reached."""

    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ContactRecorded:
    """Recorded; it stays open until something is reported or, where it is only to be prepared, ready."""

    deadline_id: int
    to_prepare: bool = False


def contact_made(
    session: Session, ctx: Context, actor: Person, deadline_id: int, how: str | None, on: date, note: str | None
) -> ContactRecorded | Refused | Invalid:
    """Counts as an answer, as a call for help does: the team does not hear of silence. The note is on record only.

    Of what is only to be prepared nobody hears silence, and an answer would say that it is ready.

    Invalid: ``contact_how_missing``, ``contact_in_future``. Refused: ``already_done``, ``not_yours``.
    """
    row = held_deadline(session, actor, deadline_id, (DeadlineKind.EXPIRY, DeadlineKind.PREPARE))
    if isinstance(row, Refused):
        return row
    to_prepare = row.kind == DeadlineKind.PREPARE
    if may(actor, Permission.VERIFY, profiles.provider(session, row.provider_id)):
        return refuse(session, actor, Refused(ReminderRefusal.NOT_YOURS), f"deadline:{deadline_id}")
    if to_prepare and row.answered_at:
        return said_already(session, deadline_id)
    if how not in list(ContactMethod):
        return Invalid("contact_how", ReminderRefusal.CONTACT_HOW_MISSING)
    if on > ctx.today:
        return Invalid("contact_on", ReminderRefusal.CONTACT_IN_FUTURE, {"on": on})
    if not to_prepare:
        row.answered_at = ctx.now
    session.flush()
    made = {"how": how, "on": on.isoformat()}
    answers.answer(session, [deadline_id], {**pressed("contact", actor, ctx.now), **made})
    audit.record(session, actor, "contact_made", f"deadline:{deadline_id}", after=made, reason=note or None)
    refresh_messages(session, [deadline_id])
    return ContactRecorded(deadline_id, to_prepare)
