"""How an answer reaches the person who came: as a form, a note that only they see, or a direct message."""

from __future__ import annotations

import time

from bot import log
from bot.bot import Bot
from bot.cards import forms, notices
from bot.cards.message import Message, View
from bot.handlers.coming import Coming
from bot.handlers.who import known, who
from bot.outbox.slack_errors import SlackProblem
from bot.rules.values import Person
from bot.store import rates
from bot.store.claims import POST
from bot.store.engine import Unavailable
from bot.store.outbox import say

logger = log.get(__name__)
USED = "exchanged_trigger_id"
MOVED_ON = ("not_found", "hash_conflict")
"""The form was closed, or shows something newer: nobody waits for this any more."""
ANSWERS_WITHIN, SLOT = 10.0, 0.1
"""Seconds that an answer waits for Slack's pace, and between two looks."""


class AlreadyOpen(Exception):  # noqa: N818  (nothing is wrong)
    """Slack delivered this twice, and the other delivery has opened the form."""


def open_loading(bot: Bot, it: Coming, title: str) -> tuple[str, str | None] | None:
    """The loading view's id and, where Slack says it, hash; None where the trigger had gone. Raises AlreadyOpen."""
    view = forms.loading(bot.words, title)
    try:
        shown = (
            bot.slack.update_view(it.view_id, view) if it.view_id else bot.slack.open_view(it.trigger_id or "", view)
        )
    except SlackProblem as problem:
        if problem.reason == USED:
            raise AlreadyOpen from problem
        logger.info("view_not_opened", why=problem.reason)
        return None
    return shown["id"], shown.get("hash")


def show(bot: Bot, view_id: str, view: View, view_hash: str | None = None) -> str | None:
    """None where it is shown, else why not: somebody may have closed it meanwhile, or Slack does not answer."""
    try:
        bot.slack.update_view(view_id, view, hash_=view_hash)
    except SlackProblem as problem:
        logger.info("view_not_updated", why=problem.reason)
        return problem.reason
    return None


def reply(bot: Bot, it: Coming, answer: Message) -> None:
    """Only the person who came sees it. What was asked in a channel is answered by direct message."""
    if it.response_url:
        bot.slack.respond(it.response_url, answer)
    elif it.kind == "message":
        _in_direct_message(bot, it, answer)
    elif it.view_id:
        show(bot, it.view_id, notices.as_view(answer, bot.words))


def tell_later(bot: Bot, it: Coming, answer: Message | View) -> None:
    """The form was closed meanwhile: its result, or everything typed behind a button, goes to the person's DM."""
    facts = {"text": answer.text} if isinstance(answer, Message) else {"form": answer}
    try:
        me = who(bot, it)
        if isinstance(me, Person):
            to, key = f"person:{me.id}", f"left:{it.key}"
            bot.transact(lambda session: say(session, "left_form", 0, to, key=key, facts=facts))
    except Unavailable:
        _in_direct_message(bot, it, notices.not_kept(it.view, bot.words), paced=False)


def _in_direct_message(bot: Bot, it: Coming, answer: Message, *, paced: bool = True) -> None:
    """At the pace that delivery keeps, too: somebody may type faster than Slack lets us answer."""
    try:
        if paced:
            _wait_for_a_slot(bot, it)
        channel = it.channel or bot.slack.open_dm(it.user_id)
        bot.slack.post(channel, answer, thread_ts=it.thread_ts)
    except SlackProblem as problem:
        logger.warning("answer_lost", why=problem.reason)


def _wait_for_a_slot(bot: Bot, it: Coming) -> None:
    """Some seconds at most; without a database nobody knows the pace, and nothing else goes out either."""
    patience = time.monotonic() + ANSWERS_WITHIN
    try:
        me = known(bot, it.user_id)
        conversation = f"person:{me.id}" if me else ""
        while time.monotonic() < patience:
            with bot.writing() as session:
                if rates.take(session, POST, conversation):
                    return
            time.sleep(SLOT)
    except Unavailable:
        return
