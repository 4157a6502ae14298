"""The door: one acknowledgement, who acts, and the only place where errors become answers.

A listener checks what needs no database, offers the work, and acknowledges; the rest happens in the bot's
own executor, so that Slack is answered in time while the database is slow or gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import log
from bot.bot import Bot
from bot.cards import forms, notices, refusals
from bot.cards.actions import Form
from bot.cards.message import Message, View
from bot.cards.refill import refilled
from bot.cards.words import WordsError
from bot.changes.context import Context
from bot.handlers import answering, coming
from bot.handlers.coming import Coming, Outdated
from bot.handlers.who import who
from bot.outbox.slack_errors import SlackProblem
from bot.rules.values import Invalid, Person, Refused
from bot.store import deliveries
from bot.store.engine import Unavailable

logger = log.get(__name__)
Answer = Message | View | Refused | Invalid | None
Conversation = Callable[[Bot, Person, Coming], Answer]
Checked = Callable[[Coming, Bot], Mapping[str, str]]
TRIGGER_LIVES = 2.0
"""Seconds; Slack's own three, less the way to Slack."""
ACK_ARRIVES = 0.25
"""Seconds: a result shown before the acknowledgement reached Slack would be painted over by its "Saving…"."""
MAY_WORK_LATER = frozenset({"busy", "unavailable", "failed"})
WITHOUT_WORDS = "Something went wrong on my side, and the words for it failed too. An admin knows."


Permit = Callable[[Bot, Person, Coming], Refused | None]
"""Why this person may not do this to this row; asked before the conversation begins."""


@dataclass(frozen=True, slots=True)
class Listener:
    """What a command, a button or a form starts, and who may."""

    run: Conversation
    form: Form | None = None
    """The form that a button opens; the one that a submission is of."""
    permit: Permit = lambda _, __, ___: None
    reads: bool = False
    """It changes nothing, and waits for nobody who does."""
    check: Checked | None = None
    """What is wrong with a form as typed, found without a database."""
    chooses: bool = False
    """A form that leads to another, and stores nothing."""


Choice = Callable[[Bot, Mapping[str, Any]], tuple[Listener, str | None, Coming]]


def hears_command(bot: Bot, choose: Choice) -> Callable[..., None]:
    """A listener for words, typed or kept by a button.

    ``choose`` reads them, without a database: what to do, and a form's title.
    """

    def listener(ack: Any, body: dict[str, Any]) -> None:
        listening, title, it = choose(bot, body)
        taken = _offered(bot, it, lambda: _answer(bot, it, listening, title))
        if taken or it.kind != "command":
            ack()
        else:
            busy = _try_again(bot, it, Refused("busy"))
            ack(text=busy.text, blocks=busy.blocks)
        if not taken:
            _excuse(bot, it)

    return listener


def hears_message(bot: Bot, choose: Choice) -> Callable[..., None]:
    """A listener for words in a direct message, or beside a mention. What is edited or said by bots is no word."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        if _is_for_us(body["event"]):
            listening, title, it = choose(bot, body)
            if not _offered(bot, it, lambda: _answer(bot, it, listening, title)):
                _excuse(bot, it)
        ack()

    return listener


def hears_click(bot: Bot, pressed: Listener, title: str | None = None) -> Callable[..., None]:
    """A listener for a button; with ``title`` it opens a form, in a loading state first."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        it = coming.click(body)
        taken = _offered(bot, it, lambda: _answer(bot, it, pressed, title))
        ack()
        if not taken:
            _excuse(bot, it)

    return listener


def hears_submission(bot: Bot, sent: Listener, title: str) -> Callable[..., None]:
    """A listener for a form. What its ``check`` finds goes back at once, at its field."""
    meanwhile = forms.loading if sent.chooses else forms.saving

    def listener(ack: Any, body: dict[str, Any]) -> None:
        it = coming.submission(body)
        errors = sent.check(it, bot) if sent.check else {}
        if errors:
            ack(response_action="errors", errors=dict(errors))
        elif _offered(bot, it, lambda: _save(bot, it, sent, title)):
            ack(response_action="update", view=meanwhile(bot.words))
        else:
            ack(response_action="update", view=refilled(it.view, refusals.line(Refused("busy"), bot.words)))

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
        if not deliveries.first_time(session, it.key):
            return Refused("repeated")
        result = change(session, ctx)
        if isinstance(result, Refused | Invalid):
            deliveries.forget(session, it.key)
        return result

    return bot.transact(changing)


def _offered(bot: Bot, it: Coming, piece: Callable[[], None]) -> bool:
    """Whether the work was taken; all that it logs names the request and who came."""

    def named() -> None:
        with log.about(request=it.reference, user=it.user_id, came=it.kind):
            piece()

    return bot.work.offer(named)


def _hear(bot: Bot, heard: Callable[[Bot, dict[str, Any]], None], event: dict[str, Any]) -> None:
    try:
        heard(bot, event)
    except (Unavailable, SlackProblem) as trouble:
        logger.warning("event_not_handled", event_type=event.get("type"), why=str(trouble))


def _answer(bot: Bot, it: Coming, listening: Listener, title: str | None) -> None:
    if it.kind == "message" and _answered_before(bot, it):
        return
    opens = title and it.trigger_id and it.age < TRIGGER_LIVES
    try:
        opened = answering.open_loading(bot, it, title or "") if opens else None
    except answering.AlreadyOpen:
        return
    answer = _thought(bot, it, listening)
    if opened is not None:
        view = answer if isinstance(answer, dict) else notices.as_view(answer or _repeated(bot), bot.words, title)
        if answering.show(bot, opened[0], view, opened[1]) not in (None, *answering.MOVED_ON):
            answering.reply(bot, it, notices.open_the_form("open_form", it.retry, bot.words))
    elif isinstance(answer, Message):
        answering.reply(bot, it, answer)
    elif answer and it.view_id:
        answering.show(bot, it.view_id, answer, it.view_hash)
    elif answer:
        piece = "form_needed" if it.kind == "message" else "open_form"
        answering.reply(bot, it, notices.open_the_form(piece, it.retry, bot.words))


def _save(bot: Bot, it: Coming, sent: Listener, title: str) -> None:
    answer = _thought(bot, it, sent)
    if answer is None:
        return
    view = answer if isinstance(answer, dict) else notices.as_view(answer, bot.words, title)
    time.sleep(max(0.0, ACK_ARRIVES - it.age))
    if answering.show(bot, it.view_id or "", view) and not sent.chooses:
        answering.tell_later(bot, it, answer)


def _is_for_us(event: Mapping[str, Any]) -> bool:
    said_by_a_person = event.get("user") and not event.get("bot_id") and not event.get("subtype")
    return bool(said_by_a_person) and (event["type"] == "app_mention" or event.get("channel_type") == "im")


def _answered_before(bot: Bot, it: Coming) -> bool:
    """Whether Slack delivered the message again; a database that is gone cannot tell, and the answer says so."""
    try:
        return not bot.transact(lambda session: deliveries.first_time(session, f"heard:{it.key}"))
    except Unavailable:
        return False


def _thought(bot: Bot, it: Coming, listening: Listener) -> Message | View | None:
    """What to answer, in words; sent by whoever asks."""
    with bot.work.thinking:
        return _worded(bot, it, _talk(bot, it, listening))


def _talk(bot: Bot, it: Coming, listening: Listener) -> Answer:
    """Runs the conversation as the person who came; nothing that goes wrong leaves it unanswered."""
    try:
        me = who(bot, it)
        refused = me if isinstance(me, Refused) else listening.permit(bot, me, it)
        return refused if isinstance(me, Refused) or refused else listening.run(bot, me, it)
    except Outdated:
        return Refused("outdated", {"typed_in": it.kind == "submission"})
    except Unavailable as trouble:
        logger.warning("database_unavailable", why=str(trouble))
        return Refused("unavailable")
    except SlackProblem as trouble:
        logger.warning("slack_unavailable", why=str(trouble))
        return Refused("unavailable")
    except Exception:
        return Refused("failed", {"reference": _reported(bot, it, "handler_failed")})


def _worded(bot: Bot, it: Coming, answer: Answer) -> Message | View | None:
    """The answer as Slack takes it, in plain words of our own where a template fails."""
    try:
        return _in_words(bot, it, answer)
    except WordsError:
        _reported(bot, it, "words_failed")
        return notices.said(WITHOUT_WORDS)


def _in_words(bot: Bot, it: Coming, answer: Answer) -> Message | View | None:
    if isinstance(answer, Refused):
        if answer.code == "repeated":
            return None
        return _try_again(bot, it, answer) if answer.code in MAY_WORK_LATER else _refusal(bot, answer, it.view)
    if isinstance(answer, Invalid):
        return notices.said(refusals.line(answer, bot.words, bot.policies))
    return answer


def _refusal(bot: Bot, refused: Refused, form: Mapping[str, Any] | None = None) -> Message:
    """Why not; what somebody typed into the ``form`` that is refused stays before them."""
    said = refusals.line(refused, bot.words, bot.policies)
    return notices.not_saved(said, form or {}, bot.words)


def _repeated(bot: Bot) -> Message:
    return _refusal(bot, Refused("repeated"))


def _try_again(bot: Bot, it: Coming, refused: Refused) -> Any:
    """What may work in a minute keeps what was typed: in its form, or behind **Try again**."""
    line = refusals.line(refused, bot.words)
    if it.kind == "submission":
        return refilled(it.view, line)
    return _refusal(bot, refused) if it.kind == "click" else notices.try_again(line, it.retry, bot.words)


def _excuse(bot: Bot, it: Coming) -> None:
    """Says "busy" beside all that is at work; a command heard it with its acknowledgement."""
    logger.warning("work_full", request=it.reference, user=it.user_id, came=it.kind)
    if it.kind != "command":
        bot.work.excuse(lambda: answering.reply(bot, it, _try_again(bot, it, Refused("busy"))))


def _reported(bot: Bot, it: Coming, event: str) -> str:
    """Logs what is being handled and tells the admins; the reference that both carry, as does all this request logs."""
    logger.exception(event)
    _tell_admins(bot, it.reference)
    return it.reference


def _tell_admins(bot: Bot, reference: str) -> None:
    try:
        ctx = bot.context()
        bot.transact(
            lambda session: deliveries.tell_admins(
                session, ctx.admins, ctx.today, "bug", reference, {"reference": reference}
            )
        )
    except Exception:
        logger.exception("admins_not_told")
