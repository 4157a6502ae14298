"""Renewals: ``/cred update``, **Renewed**, **Submitted, waiting**, and the forms they open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices, pickers
from bot.cards.block_kit.message import View
from bot.cards.credentials import forms
from bot.cards.credentials import notices as credential_notices
from bot.cards.credentials.forms import having_same_number
from bot.changes.credentials.filings import report_filing
from bot.changes.credentials.group_document import renew_for_many
from bot.changes.credentials.recording import Recorded, record_beside
from bot.changes.credentials.renewals import Typed
from bot.handlers.credentials.recording import add_again, stated_before, told
from bot.handlers.dispatch.interaction import Interaction, meta, whole
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import OpenCredential, fresh, in_form_of_credential, name_of, opened
from bot.handlers.lookup import everybody, whom, whose
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import CredentialHolder, JudgedCredential, Standing
from bot.rules.credentials.standing import judge_file
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, is_provider
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, CredentialRefusal, ProviderRefusal, Refused
from bot.store.credentials import group_document
from bot.store.credentials.files import read_file
from bot.store.lookups import credential_of_deadline


def update(bot: Bot, me: Person, event: Interaction) -> Answer:
    """``/cred update [@user]``: which credential, then its form."""
    who = whom(bot, me, event.text, Permission.UPDATE)
    if isinstance(who, Refused):
        return choose_whose(bot, "update") if not event.text and me.has(Role.COORDINATOR) else who
    return choose_which(bot, me, who)


def choose_whose(bot: Bot, following: str) -> View | Refused:
    """A coordinator named nobody: whose file is it?"""
    providers = everybody(bot)
    if not providers:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    return pickers.choose_provider(providers, bot.words, errors={}, meta=meta(next=following))


def of_provider(bot: Bot, me: Person, event: Interaction) -> Answer:
    """A coordinator chose the provider."""
    who = whose(bot, me, event.chosen("provider"), Permission.UPDATE)
    return who if isinstance(who, Refused) else choose_which(bot, me, who)


def choose_which(bot: Bot, me: Person, provider: Provider) -> Answer:
    with bot.reading() as session:
        judged = judge_file(read_file(session, provider.id, bot.clock.today()), bot.policies)
    if not judged:
        return Refused(CredentialRefusal.NOTHING_TO_UPDATE)
    if len(judged) == 1:
        return _with_credential(bot, me, judged[0].credential.id, partial(update_form, me=me))
    about = meta(next="update", p=provider.id)
    return pickers.choose_credential(provider, soonest_first(judged), bot.policies, bot.words, errors={}, meta=about)


def soonest_first(judged: Iterable[JudgedCredential]) -> list[JudgedCredential]:
    return sorted(judged, key=lambda one: one.term.expires_on or date.max)


def renew(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Report renewal**, of a status or of a line that is on file already and carries what it said."""
    credential_id, _, stated = event.value.partition(":")
    expires_on, _, number = stated.partition(":")
    values = {"expires_on": expires_on, "number": number} if stated else {}
    return _with_credential(bot, me, whole(credential_id), partial(update_form, me=me, values=values))


def renewed(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Renewed** of a nudge; its value is the deadline's id."""
    return _of_deadline(bot, me, event, partial(update_form, me=me))


def submitted(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button **Submitted, waiting** of a nudge."""
    return _of_deadline(bot, me, event, submitted_form)


def chosen(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The credential was chosen from a list."""
    return _with_credential(bot, me, event.chosen("credential"), partial(update_form, me=me))


def report_again(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Report again**: what the source shows otherwise is corrected; what was sent back is stated anew."""
    with bot.reading() as session:
        found = opened(session, bot, me, event.id, Permission.UPDATE)
    if isinstance(found, Refused):
        return add_again(bot, event) if found.code == CredentialRefusal.NO_SUCH_CREDENTIAL else found
    if Standing.DISCREPANCY not in (found.judged.standing, found.judged.beside):
        return Refused(CommonRefusal.ALREADY_DONE)
    known = {"correction": ["yes"], "correction_why": bot.words.plain("source_differs"), **stated_before(found.newest)}
    return update_form(bot, found, me=me, values=known)


def update_form(bot: Bot, found: OpenCredential, *, me: Person, **filled: Any) -> View:
    known = {**fresh(c=found.credential.id, t=found.newest.id), **filled}
    others = covered(bot, me, found)
    return forms.update(found.provider, found.credential, found.newest, bot.policies, bot.words, others=others, **known)


def covered(bot: Bot, me: Person, found: OpenCredential) -> list[CredentialHolder]:
    """Whom the same document may cover, for a coordinator; nobody else learns who there is."""
    if not bot.policies.credential_type(found.credential.type).shared or not me.has(Role.COORDINATOR):
        return []
    with bot.reading() as session:
        return group_document.holders(session, found.credential)


def _chosen_too(bot: Bot, me: Person, event: Interaction) -> list[int]:
    """Whom the form chose one by one and, where there were too many for a list, all who had the same number."""
    chosen = [whole(one) for one in event.values.get("covers") or ()]
    if not event.values.get("covers_same"):
        return chosen
    with bot.reading() as session:
        found = opened(session, bot, me, event.about("c"), Permission.UPDATE)
    same = having_same_number(covered(bot, me, found), found.newest) if isinstance(found, OpenCredential) else []
    return list(dict.fromkeys([*chosen, *(one.id for one in same)]))


def submitted_form(bot: Bot, found: OpenCredential, **filled: Any) -> View:
    known = filled or fresh(c=found.credential.id, t=found.newest.id)
    today = bot.clock.today()
    return forms.submitted(
        found.provider, found.credential, found.newest, bot.policies, bot.words, today=today, **known
    )


def save_update(bot: Bot, me: Person, event: Interaction) -> Answer:
    if event.typed("another"):
        return _save_another(bot, me, event)
    also = _chosen_too(bot, me, event)
    done = run_once(
        bot,
        event,
        lambda session, ctx: renew_for_many(
            session,
            ctx,
            me,
            [event.about("c"), *also],
            said=_typed(event),
            expected_term_id=event.meta.get("t"),
        ),
        in_form_of_credential(bot, me, event, partial(update_form, me=me), Permission.UPDATE),
    )
    others = credential_notices.for_others([one.provider.name for one in done.others], bot.words)
    return told(bot, me, done.first, others, credential_notices.left_alone([who.name for who in done.left], bot.words))


def _save_another(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Another one**: what was typed is none of this credential, and stands beside it from now on."""
    kind = event.typed("another")
    said = CredentialInput(
        type="",
        number=event.typed("number"),
        issued_on=event.day("issued_on"),
        expires_on=event.day("expires_on"),
        kind=None if kind == forms.SAME_KIND else kind,
        label=event.typed("label"),
    )
    confirmed = event.values.get("confirm") or ()
    done = run_once(
        bot,
        event,
        lambda session, ctx: record_beside(session, ctx, me, event.about("c"), said, confirmed=confirmed),
        in_form_of_credential(bot, me, event, partial(update_form, me=me), Permission.UPDATE),
    )
    return told(bot, me, done) if isinstance(done, Recorded) else Refused(CredentialRefusal.BESIDE_IS_THERE)


def _typed(event: Interaction) -> Typed:
    return Typed(
        number=event.typed("number"),
        issued_on=event.day("issued_on"),
        expires_on=event.day("expires_on"),
        correction=bool(event.values.get("correction")),
        open_ended=bool(event.values.get("open_ended")),
        why=event.typed("correction_why"),
        confirmed=event.values.get("confirm") or (),
    )


def save_submitted(bot: Bot, me: Person, event: Interaction) -> Answer:
    done = run_once(
        bot,
        event,
        lambda session, ctx: report_filing(
            session,
            ctx,
            me,
            event.about("c"),
            filed_on=event.day("filed_on") or ctx.today,
            receipt=event.typed("receipt"),
            expected_term_id=event.meta.get("t"),
        ),
        in_form_of_credential(bot, me, event, submitted_form, Permission.UPDATE),
    )
    credential = name_of(bot, done.credential_id)
    facts = {"name": done.provider.name, "filed_on": done.filed_on, "own": is_provider(me, done.provider)}
    return notices.done("filing_recorded", bot.words, credential=credential, **facts)


def _of_deadline(bot: Bot, me: Person, event: Interaction, form: Any) -> Answer:
    with bot.reading() as session:
        credential_id = credential_of_deadline(session, event.id)
    return (
        _with_credential(bot, me, credential_id, form)
        if credential_id
        else Refused(CredentialRefusal.NO_SUCH_CREDENTIAL)
    )


def _with_credential(bot: Bot, me: Person, credential_id: int, form: Any) -> Answer:
    with bot.reading() as session:
        found = opened(session, bot, me, credential_id, Permission.UPDATE)
    return found if isinstance(found, Refused) else form(bot, found)
