"""``/cred end``; the question that a deactivated account raises; and what an investigation held."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.cards.providers import employment, forms
from bot.changes.providers.employment import StatusChanged, end_provider
from bot.changes.providers.offboarding import withdraw_held
from bot.changes.reminders.tasks import TaskDone, finish_task
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer, once
from bot.handlers.forms import fresh
from bot.handlers.lookup import everybody
from bot.handlers.providers.employment_forms import about, form_of_words, provider_meant, tried_again
from bot.rules.parsing.date_range import read_range
from bot.rules.people.models import Person
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal
from bot.rules.results import Invalid, Refused
from bot.store.privileges.requests import requests_of

ENDS = "ends_on"


def end(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred end @user DATE``: why is always asked, as a class."""
    return form_of_words(bot, me, read_range(event.text, (ENDS,), bot.clock.today()), partial(_form, bot))


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id, since = provider_meant(event), event.day(ENDS)
    if since is None:
        return tried_again(bot, event, Invalid(ENDS, CommonRefusal.DATE_MISSING), partial(_form, bot))
    why, likely = event.typed("reason_class"), event.typed("investigation")
    done = once(bot, event, lambda s, ctx: end_provider(s, ctx, me, provider_id, since, why, likely))
    if isinstance(done, Invalid):
        return tried_again(bot, event, done, partial(_form, bot))
    if not isinstance(done, StatusChanged):
        return done  # type: ignore[no-any-return]
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
    done = once(bot, event, lambda s, ctx: finish_task(s, ctx, me, event.id, "still_here"))
    return notices.done("task_done", bot.words) if isinstance(done, TaskDone) else done


def withdraw(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Withdraw now**: the medical director lets go of what an investigation held."""
    done = once(bot, event, lambda s, ctx: withdraw_held(s, ctx, me, event.id))
    return done if isinstance(done, Refused) else employment.withdrawn(done, bot.words)


def _form(bot: Bot, provider: Provider | None, **filled: Any) -> View:
    numbers: Sequence[int] = ()
    if provider:
        with bot.reading() as session:
            found = requests_of(session, provider.id, bot.policies, bot.clock.today())
            numbers = [review.number for review in found]
    listed = () if provider else everybody(bot)
    return forms.end(provider, bot.words, providers=listed, requests=numbers, **filled)
