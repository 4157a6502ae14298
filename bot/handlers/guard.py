"""The door: one acknowledgement, who acts, and the only place where errors become answers.

A listener checks what needs no database, offers the work, and acknowledges; the rest happens in the bot's
own executor, so that Slack is answered in time while the database is slow or gone.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot import log
from bot.bot import Bot
from bot.cards import forms, notices, refusals
from bot.cards.message import Message, View
from bot.changes.context import Context
from bot.handlers import coming
from bot.handlers.coming import Coming
from bot.handlers.who import who
from bot.outbox.slack_errors import Rejected, SlackProblem
from bot.rules.values import Invalid, Person, Refused
from bot.store import deliveries
from bot.store.engine import Unavailable
from bot.store.outbox import say

logger = log.get(__name__)
Answer = Message | View | Refused | Invalid | None
Conversation = Callable[[Bot, Person, Coming], Answer]
Checked = Callable[[Coming, Bot], Mapping[str, str]]
TRIGGER_LIVES = 2.0
"""Seconds; Slack's own three, less the way to Slack."""
ACK_ARRIVES = 0.25
"""Seconds: a result shown before the acknowledgement reached Slack would be painted over by its "Saving…"."""


Choice = Callable[[Bot, Mapping[str, Any]], tuple[Conversation, str | None, Coming]]


def hears_command(bot: Bot, choose: Choice) -> Callable[..., None]:
    """A listener for words, typed or kept by a button. ``choose`` reads them, without a database: what to do, and a form's title."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        conversation, title, it = choose(bot, body)
        taken = bot.work.offer(lambda: _answer(bot, it, conversation, title))
        if taken or it.kind != "command":
            ack()
        else:
            ack(text=refusals.refusal(Refused("busy"), bot.words).text)

    return listener


def hears_click(bot: Bot, conversation: Conversation, title: str | None = None) -> Callable[..., None]:
    """A listener for a button; with ``title`` it opens a form, in a loading state first."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        it = coming.click(body)
        taken = bot.work.offer(lambda: _answer(bot, it, conversation, title))
        ack()
        if not taken:
            logger.warning("work_full", kind="click")

    return listener


def hears_submission(bot: Bot, conversation: Conversation, title: str, check: Checked | None = None) -> Callable[..., None]:
    """A listener for a form. ``check`` finds what needs no database; those errors go back at once, at their field."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        it = coming.submission(body)
        errors = check(it, bot) if check else {}
        if errors:
            ack(response_action="errors", errors=dict(errors))
        elif bot.work.offer(lambda: _save(bot, it, conversation, title)):
            ack(response_action="update", view=forms.saving(bot.words))
        else:
            field = next(iter(it.values), "")
            ack(response_action="errors", errors={field: refusals.invalid(Refused("busy"), bot.words)})

    return listener


def hears_event(bot: Bot, heard: Callable[[Bot, dict[str, Any]], None]) -> Callable[..., None]:
    """A listener for what happens in the workspace; nobody waits for an answer."""

    def listener(ack: Any, event: dict[str, Any]) -> None:
        bot.work.offer(lambda: _hear(bot, heard, event))
        ack()

    return listener


def once(bot: Bot, it: Coming, change: Callable[[Any, Context], Any]) -> Any:
    """Makes a change one time only, however often Slack delivers it; a repeat is ``Refused("repeated")``.

    A change that is refused or invalid stores no key, so that the corrected form may come again.
    """
    ctx = bot.context()

    def changing(session: Any) -> Any:
        if deliveries.seen(session, it.key):
            return Refused("repeated")
        result = change(session, ctx)
        if not isinstance(result, Refused | Invalid):
            deliveries.remember(session, it.key)
        return result

    return bot.transact(changing)


def _hear(bot: Bot, heard: Callable[[Bot, dict[str, Any]], None], event: dict[str, Any]) -> None:
    try:
        heard(bot, event)
    except (Unavailable, SlackProblem) as trouble:
        logger.warning("event_not_handled", event_type=event.get("type"), why=str(trouble))


def _answer(bot: Bot, it: Coming, conversation: Conversation, title: str | None) -> None:
    opened = _open_loading(bot, it, title) if title and it.age < TRIGGER_LIVES else None
    answer = _in_words(bot, it, _talk(bot, it, conversation))
    if answer is None:
        return
    view = answer if isinstance(answer, dict) else notices.as_view(answer, bot.words, title)
    if opened is not None:
        _show(bot, opened[0], view, opened[1])
    elif isinstance(answer, Message):
        _reply(bot, it, answer)
    elif it.view_id:
        _show(bot, it.view_id, answer, it.view_hash)
    else:
        _reply(bot, it, notices.open_the_form(it.retry, bot.words))


def _save(bot: Bot, it: Coming, conversation: Conversation, title: str) -> None:
    answer = _in_words(bot, it, _talk(bot, it, conversation))
    if answer is None:
        return
    view = answer if isinstance(answer, dict) else notices.as_view(answer, bot.words, title)
    time.sleep(max(0.0, ACK_ARRIVES - it.age))
    if not _show(bot, it.view_id or "", view):
        _tell_later(bot, it, answer)


def _talk(bot: Bot, it: Coming, conversation: Conversation) -> Answer:
    """Runs the conversation as the person who came; nothing that goes wrong leaves it unanswered."""
    try:
        me = who(bot, it)
        return me if isinstance(me, Refused) else conversation(bot, me, it)
    except Unavailable:
        logger.warning("database_unavailable", kind=it.kind)
        return Refused("unavailable")
    except SlackProblem as trouble:
        logger.warning("slack_unavailable", kind=it.kind, why=str(trouble))
        return Refused("unavailable")
    except Exception:
        reference = secrets.token_hex(3).upper()
        logger.exception("handler_failed", reference=reference, kind=it.kind)
        _tell_admins(bot, it, reference)
        return Refused("failed", {"reference": reference})


def _in_words(bot: Bot, it: Coming, answer: Answer) -> Message | View | None:
    if isinstance(answer, Refused):
        if answer.code == "repeated" and it.kind != "submission":
            return None
        return refusals.refusal(answer, bot.words, bot.policies)
    if isinstance(answer, Invalid):
        return notices.said(refusals.line(answer, bot.words, bot.policies))
    return answer


def _open_loading(bot: Bot, it: Coming, title: str | None) -> tuple[str, str] | None:
    """The loading view's id and hash; None where the trigger had gone."""
    view = forms.loading(bot.words, title or "")
    try:
        shown = bot.slack.update_view(it.view_id, view) if it.view_id else bot.slack.open_view(it.trigger_id or "", view)
    except SlackProblem as problem:
        logger.info("view_not_opened", why=problem.reason)
        return None
    return shown["id"], shown["hash"]


def _show(bot: Bot, view_id: str, view: View, view_hash: str | None = None) -> bool:
    """Whether it was there to be shown; somebody may have closed it meanwhile."""
    try:
        bot.slack.update_view(view_id, view, hash_=view_hash)
    except Rejected as problem:
        logger.info("view_not_updated", why=problem.reason)
        return False
    return True


def _reply(bot: Bot, it: Coming, answer: Message) -> None:
    if it.response_url:
        bot.slack.respond(it.response_url, answer)
    elif it.view_id:
        _show(bot, it.view_id, notices.as_view(answer, bot.words))


def _tell_later(bot: Bot, it: Coming, answer: Message | View) -> None:
    """The form was closed meanwhile: its result, or everything typed behind a button, goes to the person's DM."""
    facts = {"text": answer.text} if isinstance(answer, Message) else {"form": answer}
    me = who(bot, it)
    if isinstance(me, Person):
        bot.transact(lambda session: say(session, "left_form", 0, f"person:{me.id}", key=f"left:{it.key}", facts=facts))


def _tell_admins(bot: Bot, it: Coming, reference: str) -> None:
    try:
        ctx = bot.context()
        bot.transact(lambda session: deliveries.tell_admins(
                session, ctx.admins, ctx.today, "bug", reference, {"reference": reference}
            ))
    except Exception:
        logger.exception("admins_not_told", reference=reference)


def shown(errors: Sequence[Invalid], words: Any) -> dict[str, str]:
    """Errors keyed by their field, in words, for an acknowledgement."""
    return {problem.field: refusals.invalid(problem, words) for problem in errors}
