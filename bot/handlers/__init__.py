"""Everything that comes in from Slack, and what hears it, on one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import App

from bot.bot import Bot
from bot.cards.actions import Action, Form
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
    Checked,
    Choice,
    Conversation,
    hears_click,
    hears_command,
    hears_event,
    hears_message,
    hears_submission,
)
from bot.rules.values import Person

CLICKS: dict[str, tuple[Conversation, Form | None]] = {
    Action.RENEWED: (renew.renewed, Form.UPDATE),
    Action.SUBMITTED: (renew.submitted, Form.SUBMITTED),
    Action.NOT_YET: (nudge.snooze, None),
    Action.READY: (nudge.ready, None),
    Action.NOT_READY: (nudge.not_ready, None),
    Action.HELP: (nudge.ask, Form.HELP),
    Action.HELP_DONE: (nudge.done, None),
    Action.TASK_DONE: (nudge.task_done, None),
    Action.CONTACT_MADE: (nudge.contact, Form.CONTACT),
    Action.LEFT_US: (ending.left_us, Form.END),
    Action.STILL_HERE: (ending.still_here, None),
    Action.ON_LEAVE: (leave.on_leave, Form.LEAVE),
    Action.IS_BACK: (returning.is_back, Form.RETURN),
    Action.STILL_ON_LEAVE: (leave.on_leave, Form.LEAVE),
    Action.WITHDRAW_HELD: (ending.withdraw, None),
    Action.STILL_WAITING: (nudge.wait_on, None),
    Action.AWAY: (away.plan, Form.AWAY),
    Action.CANCEL_AWAY: (away.cancel, None),
    Action.START_NUDGING: (nudge.start, None),
    Action.VERIFY: (verify.task_clicked, Form.VERIFY),
    Action.VERIFY_TERM: (verify.term_clicked, Form.VERIFY),
    Action.SEND_BACK: (verify.send_back, None),
    Action.USE_SOURCE: (verify.use_source, None),
    Action.ASK_PROVIDER: (verify.ask_provider, None),
    Action.RECORD_DECISION: (recred.ask, Form.DECISION),
    Action.SHOW_STATUS: (command.show_status_of, None),
    Action.REPORT_RENEWAL: (renew.renew, Form.UPDATE),
    Action.REPORT_AGAIN: (renew.report_again, Form.ADD),
    Action.ADD: (record.add_for, Form.ADD),
    Action.COVERS_OTHERS: (cover.ask, Form.COVER),
    Action.REQUEST: (request.start_for, Form.REQUEST),
    Action.APPROVE: (decide.approve, None),
    Action.DENY: (decide.ask_deny, Form.DENY),
    Action.DETAILS: (decide.details, Form.DETAILS),
    Action.WITHDRAW: (request.ask_withdraw, Form.WITHDRAW),
    Action.ANSWER: (request.ask_answer, Form.ANSWER),
    Action.REOPEN: (request.ask_reopen, Form.REOPEN),
    Action.ARRIVED: (workspace.stuck("arrived"), None),
    Action.SEND_AGAIN: (workspace.stuck("send_again"), None),
    Action.DROP: (workspace.stuck("drop"), None),
    Action.CONTINUE: (workspace.continue_form, Form.RESULT),
}
"""A button, what it starts, and the form it opens (in a loading state first)."""
WHATEVER = re.compile("")
"""Every ``action_id`` or ``callback_id`` that nobody before has taken."""

SUBMISSIONS: dict[Form, tuple[Conversation, Checked | None]] = {
    Form.ADD: (record.save_add, record.check_add),
    Form.COVER: (cover.save, None),
    Form.UPDATE: (renew.save_update, None),
    Form.SUBMITTED: (renew.save_submitted, None),
    Form.VERIFY: (verify.save, verify.check),
    Form.HELP: (nudge.send_help, None),
    Form.DENY: (decide.save_deny, decide.check_deny),
    Form.ANSWER: (request.save_answer, None),
    Form.REOPEN: (request.save_reopen, None),
    Form.WITHDRAW: (request.save_withdraw, None),
    Form.REQUEST: (request.send, None),
    Form.PROVIDER: (provider.save, None),
    Form.DECISION: (recred.save, None),
    Form.CONTACT: (nudge.save_contact, None),
    Form.LEAVE: (leave.save, None),
    Form.END: (ending.save, None),
    Form.RETURN: (returning.save, None),
    Form.ASSIGN: (assign.save, None),
    Form.AWAY: (away.save, None),
    Form.CHOOSE_LIST: (assign.list_chosen, None),
    Form.CHOOSE_PROVIDER: (command.provider_chosen, None),
    Form.CHOOSE_CREDENTIAL: (command.credential_chosen, None),
}
CHOOSING = frozenset({Form.CHOOSE_PROVIDER, Form.CHOOSE_CREDENTIAL, Form.CHOOSE_LIST})
"""Forms that only lead to the next."""
EVENTS: dict[str, Callable[[Bot, dict[str, Any]], None]] = {
    "user_change": workspace.account_changed,
    "member_left_channel": workspace.channel_changed,
    "group_left": workspace.channel_changed,
    "group_archive": workspace.channel_changed,
    "channel_shared": workspace.channel_changed,
    "app_uninstalled": workspace.app_removed,
    "tokens_revoked": workspace.app_removed,
}


def register(app: App, bot: Bot) -> None:
    """Every listener. Titles are read here once, so that a listener needs no template."""
    titles = {form: bot.words.plain("forms", f"title_{form}") for form in Form}

    def title(form: Form | None) -> str | None:
        return titles[form] if form else None

    app.command("/cred")(hears_command(bot, command.choose))
    for event in ("message", "app_mention"):
        app.event(event)(hears_message(bot, command.choose_by_message))
    for action, (conversation, form) in CLICKS.items():
        app.action(str(action))(hears_click(bot, conversation, title(form)))
    app.action(Action.OPEN_FORM.value)(hears_command(bot, _again(command.open_form, titles)))
    app.action(Action.TRY_AGAIN.value)(hears_command(bot, _again(command.try_again, titles)))
    for form, (conversation, check) in SUBMISSIONS.items():
        app.view(form.value)(hears_submission(bot, conversation, titles[form], check, chooses=form in CHOOSING))
    for name, heard in EVENTS.items():
        app.event(name)(hears_event(bot, heard))
    app.action(WHATEVER)(hears_click(bot, _outdated))
    app.view(WHATEVER)(hears_submission(bot, _outdated, titles[Form.RESULT]))


def _outdated(_: Bot, __: Person, ___: Coming) -> Answer:
    """Nobody else listens: Slack still shows it, and the version of the bot that made it is gone."""
    raise Outdated


def _again(words: Callable[[Bot, coming.Coming], command.Chosen], titles: Mapping[Form, str]) -> Choice:
    """What a button kept: a command's words, or ``!ACTION VALUE`` for another button whose form came too late."""

    def choose(bot: Bot, body: Mapping[str, Any]) -> command.Chosen:
        it = coming.click(body)
        if not it.value.startswith("!"):
            return words(bot, it)
        action, _, value = it.value.removeprefix("!").partition(" ")
        conversation, form = CLICKS.get(action, (_outdated, None))
        return conversation, titles[form] if form else None, replace(it, value=value, retry=it.value)

    return choose
