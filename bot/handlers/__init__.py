"""Everything that comes in from Slack, and what hears it, on one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot.bot import Bot
from bot.cards.actions import VALUE, Action, Form
from bot.handlers import (
    assign,
    away,
    coming,
    command,
    cover,
    decide,
    ending,
    leave,
    nudge,
    permits,
    provider,
    record,
    recred,
    renew,
    request,
    returning,
    verify,
    workspace,
)
from bot.handlers.coming import Coming, Outdated
from bot.handlers.guard import (
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
from bot.handlers.suggestions import hears_suggestion
from bot.rules.values import Person

_CLICKS: dict[str, Listener] = {
    Action.RENEWED: Listener(renew.renewed, form=Form.UPDATE, reads=True),
    Action.SUBMITTED: Listener(renew.submitted, form=Form.SUBMITTED, reads=True),
    Action.NOT_YET: Listener(nudge.snooze),
    Action.READY: Listener(nudge.ready),
    Action.NOT_READY: Listener(nudge.not_ready),
    Action.HELP: Listener(nudge.ask, form=Form.HELP, reads=True),
    Action.HELP_DONE: Listener(nudge.done),
    Action.TASK_DONE: Listener(nudge.task_done),
    Action.CONTACT_MADE: Listener(nudge.contact, form=Form.CONTACT, reads=True),
    Action.LEFT_US: Listener(ending.left_us, form=Form.END, reads=True),
    Action.STILL_HERE: Listener(ending.still_here),
    Action.ON_LEAVE: Listener(leave.on_leave, form=Form.LEAVE, reads=True),
    Action.IS_BACK: Listener(returning.is_back, form=Form.RETURN, reads=True),
    Action.STILL_ON_LEAVE: Listener(leave.on_leave, form=Form.LEAVE, reads=True),
    Action.WITHDRAW_HELD: Listener(ending.withdraw),
    Action.STILL_WAITING: Listener(nudge.wait_on),
    Action.AWAY: Listener(away.plan, form=Form.AWAY, reads=True),
    Action.CANCEL_AWAY: Listener(away.cancel),
    Action.START_NUDGING: Listener(nudge.start),
    Action.VERIFY: Listener(verify.task_clicked, form=Form.VERIFY, reads=True),
    Action.VERIFY_TERM: Listener(verify.term_clicked, form=Form.VERIFY, reads=True),
    Action.SEND_BACK: Listener(verify.send_back),
    Action.USE_SOURCE: Listener(verify.use_source),
    Action.ASK_PROVIDER: Listener(verify.ask_provider),
    Action.RECORD_DECISION: Listener(recred.ask, form=Form.DECISION, reads=True),
    Action.SHOW_STATUS: Listener(command.show_status_of, reads=True),
    Action.REPORT_RENEWAL: Listener(renew.renew, form=Form.UPDATE, reads=True),
    Action.REPORT_AGAIN: Listener(renew.report_again, form=Form.ADD, reads=True),
    Action.ADD: Listener(record.add_for, form=Form.ADD, reads=True),
    Action.COVERS_OTHERS: Listener(cover.ask, form=Form.COVER, reads=True),
    Action.REQUEST: Listener(request.start_for, form=Form.REQUEST, reads=True),
    Action.APPROVE: Listener(decide.approve),
    Action.DENY: Listener(decide.ask_deny, form=Form.DENY),
    Action.DETAILS: Listener(decide.details, form=Form.DETAILS),
    Action.WITHDRAW: Listener(request.ask_withdraw, form=Form.WITHDRAW),
    Action.ANSWER: Listener(request.ask_answer, form=Form.ANSWER),
    Action.REOPEN: Listener(request.ask_reopen, form=Form.REOPEN),
    Action.ARRIVED: Listener(workspace.stuck("arrived")),
    Action.SEND_AGAIN: Listener(workspace.stuck("send_again")),
    Action.DROP: Listener(workspace.stuck("drop")),
    Action.CONTINUE: Listener(workspace.continue_form, form=Form.RESULT, reads=True),
}
"""A button, what it starts, and the form it opens (in a loading state first)."""
_SUBMISSIONS: dict[Form, Listener] = {
    Form.ADD: Listener(record.save_add, form=Form.ADD, check=record.check_add),
    Form.COVER: Listener(cover.save, form=Form.COVER),
    Form.UPDATE: Listener(renew.save_update, form=Form.UPDATE),
    Form.SUBMITTED: Listener(renew.save_submitted, form=Form.SUBMITTED),
    Form.VERIFY: Listener(verify.save, form=Form.VERIFY, check=verify.check),
    Form.HELP: Listener(nudge.send_help, form=Form.HELP),
    Form.DENY: Listener(decide.save_deny, form=Form.DENY, check=decide.check_deny),
    Form.ANSWER: Listener(request.save_answer, form=Form.ANSWER),
    Form.REOPEN: Listener(request.save_reopen, form=Form.REOPEN),
    Form.WITHDRAW: Listener(request.save_withdraw, form=Form.WITHDRAW),
    Form.REQUEST: Listener(request.send, form=Form.REQUEST),
    Form.PROVIDER: Listener(provider.save, form=Form.PROVIDER),
    Form.DECISION: Listener(recred.save, form=Form.DECISION),
    Form.CONTACT: Listener(nudge.save_contact, form=Form.CONTACT),
    Form.LEAVE: Listener(leave.save, form=Form.LEAVE),
    Form.END: Listener(ending.save, form=Form.END),
    Form.RETURN: Listener(returning.save, form=Form.RETURN),
    Form.ASSIGN: Listener(assign.save, form=Form.ASSIGN),
    Form.AWAY: Listener(away.save, form=Form.AWAY),
    Form.CHOOSE_LIST: Listener(assign.list_chosen, form=Form.CHOOSE_LIST, chooses=True, reads=True),
    Form.CHOOSE_PROVIDER: Listener(command.provider_chosen, form=Form.CHOOSE_PROVIDER, chooses=True, reads=True),
    Form.CHOOSE_CREDENTIAL: Listener(command.credential_chosen, form=Form.CHOOSE_CREDENTIAL, chooses=True, reads=True),
}
WHATEVER = re.compile("")
"""Every ``action_id`` or ``callback_id`` that nobody before has taken."""

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
    for action, pressed in CLICKS.items():
        app.action(str(action))(hears_click(bot, pressed))
    app.action(Action.OPEN_FORM.value)(hears_kept_words(bot, _again(command.open_form)))
    app.action(Action.TRY_AGAIN.value)(hears_kept_words(bot, _again(command.try_again)))
    for form, sent in SUBMISSIONS.items():
        app.view(form.value)(hears_submission(bot, sent))
    for name, heard in EVENTS.items():
        app.event(name)(hears_event(bot, heard))
    app.options(VALUE)(hears_suggestion(bot))
    app.action(WHATEVER)(hears_click(bot, Listener(_outdated, reads=True)))
    app.view(WHATEVER)(hears_submission(bot, Listener(_outdated, reads=True)))


def _outdated(_: Bot, __: Person, ___: Coming) -> Answer:
    """Nobody else listens: Slack still shows it, and the version of the bot that made it is gone."""
    raise Outdated


def _again(words: Callable[[Bot, coming.Coming], command.Chosen]) -> Choice:
    """What a button kept: a command's words, or ``!ACTION VALUE`` for another button whose form came too late."""

    def choose(bot: Bot, body: Mapping[str, Any]) -> command.Chosen:
        it = coming.click(body)
        if not it.value.startswith("!"):
            return words(bot, it)
        action, _, value = it.value.removeprefix("!").partition(" ")
        return CLICKS.get(action, Listener(_outdated, reads=True)), replace(it, value=value, retry=it.value)

    return choose
