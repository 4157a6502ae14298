"""``/cred end``; the question that a deactivated account raises; and what an investigation held."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.cards.providers import employment, forms
from bot.changes.providers.employment import end_provider
from bot.changes.providers.offboarding import withdraw_held
from bot.changes.reminders.tasks import finish_task
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh
from bot.handlers.lookup import everybody
from bot.handlers.providers.employment_forms import about, form_of_words, in_form_of_whom, provider_meant
from bot.rules.parsing.date_range import read_range
from bot.rules.people.models import Person
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, Invalid
from bot.store.privileges.requests import requests_of

ENDS = "ends_on"


def end(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred end @user DATE``: why is always asked, as a class."""
    return form_of_words(bot, me, read_range(event.text, (ENDS,), bot.clock.today()), partial(_form, bot))


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id, since = provider_meant(event), event.day(ENDS)
    if since is None:
        return in_form_of_whom(bot, event, partial(_form, bot))(Invalid(ENDS, CommonRefusal.DATE_MISSING))
    why, likely = event.typed("reason_class"), event.typed("investigation")
    done = run_once(
        bot,
        event,
        lambda session, ctx: end_provider(session, ctx, me, provider_id, since, why, likely),
        in_form_of_whom(bot, event, partial(_form, bot)),
    )
    followed = done.followed
    return employment.ended(
        done.provider.name,
        done.status.since,
        bot.words,
        on=bot.clock.today(),
        withdrawn=followed.withdrawn,
        held=followed.held,
        supervised=followed.supervised,
    )


def left_us(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**No longer with us**, when a Slack account was deactivated: the form of an end."""
    return about(bot, me, event, lambda bot, who: _form(bot, who, **fresh(p=who.id)))


def still_here(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Still here**: the deactivated account said nothing about the person."""
    run_once(bot, event, lambda session, ctx: finish_task(session, ctx, me, event.id, "still_here"))
    return notices.done("task_done", bot.words)


def withdraw(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Withdraw now**: the medical director lets go of what an investigation held."""
    done = run_once(bot, event, lambda session, ctx: withdraw_held(session, ctx, me, event.id))
    return employment.withdrawn(done, bot.words)


def _form(bot: Bot, provider: Provider | None, **filled: Any) -> View:
    numbers: Sequence[int] = ()
    if provider:
        with bot.reading() as session:
            found = requests_of(session, provider.id, bot.policies, bot.clock.today())
            numbers = [request.number for request in found]
    listed = () if provider else everybody(bot)
    return forms.end(provider, bot.words, providers=listed, requests=numbers, **filled)
