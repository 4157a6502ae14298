"""``/cred provider``: who a provider is."""

from __future__ import annotations

from typing import Any

from bot.bot import Bot
from bot.cards import forms, notices
from bot.cards.message import View
from bot.changes.providers import ProviderFacts, Saved, save_provider
from bot.handlers.coming import MENTION, Coming, meta
from bot.handlers.filling import said_again
from bot.handlers.guard import Answer, once
from bot.handlers.who import known
from bot.handlers.whom import whom
from bot.rules.permissions import Act
from bot.rules.values import Invalid, Person, Provider, Refused, Role
from bot.store import finding


def show(bot: Bot, me: Person, it: Coming) -> Answer:
    """``/cred provider [@user]``: the record to change, or an empty one with what was typed."""
    if not me.has(Role.COORDINATOR):
        return Refused("coordinators_only")
    if not it.text:
        return _form(bot, None, values={}, errors={}, meta=meta())
    who = whom(bot, me, it.text, Act.UPDATE)
    if isinstance(who, Provider):
        return _form(bot, who, values={}, errors={}, meta=meta(p=who.id))
    if who.code != "no_such_provider":
        return who
    return _form(bot, None, values=_new(bot, it.text), errors={}, meta=meta())


def save(bot: Bot, me: Person, it: Coming) -> Answer:
    provider_id = it.meta.get("p")
    slack_user = it.typed("slack_user")
    person = known(bot, slack_user) if slack_user else None
    facts = _facts(bot, it, provider_id, person.id if person else None)
    done = once(bot, it, lambda session, ctx: save_provider(session, ctx, me, provider_id, facts))
    if isinstance(done, Saved):
        return notices.done("provider_added" if done.created else "provider_changed", bot.words, name=done.provider.name)
    if isinstance(done, Refused) and done.code in ("is_a_bot", "is_deactivated", "is_another_provider", "unknown_person"):
        done = Invalid("slack_user", done.code, done.facts)
    if isinstance(done, Invalid):
        return said_again(it, done, bot.words, lambda **filled: _form(bot, _existing(bot, provider_id), **filled))
    return done  # type: ignore[no-any-return]


def _form(bot: Bot, existing: Provider | None, **filled: Any) -> View:
    return forms.provider(existing, bot.policies, bot.words, **filled)


def _existing(bot: Bot, provider_id: int | None) -> Provider | None:
    if provider_id is None:
        return None
    with bot.reading() as session:
        return finding.provider(session, provider_id)


def _new(bot: Bot, words: str) -> dict[str, str]:
    """A mention fills in the account with its name and e-mail address; other words are the name."""
    mention = MENTION.fullmatch(words)
    if not mention:
        return {"name": words}
    person = known(bot, mention[1])
    if person is None:
        return {}
    return {"slack_user": mention[1], "name": person.name, "email": person.email or ""}


def _facts(bot: Bot, it: Coming, provider_id: int | None, person_id: int | None) -> ProviderFacts:
    """What the form says; what it does not ask stays as recorded."""
    old = _existing(bot, provider_id)
    return ProviderFacts(
        name=it.typed("name") or "",
        type=it.typed("type") or "",
        email=it.typed("email"),
        npi=it.typed("npi"),
        department=it.typed("department"),
        hired_on=it.day("hired_on"),
        person_id=person_id,
        sites=old.sites if old else None,
        former_names=old.former_names if old else None,
        last_decision_on=old.last_decision_on if old else None,
        owner_id=old.owner_id if old else None,
        supervisor_id=old.supervisor_id if old else None,
    )
