"""Whose file is meant: a mention, an exact name, an e-mail address or an NPI; nobody named means oneself."""

from __future__ import annotations

from sqlmodel import Session

from bot.bot import Bot
from bot.changes.asking import refuse_unless_allowed
from bot.changes.providers import no_file_of
from bot.handlers.coming import MENTION
from bot.handlers.who import known
from bot.rules.permissions import Act, may
from bot.rules.values import Person, Provider, Refused
from bot.store import finding, people


def whom(bot: Bot, me: Person, words: str, act: Act) -> Provider | Refused:
    """The provider meant, if this person may do ``act`` about them."""
    with bot.reading() as session:
        found = named(session, me, words)
    if isinstance(found, Refused) and found.code == "no_such_provider" and (mention := MENTION.fullmatch(words)):
        return _not_a_provider(bot, mention[1])
    if isinstance(found, Refused):
        return found
    return refused_about(bot, me, act, found) or found


def whose(bot: Bot, me: Person, provider_id: int, act: Act) -> Provider | Refused:
    """The provider behind a button or chosen from a list, if this person may do ``act`` about them."""
    with bot.reading() as session:
        found = finding.provider(session, provider_id)
    if found is None:
        return Refused("no_such_provider")
    return refused_about(bot, me, act, found) or found


def everybody(bot: Bot) -> list[Provider]:
    """All of whom there is a file, by name: for a form that asks whose."""
    with bot.reading() as session:
        return finding.all_providers(session)


def refused_about(bot: Bot, me: Person, act: Act, about: Provider | None = None) -> Refused | None:
    """Why this person may not; whoever tries what they may not leaves an audit event."""
    if may(me, act, about) is None:
        return None
    return bot.transact(lambda session: refuse_unless_allowed(session, me, act, about))


def named(session: Session, me: Person, words: str) -> Provider | Refused:
    """The provider that the words name; ``several_providers`` lists several of one name."""
    if not words.strip():
        own = people.provider(session, me.provider_id) if me.provider_id else None
        return own or Refused("no_such_provider")
    found = people.providers_named(session, words)
    if not found:
        return Refused("no_such_provider", {"typed": words.strip()})
    if len(found) > 1:
        names = [_told_apart(p) for p in found]
        return Refused("several_providers", {"typed": words.strip(), "names": names})
    return found[0]


def _told_apart(provider: Provider) -> str:
    own = f"NPI {provider.npi}" if provider.npi else provider.email or provider.type.replace("_", " ")
    return f"{provider.name} ({own})"


def _not_a_provider(bot: Bot, slack_user_id: str) -> Refused:
    """Says what kind of account was mentioned, since it has no file; an id that is nobody's here, by itself."""
    person = known(bot, slack_user_id)
    return no_file_of(person) if person else Refused("no_such_provider", {"typed": slack_user_id})
