"""``/cred provider``: who a provider is."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.cards.providers import employment
from bot.cards.providers import forms as provider_forms
from bot.changes.providers.profiles import ProviderFacts, marks, save_provider
from bot.handlers.dispatch.identity import identified
from bot.handlers.dispatch.interaction import Interaction, meta
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import said_again
from bot.handlers.lookup import whom
from bot.handlers.people.assignments import owner_choices
from bot.handlers.providers.employment_forms import opened_about
from bot.rules.parsing.mentions import mentioned
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.employment import status_on, upcoming
from bot.rules.providers.models import EmploymentStatus, Provider
from bot.rules.refusals import Invalid, PeopleRefusal, ProviderRefusal, Refused
from bot.store.providers.employment import statuses_of

OF_THE_ACCOUNT = frozenset(
    {
        PeopleRefusal.IS_A_BOT,
        PeopleRefusal.IS_DEACTIVATED,
        ProviderRefusal.IS_ANOTHER_PROVIDER,
        PeopleRefusal.UNKNOWN_PERSON,
    }
)
"""Refusals of the Slack account that the form names."""


def show(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred provider [@user]``: the record to change, or an empty one with what was typed."""
    if not event.text:
        return _form(bot, None, values={}, errors={}, meta=meta())
    who = whom(bot, me, event.text, Permission.UPDATE)
    if isinstance(who, Provider):
        return _form(bot, who, values={}, errors={}, meta=meta(p=who.id, was=marks(who)))
    if who.code not in (ProviderRefusal.NO_SUCH_PROVIDER, PeopleRefusal.IS_A_GUEST):
        return who
    return _form(bot, None, values=_new(bot, event.text), errors={}, meta=meta())


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id = event.about("p") if "p" in event.meta else None
    slack_user = event.typed("slack_user")
    person = identified(bot, slack_user) if slack_user else None
    if slack_user and person is None:
        return _said_again(bot, event, Invalid("slack_user", PeopleRefusal.UNKNOWN_PERSON))
    facts = _facts(event, person.id if person else None)
    was = event.meta.get("was")
    done = run_once(
        bot,
        event,
        lambda session, ctx: save_provider(session, ctx, me, provider_id, facts, was=was),
        partial(_instead, bot, event),
    )
    return notices.done("provider_added" if done.created else "provider_changed", bot.words, name=done.provider.name)


def _instead(bot: Bot, event: Interaction, problem: Refused | Invalid) -> Answer:
    """What is wrong with the account stands at its field; what somebody else saved meanwhile is shown."""
    if isinstance(problem, Refused) and problem.code in OF_THE_ACCOUNT:
        problem = Invalid("slack_user", problem.code, problem.facts)
    if isinstance(problem, Refused):
        return _moved_on(bot, event, problem) if problem.code == ProviderRefusal.PROVIDER_CHANGED else problem
    return _said_again(bot, event, problem)


def _said_again(bot: Bot, event: Interaction, problem: Invalid) -> View:
    about = opened_about(bot, event)
    return said_again(bot, event, problem, lambda **filled: _form(bot, about, **filled))


def _moved_on(bot: Bot, event: Interaction, changed: Refused) -> View | Refused:
    """Somebody else saved meanwhile: what they changed, and everything typed, to send once more or not."""
    about = opened_about(bot, event)
    if about is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    view = _said_again(bot, event, Invalid("", changed.code, changed.facts))
    return view | {"private_metadata": meta(p=about.id, was=marks(about))}


def _form(bot: Bot, about: Provider | None, **filled: Any) -> View:
    status = _status(bot, about) if about else ""
    with bot.reading() as session:
        choices = owner_choices(session, bot, about)
    return provider_forms.provider(about, choices, bot.policies, bot.words, status=status, **filled)


def _status(bot: Bot, about: Provider) -> str:
    """What they are and will be, in words; nothing for who is plainly active."""
    today = bot.clock.today()
    with bot.reading() as session:
        statuses = statuses_of(session, [about.id])[about.id]
    now, later = status_on(statuses, today), upcoming(statuses, today)
    if now.status is EmploymentStatus.ACTIVE and not later:
        return ""
    return " · ".join(employment.status_words(one, bot.words, on=today) for one in (now, *later))


def _new(bot: Bot, words: str) -> dict[str, str]:
    """A mention fills in the account with its name and e-mail address; other words are the name."""
    slack_user_id = mentioned(words)
    if slack_user_id is None:
        return {"name": words}
    person = identified(bot, slack_user_id)
    if person is None:
        return {}
    return {"slack_user": slack_user_id, "name": person.name, "email": person.email or ""}


def _facts(event: Interaction, person_id: int | None) -> ProviderFacts:
    return ProviderFacts(
        name=event.typed("name") or "",
        type=event.typed("type") or "",
        email=event.typed("email"),
        npi=event.typed("npi"),
        department=event.typed("department"),
        hired_on=event.day("hired_on"),
        person_id=person_id,
        owner_id=event.chosen_or_none("owner"),
        backup_id=event.chosen_or_none("backup"),
    )
