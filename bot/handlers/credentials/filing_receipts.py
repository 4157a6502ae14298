"""**Confirm the filing**: its form, and what came of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards.block_kit.message import View
from bot.cards.credentials import forms
from bot.cards.credentials import notices as credential_notices
from bot.changes.credentials.filing_receipts import confirm_filing
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import OpenCredential, fresh, in_form_of_credential, opened
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.refusals import CredentialRefusal, Refused


def ask(bot: Bot, me: Person, event: Interaction) -> Answer:
    """The button; its value is the credential's id."""
    with bot.reading() as session:
        found = opened(session, bot, me, event.id, Permission.VERIFY)
    if isinstance(found, Refused):
        return found
    if found.credential.filing is None:
        return Refused(CredentialRefusal.NO_FILING)
    return _form(bot, found, **fresh(c=found.credential.id))


def save(bot: Bot, me: Person, event: Interaction) -> Answer:
    done = run_once(
        bot,
        event,
        lambda session, ctx: confirm_filing(
            session,
            ctx,
            me,
            event.about("c"),
            filed_on=event.day("filed_on"),
            receipt=event.typed("receipt"),
            checked_on=event.day("checked_on"),
        ),
        in_form_of_credential(bot, me, event, _form, Permission.VERIFY),
    )
    return credential_notices.filing_confirmed(done.provider, done.judged, done.review_on, bot.policies, bot.words)


def _form(bot: Bot, found: OpenCredential, **filled: Any) -> View:
    build = partial(forms.confirm_filing, found.provider, found.credential, found.newest)
    return build(bot.policies, bot.words, today=bot.clock.today(), **filled)
