"""How an answer reaches the person who came: in the acknowledgement, as a form, a note that only they see, or a DM."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from bot import log
from bot.bot import Bot
from bot.cards import frame, notices
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message, View
from bot.cards.block_kit.refilled import refilled
from bot.handlers.dispatch.identity import who
from bot.handlers.dispatch.interaction import Interaction, block_of, label_of
from bot.outbox.slack_errors import SlackProblem, used_trigger
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.store.engine import Unavailable
from bot.store.outbox.messages import say

logger = log.get(__name__)
MOVED_ON = frozenset({"not_found", "hash_conflict"})
"""The form was closed, or shows something newer: nobody waits for this any more."""
TRIGGER_LIVES = 2.0
"""Seconds; Slack's own three, less the way to Slack."""
OPENS_WITHIN = 10.0
"""Seconds after which a loading form that does not open is given up, as its call is."""
ONCE_MORE = 3.0
"""Seconds after which an acknowledgement on its way may have painted "Saving…" over a result that was shown before."""
LONGEST_ACK = 48_000
"""Bytes; Slack's SDK cannot frame 64 KiB over Socket Mode."""


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong with a form as typed, by field."""

    by_field: Mapping[str, str]


Result = Message | View | Errors | None
"""What a person is answered, in words; None: nothing, since the first of two was."""


class Loading:
    """The form that stands there while the work takes longer than a second; opened by a thread of its own."""

    def __init__(self, bot: Bot, event: Interaction, title: Callable[[Bot, Interaction], str | None]) -> None:
        self._bot, self._it, self._title = bot, event, title
        self._opening: Future[tuple[str, str | None] | None] | None = None

    def begin(self) -> None:
        """Called at most once, before the work can be over."""
        self._opening = opening = Future[tuple[str, str | None] | None]()

        def piece() -> None:
            try:
                opening.set_result(self._open())
            except Exception as error:
                opening.set_exception(error)

        if not self._bot.executor.spare(piece):
            opening.set_result(None)

    def opened(self) -> tuple[str, str | None] | None:
        """Its id and hash; None where none was needed, or none could be opened. Raises AlreadyOpen."""
        return self._opening.result(OPENS_WITHIN) if self._opening else None

    def _open(self) -> tuple[str, str | None] | None:
        title = self._title(self._bot, self._it)
        if title is None or not self._it.trigger_id or self._it.age > TRIGGER_LIVES:
            return None
        try:
            return _opened(self._bot, self._it, frame.loading(self._bot.words, title))
        except AlreadyOpen:
            raise
        except SlackProblem as problem:
            logger.info("view_not_opened", why=problem.reason)
            return None


class AlreadyOpen(Exception):  # noqa: N818  (nothing is wrong)
    """Slack delivered this twice, and the other delivery has opened the form."""


def deliver(bot: Bot, event: Interaction, answer: Result, loading: Loading | None = None) -> None:
    """Shows what an acknowledgement did not carry: in the form that loads, in a new one, or as a note."""
    try:
        opened = loading.opened() if loading else None
    except AlreadyOpen:
        return
    if opened is not None:
        shown = notices.as_view(answer, bot.words) if isinstance(answer, Message) else answer
        if isinstance(shown, dict) and show(bot, opened[0], shown, opened[1]) not in (None, *MOVED_ON):
            _offer_the_form(bot, event)
    elif isinstance(answer, Message):
        reply(bot, event, answer)
    elif isinstance(answer, dict):
        _open_form(bot, event, answer)


def reply(bot: Bot, event: Interaction, answer: Message) -> None:
    """Only the person who came sees it. What was asked in a channel is answered by direct message."""
    if event.response_url:
        bot.slack.respond(event.response_url, answer)
    elif event.kind == "message":
        _in_direct_message(bot, event, answer)
    elif event.view_id:
        show(bot, event.view_id, notices.as_view(answer, bot.words))


def show(bot: Bot, view_id: str, view: View, view_hash: str | None = None) -> str | None:
    """None where it is shown, else why not: somebody may have closed it meanwhile, or Slack does not answer."""
    try:
        bot.slack.update_view(view, view_id=view_id, hash_=view_hash)
    except SlackProblem as problem:
        logger.info("view_not_updated", why=problem.reason)
        return problem.reason
    return None


class Saving:
    """A form that was sent: what its acknowledgement says, and what is shown when that was "Saving…"."""

    def __init__(self, bot: Bot, event: Interaction, *, chooses: bool) -> None:
        self._bot, self._it, self._chooses = bot, event, chooses
        self._mark = secrets.token_hex(12)

    @property
    def _saying_so(self) -> str:
        """Names the view as long as it says "Saving…": what is shown instead has another name."""
        return f"saving-{self._mark}"

    @property
    def acknowledged(self) -> dict[str, Any]:
        """Until the result is known."""
        view = (frame.loading if self._chooses else frame.saving)(self._bot.words)
        return {"response_action": "update", "view": view | {"external_id": self._saying_so}}

    def acknowledges(self, result: Result) -> dict[str, Any]:
        """The result as an acknowledgement; one that is too long for it follows by ``views.update``."""
        if isinstance(result, Errors) and (named := self._blocks(result)):
            return {"response_action": "errors", "errors": named}
        view = self._view(result)
        if view is None or len(json.dumps(view).encode()) > LONGEST_ACK:
            self._bot.executor.spare(lambda: self.shows(result))
            return self.acknowledged
        return {"response_action": "update", "view": view}

    def shows(self, result: Result) -> None:
        """The result where the form stands, once more where a late acknowledgement painted over it; else by DM."""
        view = self._view(result)
        if view is None:
            return
        view |= {"external_id": f"shown-{self._mark}"}
        if show(self._bot, self._it.view_id or "", view) is None:
            later = threading.Timer(ONCE_MORE, self._once_more, (view,))
            later.daemon = True
            later.start()
        elif not self._chooses:
            _tell_later(self._bot, self._it, result if isinstance(result, Message) else view)

    def _once_more(self, view: View) -> None:
        try:
            self._bot.slack.update_view(view, external_id=self._saying_so)
        except SlackProblem as problem:
            if problem.reason not in MOVED_ON:
                logger.info("view_not_updated", why=problem.reason)

    def _blocks(self, errors: Errors) -> dict[str, str] | None:
        """By block, where each stands in the form that was sent: Slack refuses any other."""
        named = {block_of(self._it.view, field): text for field, text in errors.by_field.items()}
        return None if None in named else {block or "": text for block, text in named.items()}

    def _view(self, result: Result) -> View | None:
        if isinstance(result, Message):
            return notices.as_view(result, self._bot.words, _title_of(self._it.view))
        return refilled(self._it.view, *self._problems(result)) if isinstance(result, Errors) else result

    def _problems(self, errors: Errors) -> Iterator[Mrkdwn]:
        for field, text in errors.by_field.items():
            yield self._bot.words.line("form_problem", label=label_of(self._it.view, field), text=text)


def _title_of(view: Mapping[str, Any]) -> str | None:
    return (view.get("title") or {}).get("text")


def _open_form(bot: Bot, event: Interaction, view: View) -> None:
    if event.view_id or (event.trigger_id and event.age < TRIGGER_LIVES):
        try:
            _opened(bot, event, view)
        except AlreadyOpen:
            return
        except SlackProblem as problem:
            logger.info("view_not_opened", why=problem.reason)
            if event.view_id and problem.reason in MOVED_ON:
                return
        else:
            return
    _offer_the_form(bot, event)


def _opened(bot: Bot, event: Interaction, view: View) -> tuple[str, str | None]:
    """In the form whose button was pressed, else as a new one."""
    try:
        if event.view_id:
            shown = bot.slack.update_view(view, view_id=event.view_id, hash_=event.view_hash)
        else:
            shown = bot.slack.open_view(event.trigger_id or "", view)
    except SlackProblem as problem:
        if used_trigger(problem):
            raise AlreadyOpen from problem
        raise
    return shown["id"], shown.get("hash")


def _offer_the_form(bot: Bot, event: Interaction) -> None:
    """A button instead of a form that could not open; words in a message never can."""
    piece = "form_needed" if event.kind == "message" else "form_too_late"
    reply(bot, event, notices.open_the_form(piece, event.retry, bot.words))


def _tell_later(bot: Bot, event: Interaction, answer: Message | View) -> None:
    """The form was closed meanwhile: its result, or everything typed behind a button, goes to the person's DM."""
    kind, facts = ("answer", _said(answer)) if isinstance(answer, Message) else ("left_form", {"form": answer})
    if not _says(bot, event, kind, f"left:{event.key}", facts):
        _post(bot, event, notices.not_kept(event.view, bot.words))


def _in_direct_message(bot: Bot, event: Interaction, answer: Message) -> None:
    """It goes out in its turn, at Slack's pace: nobody's thread waits for that."""
    thread = {"thread_ts": event.thread_ts} if event.thread_ts else {}
    if not _says(bot, event, "answer", f"answer:{event.key}", _said(answer) | thread):
        _post(bot, event, answer)


def _says(bot: Bot, event: Interaction, kind: str, key: str, facts: dict[str, Any]) -> bool:
    """Whether it was kept for delivery; it is not without a database, nor for whoever does not belong here."""
    try:
        me = who(bot, event)
        if not isinstance(me, Person):
            return False
        bot.transact(lambda session: say(session, kind, 0, to_person(me.id), key=key, facts=facts))
    except (Unavailable, SlackProblem):
        return False
    return True


def _said(answer: Message) -> dict[str, Any]:
    return {"text": answer.text, "blocks": answer.blocks}


def _post(bot: Bot, event: Interaction, answer: Message) -> None:
    try:
        channel = event.channel or bot.slack.open_dm(event.user_id)
        bot.slack.post(channel, answer, thread_ts=event.thread_ts)
    except SlackProblem as problem:
        logger.warning("response_failed", why=problem.reason)
