"""Whose file is meant: a mention, an exact name, an e-mail address or an NPI; nobody named means oneself."""

from __future__ import annotations

from sqlmodel import Session

from bot.bot import Bot
from bot.changes.authorize import refuse_unless_allowed
from bot.changes.providers.account_link import no_file_of
from bot.handlers.dispatch.identity import identified
from bot.rules.parsing.mentions import mentioned
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, may
from bot.rules.providers.models import Provider
from bot.rules.refusals import ProviderRefusal, Refused
from bot.store.providers import profiles
from bot.store.providers.profiles import is_address


def whom(bot: Bot, me: Person, words: str, act: Permission) -> Provider | Refused:
    """The provider meant, if this person may do ``act`` about them.

    Whoever may not look at others hears the same whether there is such a person or not.
    """
    with bot.reading() as session:
        found = named(session, me, words, act)
    if isinstance(found, Provider):
        return refused_about(bot, me, act, found) or found
    if found.code != ProviderRefusal.NO_SUCH_PROVIDER or not words.strip():
        return found
    if refused := refused_about(bot, me, act):
        return refused
    slack_user_id = mentioned(words)
    return _not_a_provider(bot, slack_user_id) if slack_user_id else found


def whose(bot: Bot, me: Person, provider_id: int, act: Permission) -> Provider | Refused:
    """The provider behind a button or chosen from a list, if this person may do ``act`` about them."""
    found = recorded(bot, provider_id)
    return refused_about(bot, me, act, found) or found or Refused(ProviderRefusal.NO_SUCH_PROVIDER)


def recorded(bot: Bot, provider_id: int) -> Provider | None:
    """The provider as on record now, for whom a permit was asked already."""
    with bot.reading() as session:
        return profiles.provider(session, provider_id)


def everybody(bot: Bot) -> list[Provider]:
    """All of whom there is a file, by name: for a form that asks whose."""
    with bot.reading() as session:
        return profiles.all_providers(session)


def refused_about(bot: Bot, me: Person, act: Permission, about: Provider | None = None) -> Refused | None:
    """Why this person may not; whoever tries what they may not leaves an audit event."""
    if may(me, act, about) is None:
        return None
    return bot.transact(lambda session: refuse_unless_allowed(session, me, act, about))


def named(session: Session, me: Person, words: str, act: Permission) -> Provider | Refused:
    """The provider that the words name, of those whom this person may find; ``several_providers`` lists several."""
    if not words.strip():
        own = profiles.provider(session, me.provider_id) if me.provider_id else None
        return own or Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    by_address = is_address(words)
    found = [p for p in profiles.providers_named(session, words) if _may_find(me, act, p, by_address=by_address)]
    if not found:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER, {"typed": words.strip()})
    if len(found) > 1:
        names = [_told_apart(me, p) for p in found]
        return Refused(ProviderRefusal.SEVERAL_PROVIDERS, {"typed": words.strip(), "names": names})
    return found[0]


def _may_find(me: Person, act: Permission, about: Provider, *, by_address: bool) -> bool:
    """Whose file may be seen is found; for an act that asks less, by anything but a private address."""
    sees = may(me, Permission.SEE_DATES, about) is None
    return sees or (not by_address and may(me, act, about) is None)


def _told_apart(me: Person, provider: Provider) -> str:
    """By what colleagues know of each other; for coordinators by the end of the NPI as well."""
    own = [provider.type.replace("_", " "), *([provider.department] if provider.department else [])]
    if provider.npi and me.has(Role.COORDINATOR):
        own.append(f"NPI …{provider.npi[-4:]}")
    return f"{provider.name} ({', '.join(own)})"


def _not_a_provider(bot: Bot, slack_user_id: str) -> Refused:
    """Says what kind of account was mentioned, since it has no file; an id that is nobody's here, by itself."""
    person = identified(bot, slack_user_id)
    return no_file_of(person) if person else Refused(ProviderRefusal.NO_SUCH_PROVIDER, {"typed": slack_user_id})
