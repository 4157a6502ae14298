"""Everything that comes in from Slack, and what hears it, on one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot.bot import Bot
from bot.cards.actions import VALUE, Action, Form
from bot.handlers import command, credentialing, permits, reminders, workspace
from bot.handlers.credentials import filing_receipts, fix, group_document, recording, renewals, verification
from bot.handlers.dispatch import interaction
from bot.handlers.dispatch.interaction import Interaction, Outdated
from bot.handlers.dispatch.listeners import (
    Answer,
    Choice,
    Listener,
    hears_click,
    hears_command,
    hears_event,
    hears_kept_words,
    hears_message,
    hears_submission,
)
from bot.handlers.people import absences, assignments
from bot.handlers.privileges import requests, votes
from bot.handlers.providers import back, end, leave, profiles
from bot.handlers.suggestions import hears_suggestion
from bot.rules.people.models import Person

_CLICKS: dict[str, Listener] = {
    Action.RENEWED: Listener(renewals.renewed, form=Form.UPDATE, reads=True),
    Action.SUBMITTED: Listener(renewals.submitted, form=Form.SUBMITTED, reads=True),
    Action.NOT_YET: Listener(reminders.snooze),
    Action.READY: Listener(reminders.ready),
    Action.NOT_READY: Listener(reminders.not_ready),
    Action.HELP: Listener(reminders.ask, form=Form.HELP, reads=True),
    Action.HELP_DONE: Listener(reminders.done),
    Action.TASK_DONE: Listener(reminders.task_done),
    Action.CONTACT_MADE: Listener(reminders.contact, form=Form.CONTACT, reads=True),
    Action.LEFT_US: Listener(end.left_us, form=Form.END, reads=True),
    Action.STILL_HERE: Listener(end.still_here),
    Action.ON_LEAVE: Listener(leave.on_leave, form=Form.LEAVE, reads=True),
    Action.IS_BACK: Listener(back.is_back, form=Form.RETURN, reads=True),
    Action.STILL_ON_LEAVE: Listener(leave.on_leave, form=Form.LEAVE, reads=True),
    Action.WITHDRAW_HELD: Listener(end.withdraw),
    Action.STILL_WAITING: Listener(reminders.wait_on),
    Action.CONFIRM_FILING: Listener(filing_receipts.ask, form=Form.CONFIRM_FILING, reads=True),
    Action.AWAY: Listener(absences.plan, form=Form.AWAY, reads=True),
    Action.CANCEL_AWAY: Listener(absences.cancel),
    Action.START_NUDGING: Listener(reminders.start),
    Action.VERIFY: Listener(verification.task_clicked, form=Form.VERIFY, reads=True),
    Action.VERIFY_TERM: Listener(verification.term_clicked, form=Form.VERIFY, reads=True),
    Action.FIX: Listener(fix.ask, form=Form.FIX, reads=True),
    Action.VERIFY_NEXT: Listener(verification.term_clicked, form=Form.VERIFY, reads=True),
    Action.SEND_BACK: Listener(verification.ask_send_back, form=Form.SEND_BACK, reads=True),
    Action.USE_SOURCE: Listener(verification.use_source),
    Action.ASK_PROVIDER: Listener(verification.ask_provider),
    Action.RECORD_DECISION: Listener(credentialing.ask, form=Form.DECISION, reads=True),
    Action.SHOW_STATUS: Listener(command.show_status_of, reads=True),
    Action.REPORT_RENEWAL: Listener(renewals.renew, form=Form.UPDATE, reads=True),
    Action.REPORT_AGAIN: Listener(renewals.report_again, form=Form.ADD, reads=True),
    Action.ADD: Listener(recording.add_for, form=Form.ADD, reads=True),
    Action.COVERS_OTHERS: Listener(group_document.ask, form=Form.COVER, reads=True),
    Action.REQUEST: Listener(requests.start_for, form=Form.REQUEST, reads=True),
    Action.APPROVE: Listener(votes.approve),
    Action.DENY: Listener(votes.ask_deny, form=Form.DENY),
    Action.DETAILS: Listener(votes.details, form=Form.DETAILS),
    Action.WITHDRAW: Listener(requests.ask_withdraw, form=Form.WITHDRAW),
    Action.ANSWER: Listener(requests.ask_answer, form=Form.ANSWER),
    Action.REOPEN: Listener(requests.ask_reopen, form=Form.REOPEN),
    Action.ARRIVED: Listener(workspace.stuck("arrived")),
    Action.SEND_AGAIN: Listener(workspace.stuck("send_again")),
    Action.DROP: Listener(workspace.stuck("drop")),
    Action.CONTINUE: Listener(workspace.continue_form, form=Form.RESULT, reads=True),
}
"""A button, what it starts, and the form it opens (in a loading state first)."""
_SUBMISSIONS: dict[Form, Listener] = {
    Form.ADD: Listener(recording.save_add, form=Form.ADD, check=recording.check_add),
    Form.COVER: Listener(group_document.save, form=Form.COVER),
    Form.UPDATE: Listener(renewals.save_update, form=Form.UPDATE),
    Form.SUBMITTED: Listener(renewals.save_submitted, form=Form.SUBMITTED),
    Form.CONFIRM_FILING: Listener(filing_receipts.save, form=Form.CONFIRM_FILING),
    Form.VERIFY: Listener(verification.save, form=Form.VERIFY, check=verification.check),
    Form.SEND_BACK: Listener(verification.send_back, form=Form.SEND_BACK, check=verification.check_send_back),
    Form.FIX: Listener(fix.chosen, form=Form.FIX, chooses=True, reads=True),
    Form.FIX_CORRECT: Listener(fix.save_correction, form=Form.FIX_CORRECT),
    Form.FIX_VOID: Listener(fix.save_void, form=Form.FIX_VOID, check=fix.check_void),
    Form.FIX_MOVE: Listener(fix.save_move, form=Form.FIX_MOVE),
    Form.FIX_LOOK: Listener(fix.save_void_look, form=Form.FIX_LOOK),
    Form.HELP: Listener(reminders.send_help, form=Form.HELP),
    Form.DENY: Listener(votes.save_deny, form=Form.DENY, check=votes.check_deny),
    Form.ANSWER: Listener(requests.save_answer, form=Form.ANSWER),
    Form.REOPEN: Listener(requests.save_reopen, form=Form.REOPEN),
    Form.WITHDRAW: Listener(requests.save_withdraw, form=Form.WITHDRAW),
    Form.REQUEST: Listener(requests.send, form=Form.REQUEST),
    Form.PROVIDER: Listener(profiles.save, form=Form.PROVIDER),
    Form.DECISION: Listener(credentialing.save, form=Form.DECISION),
    Form.CONTACT: Listener(reminders.save_contact, form=Form.CONTACT),
    Form.LEAVE: Listener(leave.save, form=Form.LEAVE),
    Form.END: Listener(end.save, form=Form.END),
    Form.RETURN: Listener(back.save, form=Form.RETURN),
    Form.ASSIGN: Listener(assignments.save, form=Form.ASSIGN),
    Form.AWAY: Listener(absences.save, form=Form.AWAY),
    Form.CHOOSE_LIST: Listener(assignments.list_chosen, form=Form.CHOOSE_LIST, chooses=True, reads=True),
    Form.CHOOSE_PROVIDER: Listener(command.provider_chosen, form=Form.CHOOSE_PROVIDER, chooses=True, reads=True),
    Form.CHOOSE_CREDENTIAL: Listener(command.credential_chosen, form=Form.CHOOSE_CREDENTIAL, chooses=True, reads=True),
}
WHATEVER = re.compile("")
"""Every ``action_id`` or ``callback_id``: who hears it is looked up, for Bolt asks one listener after the other."""
Heard = Callable[..., None]

CLICKS = {action: replace(starts, permit=permits.PRESSED[Action(action)]) for action, starts in _CLICKS.items()}
SUBMISSIONS = {form: replace(starts, permit=permits.SENT[form]) for form, starts in _SUBMISSIONS.items()}
"""The same, with who may (``permits``)."""

EVENTS: dict[str, Callable[[Bot, dict[str, Any]], None]] = {
    "user_change": workspace.account_changed,
    "member_left_channel": workspace.channel_changed,
    "group_left": workspace.channel_changed,
    "group_archive": workspace.channel_changed,
    "group_rename": workspace.channel_changed,
    "channel_shared": workspace.channel_changed,
    "app_uninstalled": workspace.app_removed,
    "tokens_revoked": workspace.app_removed,
}


def register(app: App, bot: Bot) -> None:
    """Every listener."""
    app.command("/cred")(hears_command(bot, command.choose))
    for event in ("message", "app_mention"):
        app.event(event)(hears_message(bot, command.choose_by_message))
    clicks: dict[str, Heard] = {action: hears_click(bot, pressed) for action, pressed in CLICKS.items()}
    clicks[Action.OPEN_FORM] = hears_kept_words(bot, _again(command.open_form))
    clicks[Action.TRY_AGAIN] = hears_kept_words(bot, _again(command.try_again))
    submissions = {form.value: hears_submission(bot, sent) for form, sent in SUBMISSIONS.items()}
    app.action(WHATEVER)(_by_name(lambda body: body["actions"][0]["action_id"], clicks, hears_click(bot, UNKNOWN)))
    app.view(WHATEVER)(_by_name(lambda body: body["view"]["callback_id"], submissions, hears_submission(bot, UNKNOWN)))
    for name, heard in EVENTS.items():
        app.event(name)(hears_event(bot, heard))
    app.options(VALUE)(hears_suggestion(bot))


def _by_name(
    name: Callable[[Mapping[str, Any]], str], listeners: Mapping[str, Heard], otherwise: Heard
) -> Callable[..., None]:
    """The listener of what was pressed or sent."""
    return lambda ack, body: listeners.get(name(body), otherwise)(ack, body)


def _outdated(_: Bot, __: Person, ___: Interaction) -> Answer:
    """Nobody else listens: Slack still shows it, and the version of the bot that made it is gone."""
    raise Outdated


UNKNOWN = Listener(_outdated, reads=True)


def _again(words: Callable[[Bot, interaction.Interaction], command.Chosen]) -> Choice:
    """What a button kept: a command's words, or ``!ACTION VALUE`` for another button whose form came too late."""

    def choose(bot: Bot, body: Mapping[str, Any]) -> command.Chosen:
        event = interaction.click(body)
        if not event.value.startswith("!"):
            return words(bot, event)
        action, _, value = event.value.removeprefix("!").partition(" ")
        return CLICKS.get(action, Listener(_outdated, reads=True)), replace(event, value=value, retry=event.value)

    return choose
