"""Choosing among people and credentials, in lists that are searched where they are long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import Choosable, Fields
from bot.cards.block_kit.message import View
from bot.cards.dates import day
from bot.cards.frame import Errors, form
from bot.cards.names import name_of
from bot.cards.words import Words
from bot.rules.credentials.models import CredentialHolder, JudgedCredential
from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider


def choose_provider(providers: Sequence[Provider], words: Words, *, errors: Errors, meta: str) -> View:
    """Whose file is meant; ``providers`` holds at least one."""
    fields = Fields(words, {}, errors)
    return form(
        Form.CHOOSE_PROVIDER, [*fields.problems(), fields.pick("provider", people_to_choose(providers))], words, meta
    )


def choose_credential(
    owner: Provider,
    judged: Sequence[JudgedCredential],
    policies: Policies,
    words: Words,
    *,
    errors: Errors,
    meta: str,
    chosen: int | None = None,
) -> View:
    """Which of a provider's credentials is meant, by its id; ``judged`` holds at least one. ``chosen``: at first."""
    fields = Fields(words, {"credential": str(chosen)} if chosen else {}, errors)
    choices = credentials_to_choose(judged, policies, words)
    blocks = [*about_provider(owner, words), *fields.problems(), fields.pick("credential", choices)]
    return form(Form.CHOOSE_CREDENTIAL, blocks, words, meta)


def about_provider(provider: Provider | None, words: Words) -> list[Block]:
    return [section(words.line("about_provider", name=provider.name))] if provider else []


def people_to_choose(providers: Iterable[Provider]) -> list[Choosable]:
    """Providers by name, their ids as values; where two share a name, small print tells them apart."""
    listed = sorted(providers, key=lambda p: p.name.casefold())
    shared = {name for name, count in Counter(p.name for p in listed).items() if count > 1}
    notes = {p.id: (p.npi or p.email or p.type) if p.name in shared else "" for p in listed}
    return [Choosable(str(p.id), p.name, notes[p.id], p.npi or "") for p in listed]


def holders_to_choose(others: Iterable[CredentialHolder]) -> list[Choosable]:
    """Holders by name; their credentials' or terms' ids as values."""
    found = sorted(others, key=lambda one: one.provider.name.casefold())
    return [Choosable(str(one.id), one.provider.name, "", one.provider.npi or "") for one in found]


def staff_to_choose(staff: Iterable[Person]) -> list[Choosable]:
    """Coordinators in the order given, their ids as values."""
    return [Choosable(str(one.id), one.name) for one in staff]


def credentials_to_choose(judged: Iterable[JudgedCredential], policies: Policies, words: Words) -> list[Choosable]:
    """One provider's credentials in the order given, each with its standing; their ids as values."""
    return [Choosable(str(j.credential.id), _choice(j, policies, words)) for j in judged]


def _choice(judged: JudgedCredential, policies: Policies, words: Words) -> str:
    expires_on = judged.term.expires_on
    return words.plain(
        "choice_credential",
        credential=name_of(policies, judged.credential),
        standing=judged.standing.value,
        expires_on=day(expires_on) if expires_on else None,
    )
