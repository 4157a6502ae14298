"""Refusals that leave a trace: somebody tried what they may not."""

from __future__ import annotations

from sqlmodel import Session

from bot.rules.people.models import Person
from bot.rules.refusals import Refused
from bot.store import audit


def refuse(session: Session, actor: Person, refused: Refused, subject: str) -> Refused:
    """The same refusal, recorded."""
    audit.record(session, actor, "refused", subject, after=refused.facts, reason=refused.code.value)
    return refused
