"""What several people hear of at once, when somebody's account or role was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.people import accounts


def tell(
    session: Session, actor: Person, kind: str, subject: int, people: Iterable[Person], facts: Mapping[str, Any]
) -> None:
    """Says it once to each whom Slack reaches, but to whoever did it."""
    at = database_now(session).isoformat()
    for one in {one.id: one for one in people}.values():
        if one.id != actor.id and accounts.reachable(one):
            key = f"{kind}:{subject}:{at}:{one.id}"
            messages.say(session, kind, subject, to_person(one.id), key=key, facts=facts)
