"""**It covers others too**: one document recorded for many who have none on file yet."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards.block_kit.message import View
from bot.cards.credentials import forms
from bot.cards.credentials import notices as credential_notices
from bot.changes.credentials.group_document import cover_others
from bot.changes.credentials.recording import Recorded
from bot.handlers.dispatch.interaction import Interaction, whole
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import OpenCredential, fresh, in_form_of_credential, opened
from bot.rules.credentials.models import Credential
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, may
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused
from bot.store.credentials import group_document


def covers_more(bot: Bot, me: Person, done: Recorded) -> bool:
    """Whether what was recorded may cover people who have none; only a coordinator learns who there is."""
    stated = done.stated
    return bool(lacking(bot, me, Credential(done.credential_id, stated.identity, ())))


def ask(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button of what was recorded; its value is the credential's id."""
    with bot.reading() as session:
        found = opened(session, bot, me, event.id, Permission.UPDATE)
    return found if isinstance(found, Refused) else _form(bot, found, me=me)


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    chosen = [whole(one) for one in event.values.get("also") or ()]
    done = run_once(
        bot,
        event,
        lambda session, ctx: cover_others(
            session, ctx, me, event.about("c"), chosen, expected_term_id=event.about("t")
        ),
        in_form_of_credential(bot, me, event, partial(_form, me=me), Permission.UPDATE),
    )
    to_verify = (one.term_id for one in done.others if may(me, Permission.VERIFY, one.provider) is None)
    return credential_notices.covered(
        [one.provider.name for one in done.others],
        [who.name for who in done.already],
        bot.words,
        to_verify=next(to_verify, None),
    )


def _form(bot: Bot, found: OpenCredential, *, me: Person, **filled: Any) -> View:
    known = {**fresh(c=found.credential.id, t=found.newest.id), **filled}
    others = lacking(bot, me, found.credential)
    return forms.cover(found.provider, found.credential, found.newest, others, bot.policies, bot.words, **known)


def lacking(bot: Bot, me: Person, held: Credential) -> list[Provider]:
    """Whom the document may cover too; only a coordinator learns who there is."""
    if not bot.policies.credential_type(held.type).shared or not me.has(Role.COORDINATOR):
        return []
    with bot.reading() as session:
        return group_document.lacking(session, held, bot.clock.today())
