"""What an admin says of a message that got stuck on its way."""

from __future__ import annotations

from typing import Literal

from sqlmodel import Session

from bot.changes.asking import refuse_unless_allowed
from bot.changes.context import Context
from bot.rules.permissions import Act
from bot.rules.values import Person, Refused
from bot.store import audit, outbox
from bot.store.tables import OutboxMessage

StuckAnswer = Literal["arrived", "send_again", "drop"]
SETTLE = {"arrived": outbox.it_arrived, "send_again": outbox.send_again, "drop": outbox.drop}


def answer_stuck(session: Session, ctx: Context, actor: Person, message_id: int, answer: StuckAnswer) -> Refused | None:
    """Settles a message that is uncertain or failed.

    Refused: ``admins_only``, ``no_such_message``, ``already_done`` with who was first where somebody was.
    """
    refused = refuse_unless_allowed(session, actor, Act.CHANGE_SETTINGS)
    if refused:
        return refused
    settled = SETTLE[answer](session, message_id)
    row = session.get(OutboxMessage, message_id)
    if row is None:
        return Refused("no_such_message", {"id": message_id})
    if not settled:
        return Refused("already_done", {"by": (row.answer or {}).get("by")})
    row.answer = {"answer": answer, "by": actor.name, "at": ctx.now.isoformat()}
    audit.record(session, actor, f"message_{answer}", f"message:{message_id}")
    outbox.refresh(session, "stuck", message_id)
    return None
