"""Who hears at once that something adverse was recorded: its reviewer, or who can name one. Never its subject."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.people.models import Person, Role
from bot.rules.people.recipients import to_person
from bot.rules.permissions import MEDICAL_DIRECTOR, is_own
from bot.rules.providers.models import Provider
from bot.store.outbox import messages
from bot.store.people import accounts


def tell_reviewers(session: Session, ctx: Context, provider: Provider, verification_id: int) -> None:
    """The medical directors by name; where nobody is left, the admins hear that there is something to review."""
    directors = accounts.medical_directors(session, on=ctx.today, admins=ctx.admins)
    named = (one for one in directors if any(held.body == MEDICAL_DIRECTOR for held in one.roles))
    reviewers = _others(named, provider)
    admins = [] if reviewers else accounts.holding(session, Role.ADMIN, on=ctx.today, admins=ctx.admins)
    for one in reviewers or _others(admins, provider):
        key, facts = f"adverse:{verification_id}:{one.id}", {"reviewer": bool(reviewers)}
        messages.say(session, "adverse_notice", verification_id, to_person(one.id), key=key, facts=facts)


def _others(those: Iterable[Person], provider: Provider) -> list[Person]:
    return [one for one in those if accounts.reachable(one) and not one.guest and not is_own(one, provider)]
