"""``/cred leave``, and the buttons of the questions that lead there."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards.actions import Form
from bot.cards.block_kit.message import Message, View
from bot.cards.providers import employment, forms
from bot.changes.providers.employment import StatusChanged, go_on_leave
from bot.handlers.dispatch.interaction import Interaction, meta
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import in_words, with_form
from bot.handlers.lookup import everybody, whom
from bot.handlers.providers.employment_forms import (
    UNCLEAR,
    about,
    form_of_words,
    in_form_of_whom,
    provider_meant,
    statuses,
)
from bot.rules.parsing.date_range import DateRange, read_range
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.employment import status_on
from bot.rules.providers.models import EmploymentStatus, Provider
from bot.rules.refusals import CommonRefusal, Invalid, Refused

SINCE, BACK = "since", "back_on"


def opens(bot: Bot, event: Interaction) -> Form | None:
    """The form, where the words do not say everything."""
    return None if _complete(_words(bot, event.text)) else Form.LEAVE


def leave(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred leave @user FROM [TO]``."""
    said = _words(bot, event.text)
    if not _complete(said):
        return form(bot, me, event)
    who = whom(bot, me, said.name, Permission.CHANGE_STATUS)
    if isinstance(who, Refused):
        return with_form(bot, event, who) if who.code in UNCLEAR else who
    since, back = said.days[SINCE], said.days.get(BACK)
    done = run_once(
        bot, event, lambda session, ctx: go_on_leave(session, ctx, me, who.id, since, back), in_words(bot, event)
    )
    return _left(bot, done)


def form(bot: Bot, me: Person, event: Interaction) -> Answer:
    return form_of_words(bot, me, _words(bot, event.text), partial(_form, bot))


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id, since = provider_meant(event), event.day(SINCE)
    if since is None:
        return in_form_of_whom(bot, event, partial(_form, bot))(Invalid(SINCE, CommonRefusal.DATE_MISSING))
    done = run_once(
        bot,
        event,
        lambda session, ctx: go_on_leave(session, ctx, me, provider_id, since, event.day(BACK)),
        in_form_of_whom(bot, event, partial(_form, bot)),
    )
    return _left(bot, done)


def on_leave(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**On leave**, or **Still on leave**: the form of a leave, as it is recorded."""
    return about(bot, me, event, _as_recorded)


def _words(bot: Bot, text: str) -> DateRange:
    return read_range(text, (SINCE, BACK), bot.clock.today())


def _complete(said: DateRange) -> bool:
    return bool(said.name) and SINCE in said.days and not said.problems


def _form(bot: Bot, provider: Provider | None, **filled: Any) -> View:
    return forms.leave(provider, bot.words, providers=() if provider else everybody(bot), **filled)


def _as_recorded(bot: Bot, provider: Provider) -> View:
    """With the first day of the leave that runs; the day of return is what has to be said anew."""
    now = status_on(statuses(bot, provider), bot.clock.today())
    since = now.since if now.status is EmploymentStatus.LEAVE and now.since else bot.clock.today()
    return _form(bot, provider, values={SINCE: since.isoformat()}, errors={}, meta=meta(p=provider.id))


def _left(bot: Bot, done: StatusChanged) -> Message:
    return employment.gone_on_leave(done.provider.name, done.status, bot.words, on=bot.clock.today())
