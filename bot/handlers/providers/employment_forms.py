"""What the forms of a leave, an end and a return share: whom they are about, and how they are filled again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.bot import Bot
from bot.cards import refusals
from bot.cards.block_kit.message import View
from bot.handlers.dispatch.interaction import Interaction, meta
from bot.handlers.dispatch.listeners import Answer
from bot.handlers.forms import Instead, in_its_form
from bot.handlers.lookup import everybody, recorded, whom, whose
from bot.rules.parsing.date_range import DateRange
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider, ProviderStatus
from bot.rules.refusals import ProviderRefusal, Refused
from bot.store.lookups import provider_of_deadline
from bot.store.providers.employment import statuses_of

BuildForm = Callable[..., View]
UNCLEAR = frozenset({ProviderRefusal.NO_SUCH_PROVIDER, ProviderRefusal.SEVERAL_PROVIDERS})
"""Who is meant is asked in the form, of those who may do it to anybody."""


def form_of_words(bot: Bot, me: Person, said: DateRange, form: BuildForm) -> Answer:
    """The form, filled with what was understood."""
    who = whom(bot, me, said.name, Permission.CHANGE_STATUS) if said.name else Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    if isinstance(who, Refused) and (who.code not in UNCLEAR or not everybody(bot)):
        return who
    errors = refusals.errors(said.problems, bot.words)
    if isinstance(who, Refused) and said.name:
        errors["provider"] = refusals.invalid(who, bot.words)
    known = who if isinstance(who, Provider) else None
    values = {name: day.isoformat() for name, day in said.days.items()}
    return form(known, values=values, errors=errors, meta=meta(p=known.id) if known else meta())


def in_form_of_whom(bot: Bot, event: Interaction, form: BuildForm) -> Instead:
    """As ``in_its_form``: ``form`` is built about whom it was opened for, if it was for anybody."""

    def build(**filled: Any) -> View:
        return form(opened_about(bot, event), **filled)

    return in_its_form(bot, event, build)


def about(bot: Bot, me: Person, event: Interaction, answer: Callable[[Bot, Provider], Answer]) -> Answer:
    """The answer about whom the clicked question is about, if this person may change what they are."""
    with bot.reading() as session:
        provider_id = provider_of_deadline(session, event.id) or 0
    return of(bot, me, provider_id, answer)


def of(bot: Bot, me: Person, provider_id: int, answer: Callable[[Bot, Provider], Answer]) -> Answer:
    who = whose(bot, me, provider_id, Permission.CHANGE_STATUS)
    return who if isinstance(who, Refused) else answer(bot, who)


def provider_meant(event: Interaction) -> int:
    """Whom the form is about: fixed when it was opened, or chosen in it."""
    return event.about("p") if event.meta.get("p") else event.chosen("provider")


def statuses(bot: Bot, provider: Provider) -> tuple[ProviderStatus, ...]:
    with bot.reading() as session:
        return statuses_of(session, [provider.id])[provider.id]


def opened_about(bot: Bot, event: Interaction) -> Provider | None:
    """Whom a form was opened about, as on record now; None where it was about nobody yet."""
    return recorded(bot, event.about("p")) if "p" in event.meta else None
