"""Forms that come back with what was typed, or are answered in words; and what a form about a credential opens for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import Message, View
from bot.cards.credentials import forms
from bot.cards.names import identity_name
from bot.cards.refusals import errors, line
from bot.handlers.dispatch.interaction import Interaction, again, meta
from bot.handlers.dispatch.listeners import Answer
from bot.handlers.lookup import refused_about
from bot.rules.credentials.input import type_gone
from bot.rules.credentials.models import Credential, JudgedCredential, Term
from bot.rules.credentials.standing import judge_file
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Question, Refused
from bot.store.credentials.files import read_file
from bot.store.lookups import identity_of_credential, provider_of_credential

Errors = Mapping[str, str]
Instead = Callable[[Refused | Invalid], Answer]
Values = Mapping[str, str | Sequence[str]]


MOVED_ON = frozenset({CredentialRefusal.RECORD_CHANGED, CredentialRefusal.JUST_VERIFIED})
"""The form opens anew beside what is there now."""


@dataclass(frozen=True, slots=True)
class OpenCredential:
    """A credential as a form shows it."""

    provider: Provider
    judged: JudgedCredential

    @property
    def credential(self) -> Credential:
        return self.judged.credential

    @property
    def newest(self) -> Term:
        return self.credential.terms[-1]

    @property
    def to_verify(self) -> Term:
        """What waits for a look at the source: the reported term, else the one on file."""
        return self.judged.beside_term or self.judged.term


def opened(session: Session, bot: Bot, me: Person, credential_id: int, act: Permission) -> OpenCredential | Refused:
    """The credential, if this person may do this to it."""
    provider_id = provider_of_credential(session, credential_id)
    if provider_id is None:
        return Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)
    file = read_file(session, provider_id, bot.clock.today())
    refused = refused_about(bot, me, act, file.provider)
    found = next((j for j in judge_file(file, bot.policies) if j.credential.id == credential_id), None)
    if refused or found is None:
        return refused or Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)
    return type_gone(bot.policies, found.credential) or OpenCredential(file.provider, found)


def name_of(bot: Bot, credential_id: int) -> str:
    """The credential as people call it: "State license (NY)"."""
    with bot.reading() as session:
        return identity_name(bot.policies, identity_of_credential(session, credential_id))


def typed(event: Interaction) -> dict[str, Any]:
    """What was typed, for a form to show again; what was emptied stays so, whatever the form begins with."""
    return {name: value or "" for name, value in event.values.items()}


def asked(problems: Iterable[Invalid]) -> dict[str, str]:
    """What a form is filled with for questions: the day that is offered, else a box for **Yes**."""
    questions = (problem for problem in problems if isinstance(problem, Question))
    filled = ((one.field, one.offer.isoformat()) if one.offer else (forms.ASK, one.answer) for one in questions)
    return dict(filled)


def said_again(bot: Bot, event: Interaction, problem: Invalid, build: Callable[..., View], **known: Any) -> View:
    """The same form with everything typed and what is wrong."""
    values = typed(event) | asked([problem])
    return build(values=values, errors=errors([problem], bot.words, bot.policies), meta=again(event), **known)


def in_its_form(bot: Bot, event: Interaction, build: Callable[..., View]) -> Instead:
    """What cannot be used comes back in its form, with everything typed and what is wrong."""
    return lambda problem: said_again(bot, event, problem, build) if isinstance(problem, Invalid) else problem


def in_words(bot: Bot, event: Interaction) -> Instead:
    """What a line cannot be used for is said beside **Open the form**."""
    return lambda problem: with_form(bot, event, problem) if isinstance(problem, Invalid) else problem


def with_form(bot: Bot, event: Interaction, problem: Refused | Invalid) -> Message:
    """What is wrong with a line, and **Open the form**, which keeps the words."""
    return notices.with_form(line(problem, bot.words), event.retry, bot.words)


def in_form_of_credential(
    bot: Bot, me: Person, event: Interaction, form: Callable[..., View], act: Permission
) -> Instead:
    """As ``in_its_form``; and a record that moved on opens the form anew, with everything typed.

    ``form`` builds it from the bot, what is open now, and how it is filled.
    """
    return partial(_opened_again, bot, me, event, form, act)


def _opened_again(
    bot: Bot, me: Person, event: Interaction, form: Callable[..., View], act: Permission, problem: Refused | Invalid
) -> Answer:
    changed = isinstance(problem, Refused) and problem.code in MOVED_ON
    if isinstance(problem, Refused) and not changed:
        return problem
    with bot.reading() as session:
        found = opened(session, bot, me, event.about("c"), act)
    if isinstance(found, Refused):
        return found
    about = found.to_verify if act is Permission.VERIFY else found.newest
    said = problem if isinstance(problem, Invalid) else Invalid("", problem.code, problem.facts)
    view = said_again(bot, event, said, lambda **filled: form(bot, found, **filled))
    return view | {"private_metadata": marked(found, about)} if changed else view


def marked(found: OpenCredential, about: Term) -> str:
    """Which term a form is about, and the look at its source that it was opened beside."""
    return meta(c=found.credential.id, t=about.id, v=about.verification.id if about.verification else 0)


def fresh(**facts: Any) -> dict[str, Any]:
    """The arguments of a form that nobody filled yet."""
    return {"values": {}, "errors": {}, "meta": meta(**facts)}
