"""``/cred provider``: who a provider is."""

from __future__ import annotations

from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.cards.credentials import forms
from bot.cards.providers import employment
from bot.changes.providers.profiles import ProviderFacts, Saved, marks, save_provider
from bot.handlers.dispatch.identity import identified
from bot.handlers.dispatch.interaction import MENTION, Interaction, meta
from bot.handlers.dispatch.listeners import Answer, once
from bot.handlers.forms import said_again
from bot.handlers.lookup import whom
from bot.handlers.people.assignments import owner_choices
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.employment import status_on, upcoming
from bot.rules.providers.models import EmploymentStatus, Provider
from bot.rules.refusals import PeopleRefusal, ProviderRefusal
from bot.rules.results import Invalid, Refused
from bot.store.providers import profiles
from bot.store.providers.employment import statuses_of


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
    facts = _facts(bot, event, provider_id, person.id if person else None)
    was = event.meta.get("was")
    done = once(bot, event, lambda session, ctx: save_provider(session, ctx, me, provider_id, facts, was=was))
    if isinstance(done, Saved):
        return notices.done(
            "provider_added" if done.created else "provider_changed", bot.words, name=done.provider.name
        )
    if isinstance(done, Refused) and done.code in (
        PeopleRefusal.IS_A_BOT,
        PeopleRefusal.IS_DEACTIVATED,
        ProviderRefusal.IS_ANOTHER_PROVIDER,
        PeopleRefusal.UNKNOWN_PERSON,
    ):
        done = Invalid("slack_user", done.code, done.facts)
    if isinstance(done, Refused) and done.code == ProviderRefusal.PROVIDER_CHANGED:
        return _moved_on(bot, event, done)
    return _said_again(bot, event, done) if isinstance(done, Invalid) else done


def _said_again(bot: Bot, event: Interaction, problem: Invalid) -> View:
    existing = _existing(bot, event.meta.get("p"))
    return said_again(bot, event, problem, lambda **filled: _form(bot, existing, **filled))


def _moved_on(bot: Bot, event: Interaction, changed: Refused) -> View | Refused:
    """Somebody else saved meanwhile: what they changed, and everything typed, to send once more or not."""
    existing = _existing(bot, event.meta.get("p"))
    if existing is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    view = _said_again(bot, event, Invalid("", changed.code, changed.facts))
    return view | {"private_metadata": meta(p=existing.id, was=marks(existing))}


def _form(bot: Bot, existing: Provider | None, **filled: Any) -> View:
    status = _status(bot, existing) if existing else ""
    with bot.reading() as session:
        choices = owner_choices(session, bot, existing)
    return forms.provider(existing, choices, bot.policies, bot.words, status=status, **filled)


def _status(bot: Bot, existing: Provider) -> str:
    """What they are and will be, in words; nothing for who is plainly active."""
    today = bot.clock.today()
    with bot.reading() as session:
        statuses = statuses_of(session, [existing.id])[existing.id]
    now, later = status_on(statuses, today), upcoming(statuses, today)
    if now.status is EmploymentStatus.ACTIVE and not later:
        return ""
    return " · ".join(employment.status_words(one, bot.words, on=today) for one in (now, *later))


def _existing(bot: Bot, provider_id: int | None) -> Provider | None:
    if provider_id is None:
        return None
    with bot.reading() as session:
        return profiles.provider(session, provider_id)


def _new(bot: Bot, words: str) -> dict[str, str]:
    """A mention fills in the account with its name and e-mail address; other words are the name."""
    mention = MENTION.fullmatch(words)
    if not mention:
        return {"name": words}
    person = identified(bot, mention[1])
    if person is None:
        return {}
    return {"slack_user": mention[1], "name": person.name, "email": person.email or ""}


def _facts(bot: Bot, event: Interaction, provider_id: int | None, person_id: int | None) -> ProviderFacts:
    """What the form says; what it does not ask stays as recorded."""
    old = _existing(bot, provider_id)
    return ProviderFacts(
        name=event.typed("name") or "",
        type=event.typed("type") or "",
        email=event.typed("email"),
        npi=event.typed("npi"),
        department=event.typed("department"),
        hired_on=event.day("hired_on"),
        person_id=person_id,
        sites=old.sites if old else None,
        former_names=old.former_names if old else None,
        last_decision_on=old.last_decision_on if old else None,
        owner_id=event.chosen_or_none("owner"),
        backup_id=event.chosen_or_none("backup"),
        supervisor_id=old.supervisor_id if old else None,
    )
