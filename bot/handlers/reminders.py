"""The buttons of reminders that change no credential: not yet, ready, help, contact, done …"""

from __future__ import annotations

from functools import partial
from typing import Any

from bot.bot import Bot
from bot.cards import notices
from bot.cards.block_kit.message import View
from bot.cards.privileges import forms as privileges_forms
from bot.cards.providers import forms as providers_forms
from bot.changes.credentials import filing_receipts
from bot.changes.credentials.filing_receipts import StillHolds
from bot.changes.reminders.answers import (
    not_yet,
    prepare,
    start_nudging,
)
from bot.changes.reminders.contact_log import contact_made
from bot.changes.reminders.help_requests import ask_for_help, help_done
from bot.changes.reminders.tasks import finish_task
from bot.handlers.dispatch.interaction import Interaction
from bot.handlers.dispatch.listeners import Answer, run_once
from bot.handlers.forms import fresh, in_its_form
from bot.rules.people.models import Person
from bot.store.reminders.card_contents import read_task


def snooze(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Not yet**: one click."""
    done = run_once(bot, event, lambda session, ctx: not_yet(session, ctx, me, event.id))
    return notices.done("snoozed", bot.words, until=done.until)


def ready(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Done**, under what is needed before a renewal."""
    return _prepared(bot, me, event, ready=True)


def not_ready(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Not yet**, there."""
    return _prepared(bot, me, event, ready=False)


def ask(bot: Bot, _: Person, event: Interaction) -> Answer:
    """**I need help**: a form with one text."""
    return _form(bot, event.id, **fresh(d=event.id))


def send_help(bot: Bot, me: Person, event: Interaction) -> Answer:
    deadline_id, text = event.about("d"), event.typed("text") or ""
    done = run_once(
        bot,
        event,
        lambda session, ctx: ask_for_help(session, ctx, me, deadline_id, text),
        in_its_form(bot, event, partial(_form, bot, deadline_id)),
    )
    return notices.done("help_sent", bot.words, owner=done.owner.name if done.owner else "")


def done(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Done**, on the owner's help card."""
    run_once(bot, event, lambda session, ctx: help_done(session, ctx, me, event.id))
    return notices.done("task_done", bot.words)


def task_done(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Done**, on a task."""
    run_once(bot, event, lambda session, ctx: finish_task(session, ctx, me, event.id))
    return notices.done("task_done", bot.words)


def contact(bot: Bot, _: Person, event: Interaction) -> Answer:
    """**Contact made**: how and when."""
    return _contact_form(bot, event.id, **fresh(d=event.id))


def save_contact(bot: Bot, me: Person, event: Interaction) -> Answer:
    deadline_id, how, note = event.about("d"), event.typed("contact_how"), event.typed("contact_note")
    on = event.day("contact_on") or bot.clock.today()
    done = run_once(
        bot,
        event,
        lambda session, ctx: contact_made(session, ctx, me, deadline_id, how, on, note),
        in_its_form(bot, event, partial(_contact_form, bot, deadline_id)),
    )
    return notices.done("contact_recorded", bot.words, to_prepare=done.to_prepare)


def wait_on(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Still waiting**: the issuer has not answered."""
    done = run_once(bot, event, lambda session, ctx: filing_receipts.wait_on(session, ctx, me, event.id))
    until = done.review_on if isinstance(done, StillHolds) else None
    return notices.done("still_waiting_recorded", bot.words, until=until)


def start(bot: Bot, me: Person, event: Interaction) -> Answer:
    """**Start nudging**: what an import held back goes out."""
    count = run_once(bot, event, lambda session, ctx: start_nudging(session, ctx, me))
    return notices.done("nudging_started", bot.words, n=count)


def _contact_form(bot: Bot, deadline_id: int, **filled: Any) -> View:
    with bot.reading() as session:
        task = read_task(session, deadline_id, bot.context())
    return providers_forms.contact(task, bot.words, today=bot.clock.today(), **filled)


def _prepared(bot: Bot, me: Person, event: Interaction, *, ready: bool) -> Answer:
    done = run_once(bot, event, lambda session, ctx: prepare(session, ctx, me, event.id, ready=ready))
    return notices.done("ready_recorded" if done.ready else "not_ready_recorded", bot.words)


def _form(bot: Bot, deadline_id: int, **filled: Any) -> View:
    with bot.reading() as session:
        task = read_task(session, deadline_id, bot.context())
    return privileges_forms.help_text(task, bot.policies, bot.words, **filled)
