"""What an admin says of a message that got stuck on its way."""

from __future__ import annotations

from typing import Literal

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.refusals import CommonRefusal, Refused, WorkspaceRefusal
from bot.store import audit
from bot.store.outbox import messages
from bot.store.outbox.undeliverable import LIST, group_of, newest_list
from bot.store.tables import OutboxMessage

StuckAnswer = Literal["arrived", "send_again", "drop"]
SETTLE = {"arrived": messages.it_arrived, "send_again": messages.send_again, "drop": messages.drop}


def answer_stuck(session: Session, ctx: Context, actor: Person, message_id: int, answer: StuckAnswer) -> Refused | None:
    """Settles a message that is uncertain or failed.

    Refused: ``admins_only``, ``no_such_message``, ``already_done`` with who was first where somebody was.
    """
    settled = answer_together(session, ctx, actor, message_id, message_id, answer)
    return settled if isinstance(settled, Refused) else None


def answer_together(
    session: Session, ctx: Context, actor: Person, first: int, last: int, answer: StuckAnswer
) -> int | Refused:
    """Settles ``first`` and what failed like it, up to ``last``, as far as nobody has yet; how many.

    Refused: as ``answer_stuck``.
    """
    refused = refuse_unless_allowed(session, actor, Permission.CHANGE_SETTINGS)
    if refused:
        return refused
    row = session.get(OutboxMessage, first)
    if row is None:
        return Refused(WorkspaceRefusal.NO_SUCH_MESSAGE, {"id": first})
    settled = [message_id for message_id in group_of(session, row, last) if SETTLE[answer](session, message_id)]
    if not settled:
        return Refused(CommonRefusal.ALREADY_DONE, {"by": (row.answer or {}).get("by")})
    said = {"answer": answer, "by": actor.name, "at": ctx.now.isoformat(), "on": ctx.today.isoformat()}
    for message_id in settled:
        session.get_one(OutboxMessage, message_id).answer = said
        audit.record(session, actor, f"message_{answer}", f"message:{message_id}")
    shown = newest_list(session)
    if shown is not None:
        messages.refresh(session, LIST, shown)
    return len(settled)
