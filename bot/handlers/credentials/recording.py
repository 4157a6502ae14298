"""Recording: ``/cred add`` by form and in one line, and what a form says comes into the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlmodel import Session

from bot.bot import Bot
from bot.cards import refusals
from bot.cards.actions import Form
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message, View
from bot.cards.credentials import forms
from bot.cards.credentials import notices as credential_notices
from bot.changes.credentials.recording import Duplicate, Recorded, RecordOutcome, record_term
from bot.changes.providers.profiles import NPI
from bot.handlers.credentials.group_document import covers_more
from bot.handlers.dispatch.interaction import Interaction, meta, whole
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import Instead, asked, in_its_form, in_words, typed, with_form
from bot.handlers.lookup import everybody, recorded, whom, whose
from bot.rules.context import Context
from bot.rules.credentials.identity import Identity, chosen_type
from bot.rules.credentials.input import CredentialInput, read_stated
from bot.rules.credentials.models import Term
from bot.rules.dates import Ambiguous
from bot.rules.parsing.add import AddWords, parse_add
from bot.rules.parsing.mentions import MENTION
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, is_provider, may
from bot.rules.policy import Expires
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, ProviderRefusal, Question, Refused
from bot.store.credentials.files import sent_back
from bot.store.lookups import provider_of_credential
from bot.store.providers import profiles


def opens(bot: Bot, event: Interaction) -> Form | None:
    """A complete line opens no form."""
    return None if _understood(bot, event).complete else Form.ADD


def add(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred add [@user] [TYPE [STATE] NUMBER DATE]``."""
    said = _understood(bot, event)
    return _add_line(bot, me, event, said) if said.complete else add_form(bot, me, event)


def add_form(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The form, filled with what was understood."""
    said = _understood(bot, event)
    who = whom(bot, me, said.person, Permission.ADD)
    if isinstance(who, Refused) and not me.has(Role.COORDINATOR):
        return who if said.type else _own_form(bot, me, event, who)
    errors = refusals.errors(_problems(said, who), bot.words)
    if isinstance(who, Refused) and said.person:
        errors["provider"] = refusals.invalid(who, bot.words)
    known = who if isinstance(who, Provider) else None
    return _form(bot, known, values=_prefilled(said) | asked(said.problems), errors=errors, meta=_about(known))


def _own_form(bot: Bot, me: Person, event: Interaction, refused: Refused) -> View | Refused:
    """Words without a type may have been meant as one: the form of one's own file, with what was typed.

    The same whether somebody else is called so or not.
    """
    own = whom(bot, me, "", Permission.ADD)
    named_nobody = refused.code in (ProviderRefusal.NO_SUCH_PROVIDER, CommonRefusal.STRANGER) and not MENTION.search(
        event.text
    )
    if not named_nobody or isinstance(own, Refused):
        return refused
    problem = Invalid("type", CredentialRefusal.UNKNOWN_TYPE, {"typed": event.text, "closest": None})
    return _form(bot, own, values={}, errors=refusals.errors([problem], bot.words), meta=_about(own))


def add_for(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Add …** of a status: ``PROVIDER`` or ``PROVIDER:TYPE``."""
    provider_id, _, type_ = event.value.partition(":")
    who = whose(bot, me, whole(provider_id), Permission.ADD)
    values = {"type": type_} if type_ else {}
    return who if isinstance(who, Refused) else _form(bot, who, values=values, errors={}, meta=meta(p=who.id))


def add_again(bot: Bot, event: Interaction) -> Answer:
    """**Report again** on what was sent back: the form, with what was reported before."""
    credential_id = event.id
    with bot.reading() as session:
        provider = profiles.provider(session, provider_of_credential(session, credential_id) or 0)
        doubted = sent_back(session, provider.id) if provider else ()
    before = next((one.credential for one in doubted if one.credential.id == credential_id), None)
    if provider is None or before is None:
        return Refused(CommonRefusal.ALREADY_DONE)
    values = {**as_chosen(before.identity), **stated_before(before.terms[-1])}
    return _form(bot, provider, values=values, errors={}, meta=meta(p=provider.id))


def check_add(event: Interaction, bot: Bot) -> Mapping[str, str]:
    """What is wrong with the form as typed, before any database is asked."""
    stated = _stated(event)
    _, problems = read_stated(stated, bot.policies, bot.clock.today())
    wrong = [problem for problem in problems if not isinstance(problem, Question)]
    return refusals.errors(_npi_may_be_known(wrong, stated.type), bot.words)


def save_add(bot: Bot, me: Person, event: Interaction) -> Answer:
    provider_id = whole(event.meta.get("p") or event.values.get("provider"))
    fixed = bool(event.meta.get("p")) or not me.has(Role.COORDINATOR)
    instead = in_its_form(
        bot, event, lambda **filled: _form(bot, recorded(bot, provider_id) if fixed else None, **filled)
    )
    done = _recorded(bot, event, me, provider_id, _stated(event), instead)
    return told(bot, me, done) if isinstance(done, Recorded) else _offer_update(bot, provider_id, event, done)


def _recorded(
    bot: Bot, event: Interaction, me: Person, provider_id: int, stated: CredentialInput, instead: Instead
) -> Recorded | Duplicate:
    def change(session: Session, ctx: Context) -> Recorded | Duplicate | Refused | Invalid:
        return record_term(session, ctx, me, provider_id, stated, confirmed=event.values.get("confirm") or ())

    return cast("Recorded | Duplicate", run_once(bot, event, change, instead))


def _add_line(bot: Bot, me: Person, event: Interaction, said: AddWords) -> Message | Refused:
    who = whom(bot, me, said.person, Permission.ADD)
    if isinstance(who, Refused):
        if not me.has(Role.COORDINATOR):
            return who
        return with_form(bot, event, who)
    stated = CredentialInput(said.type or "", said.state, said.number, said.issued_on, said.expires_on, said.kind)
    done = _recorded(bot, event, me, who.id, stated, in_words(bot, event))
    return told(bot, me, done) if isinstance(done, Recorded) else _held_already(bot, who, done, stated)


def told(bot: Bot, me: Person, done: Recorded, *more: Mrkdwn) -> Message:
    """What was recorded, in words; ``more``: what it did besides."""
    stated = done.stated
    return credential_notices.recorded(
        done.change.value,
        done.provider,
        stated.identity,
        bot.policies,
        bot.words,
        number=stated.number,
        expires_on=stated.expires_on,
        own=is_provider(me, done.provider),
        open_ended=stated.expires_on is None and bot.policies.credential_type(stated.type).expires is Expires.MAYBE,
        warnings=done.warnings,
        more=more,
        to_verify=done.term_id
        if may(me, Permission.VERIFY, done.provider) is None and done.change is not RecordOutcome.SAME
        else None,
        to_cover=done.credential_id if covers_more(bot, me, done) else None,
    )


def _held_already(bot: Bot, provider: Provider, found: Duplicate, stated: CredentialInput) -> Message | Refused:
    if found.same:
        return Refused(CredentialRefusal.ALREADY_THERE)
    return credential_notices.duplicate(provider, found.credential, found.term, stated, bot.policies, bot.words)


def _offer_update(bot: Bot, provider_id: int, event: Interaction, found: Duplicate) -> Answer:
    """The file holds it already: the same words, as an update of what is there."""
    provider = recorded(bot, provider_id)
    if found.same or provider is None:
        return Refused(CredentialRefusal.ALREADY_THERE)
    known = refusals.invalid(Refused(CredentialRefusal.HELD_ALREADY), bot.words)
    return forms.update(
        provider,
        found.credential,
        found.term,
        bot.policies,
        bot.words,
        values={name: value for name, value in typed(event).items() if value},
        errors={"": known},
        meta=meta(c=found.credential.id, t=found.term.id),
    )


def _form(
    bot: Bot, provider: Provider | None, *, values: Mapping[str, Any], errors: Mapping[str, str], meta: str
) -> View:
    providers = () if provider else everybody(bot)
    if provider and provider.npi and values.get("type") == NPI and not values.get("number"):
        values = {**values, "number": provider.npi}
    return forms.add(provider, bot.policies, bot.words, values=values, errors=errors, meta=meta, providers=providers)


def _about(provider: Provider | None) -> str:
    return meta(p=provider.id) if provider else meta()


def _understood(bot: Bot, event: Interaction) -> AddWords:
    return parse_add(event.text, bot.policies, bot.clock.today())


def _npi_may_be_known(problems: list[Invalid], type_: str | None) -> list[Invalid]:
    """The NPI of somebody whose NPI is known needs no typing; of anybody else the change asks for it."""
    missing = CredentialRefusal.NUMBER_MISSING
    return [problem for problem in problems if type_ != NPI or problem.code is not missing]


def _problems(said: AddWords, who: Provider | Refused) -> list[Invalid]:
    """What the form must say; a bare ``add`` says nothing wrong."""
    nothing = said.type is None and not said.person
    problems = [] if nothing else list(said.problems)
    if isinstance(who, Provider) and who.npi:
        problems = _npi_may_be_known(problems, said.type)
    if isinstance(said.ambiguous, Ambiguous):
        facts = {"typed": said.ambiguous.text, "choices": said.ambiguous.choices}
        problems.append(Invalid("expires_on", CommonRefusal.AMBIGUOUS_DATE, facts))
    return problems


def _prefilled(said: AddWords) -> dict[str, str]:
    values = {"type": Identity(said.type or "", None, said.kind).choice, "state": said.state, "number": said.number}
    if said.expires_on:
        values["expires_on"] = said.expires_on.isoformat()
    if said.issued_on:
        values["issued_on"] = said.issued_on.isoformat()
    return {name: value for name, value in values.items() if value}


def as_chosen(identity: Identity) -> dict[str, str]:
    """What a form shows again of what a credential is."""
    said = {"type": identity.choice, "state": identity.jurisdiction, "label": identity.label}
    return {name: value for name, value in said.items() if value}


def stated_before(term: Term) -> dict[str, str]:
    """What a form shows again of a term."""
    said = {"number": term.number, "issued_on": term.issued_on, "expires_on": term.expires_on}
    return {name: str(value) for name, value in said.items() if value}


def _stated(event: Interaction) -> CredentialInput:
    type_, kind = chosen_type(event.typed("type") or "")
    return CredentialInput(
        type=type_,
        kind=kind,
        label=event.typed("label"),
        state=event.typed("state"),
        number=event.typed("number"),
        issued_on=event.day("issued_on"),
        expires_on=event.day("expires_on"),
    )
