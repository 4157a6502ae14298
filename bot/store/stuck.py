"""Messages that did not get through, and forms whose result found nobody looking."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from bot.rules.views import StuckMessage
from bot.store.outbox import refresh
from bot.store.tables import OutboxMessage, Person


def read_stuck(session: Session, message_id: int) -> StuckMessage:
    """A message as an admin is asked about it. LookupError if there is none."""
    row = session.get(OutboxMessage, message_id)
    if row is None:
        raise LookupError(f"no message {message_id}")
    answer = row.answer or {}
    return StuckMessage(
        row.id or 0,
        row.kind,
        row.state,
        _where(session, row.channel),
        row.error,
        answer.get("answer"),
        answer.get("by"),
    )


def ask_again(session: Session, message_id: int) -> int | None:
    """A message got stuck: whatever an admin said before is about an earlier try; how many there were, then."""
    row = session.get_one(OutboxMessage, message_id)
    tries = row.attempts if row.answer else None
    row.answer = None
    refresh(session, "stuck", message_id)
    return tries


def read_left_form(session: Session, message_id: int, person_id: int) -> dict[str, Any] | None:
    """The form that somebody closed before it was saved; None where it is not theirs."""
    row = session.get(OutboxMessage, message_id)
    if row is None or row.kind != "left_form" or row.channel != f"person:{person_id}":
        return None
    form: dict[str, Any] | None = row.facts.get("form")
    return form


def _where(session: Session, channel: str) -> str:
    if not channel.startswith("person:"):
        return channel
    person = session.get(Person, int(channel.removeprefix("person:")))
    return person.name if person else channel
