"""One acknowledgement, who acts, and where everything that goes wrong becomes an answer.

A listener reads what came, hands the work to a pool, and acknowledges with what comes of it within a second; what
takes longer is sent when it is known. It touches neither the database nor Slack itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session

from bot import log
from bot.bot import Bot
from bot.cards import notices, refusals
from bot.cards.actions import Form
from bot.cards.block_kit.message import Message, View
from bot.cards.block_kit.refilled import refilled
from bot.cards.words import WordsError
from bot.executor import LATE, Handoff, Late, MustWait, may_wait
from bot.executor.rate_limit import Verdict
from bot.handlers.dispatch import interaction, responses
from bot.handlers.dispatch.identity import who
from bot.handlers.dispatch.interaction import Interaction, Outdated
from bot.handlers.dispatch.responses import Errors, Loading, Result, Saving
from bot.outbox.slack_errors import SlackProblem
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.refusals import CommonRefusal, Invalid, Refused
from bot.store.engine import PATIENCE, Unavailable
from bot.store.workspace import processed_events

logger = log.get(__name__)
T = TypeVar("T")
Answer = Message | View | Refused | Invalid | None
Conversation = Callable[[Bot, Person, Interaction], Answer]
Checked = Callable[[Interaction, Bot], Mapping[str, str]]
Opens = Form | Callable[[Bot, Interaction], Form | None] | None
Permit = Callable[[Bot, Person, Interaction], Refused | None]
"""Why this person may not do this to this row; asked before the conversation begins."""
MAY_WORK_LATER = frozenset({CommonRefusal.BUSY, CommonRefusal.UNAVAILABLE, CommonRefusal.FAILED})
FIRST_ENDS = 3.0
"""Seconds that a repeat waits for the words of the first."""
WITHOUT_WORDS = "Something went wrong on my side, and the words for it failed too. An admin knows."


@dataclass(frozen=True, slots=True)
class Listener:
    """What a command, a button or a form starts, and who may."""

    run: Conversation
    form: Opens = None
    """The form that a button or words open; the one that a submission is of."""
    permit: Permit = lambda _, __, ___: None
    reads: bool = False
    """It changes nothing, and waits for nobody who does."""
    check: Checked | None = None
    """What is wrong with a form as typed, by field, found without a database."""
    chooses: bool = False
    """A form that leads to another, and stores nothing."""

    def title(self, bot: Bot, event: Interaction) -> str | None:
        """The form's title; None where the answer is a message."""
        form = self.form(bot, event) if callable(self.form) else self.form
        return bot.words.plain(f"title_{form}") if form else None


Choice = Callable[[Bot, Mapping[str, Any]], tuple[Listener, Interaction]]


def hears_command(bot: Bot, choose: Choice) -> Callable[..., None]:
    """A listener for words after ``/cred``; a message is the acknowledgement, a form opens beside it.

    ``choose`` reads the words, without a database.
    """

    def listener(ack: Any, body: dict[str, Any]) -> None:
        listening, event = choose(bot, body)
        came = _begin(bot, event, listening)
        if isinstance(came, Message):
            ack(text=came.text, blocks=came.blocks, response_type="ephemeral")
        else:
            ack()

    return listener


def hears_kept_words(bot: Bot, choose: Choice) -> Callable[..., None]:
    """A listener for a button that kept a command's words, or another button that may be pressed once more."""
    return lambda ack, body: _pressed(bot, ack, *choose(bot, body))


def hears_message(bot: Bot, choose: Choice) -> Callable[..., None]:
    """A listener for words in a direct message, or beside a mention. What is edited or said by bots is no word."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        if _is_for_us(body["event"]):
            listening, event = choose(bot, body)
            allowed = bot.budget.take(event.user_id)
            if allowed is Verdict.TELL_ONCE:
                _excuse(bot, event, Refused(CommonRefusal.TOO_MUCH))
            elif allowed is Verdict.ALLOWED and not bot.executor.offer(
                _named(bot, event, lambda: _reply(bot, event, listening)), reads=False
            ):
                _excuse(bot, event, Refused(CommonRefusal.BUSY))
        ack()

    return listener


def hears_click(bot: Bot, pressed: Listener) -> Callable[..., None]:
    """A listener for a button. An acknowledgement of it can say nothing; where it opens a form, it waits for that."""
    return lambda ack, body: _pressed(bot, ack, pressed, interaction.click(body))


def hears_submission(bot: Bot, sent: Listener) -> Callable[..., None]:
    """A listener for a form: its result, or the form with what is wrong, is the acknowledgement."""

    def listener(ack: Any, body: dict[str, Any]) -> None:
        event = interaction.submission(body)
        saving = Saving(bot, event, chooses=sent.chooses)
        came = _begin(bot, event, sent, saving)
        acknowledgement = saving.acknowledged if isinstance(came, Late) else saving.acknowledges(came)
        ack(**acknowledgement)

    return listener


def hears_event(bot: Bot, heard: Callable[[Bot, dict[str, Any]], None]) -> Callable[..., None]:
    """A listener for what happens in the workspace; nobody waits for an answer."""

    def listener(ack: Any, event: dict[str, Any]) -> None:
        if not bot.executor.offer(lambda: _hear(bot, heard, event), reads=False):
            logger.warning("event_not_handled", event_type=event.get("type"), why="busy")
        ack()

    return listener


class NotDone(Exception):  # noqa: N818  (an answer, not an error of ours)
    """A change was refused, or what was typed cannot be used; the conversation ends with this answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def run_once(
    bot: Bot,
    event: Interaction,
    change: Callable[[Session, Context], T | Refused | Invalid],
    instead: Callable[[Refused | Invalid], Answer] = lambda problem: problem,
) -> T:
    """What a change came to, made one time only, however often Slack delivers it. Raises NotDone otherwise.

    ``instead`` says what answers a refusal or invalid input: itself, in words, or the form with everything typed.
    A change that is refused or invalid stores no key, so that the corrected form may come again; what it recorded of
    the refusal is kept.
    """
    ctx = bot.context()

    def changing(session: Session) -> T | Refused | Invalid:
        if not processed_events.first_time(session, event.key):
            return Refused(CommonRefusal.REPEATED)
        result = change(session, ctx)
        if isinstance(result, Refused | Invalid):
            processed_events.forget(session, event.key)
        return result

    result = bot.transact(changing)
    if isinstance(result, Refused | Invalid):
        raise NotDone(instead(result))
    return result


def _pressed(bot: Bot, ack: Any, listening: Listener, event: Interaction) -> None:
    _begin(bot, event, listening, wait=listening.form is not None)
    ack()


def _begin(
    bot: Bot, event: Interaction, listening: Listener, saving: Saving | None = None, *, wait: bool = True
) -> Result | Late:
    """What came of it within the second that an acknowledgement waits. A repeat shares what comes of the first."""
    allowed = bot.budget.take(event.user_id)
    if allowed is not Verdict.ALLOWED:
        return (
            _not_begun(bot, event, Refused(CommonRefusal.TOO_MUCH)) if allowed is Verdict.TELL_ONCE or saving else None
        )
    handoff, new = bot.executor.handed(event.delivery, event.key)
    loading = Loading(bot, event, listening.title)

    def done(answer: Result) -> None:
        waited_for = handoff.give(answer)
        if saving is not None:
            if not waited_for:
                _beside(bot, lambda: saving.shows(answer))
        elif not (waited_for and event.kind == "command" and isinstance(answer, Message)):
            _beside(bot, lambda: responses.deliver(bot, event, answer, loading))

    if new and not _offered(bot, event, listening, done, reads=listening.reads):
        bot.executor.forget(event.delivery)
        return _not_begun(bot, event, Refused(CommonRefusal.BUSY))
    if not wait:
        return handoff.take(0)
    return bot.executor.arrives(handoff, loading.begin if new and saving is None else _nothing)


def _offered(bot: Bot, event: Interaction, listening: Listener, done: Callable[[Result], None], *, reads: bool) -> bool:
    """Whether it was taken. What turns out to have to wait begins again among those who do."""

    def piece() -> None:
        try:
            with bot.db.one_view() if reads else nullcontext():
                answer = _thought(bot, event, listening)
        except MustWait:
            if _offered(bot, event, listening, done, reads=False):
                return
            answer = _try_again(bot, event, Refused(CommonRefusal.BUSY))
        done(answer)

    return bot.executor.offer(_named(bot, event, piece), reads=reads)


def _beside(bot: Bot, sends: Callable[[], None]) -> None:
    """Asks Slack; whoever only reads leaves that to a spare thread, so that the next one need not wait for Slack."""
    try:
        may_wait()
    except MustWait:
        if bot.executor.spare(sends):
            return
    sends()


def _not_begun(bot: Bot, event: Interaction, refused: Refused) -> Message | View | None:
    """Said by the acknowledgement, with what was typed; of a button's, which carries nothing, beside it."""
    logger.warning("not_begun", why=refused.code.value, request=event.reference, user=event.user_id, came=event.kind)
    if event.kind != "click":
        return _try_again(bot, event, refused)
    _excuse(bot, event, refused)
    return None


def _nothing() -> None:
    """Leaving needs no more."""


def _named(bot: Bot, event: Interaction, piece: Callable[[], None]) -> Callable[[], None]:
    """All that it logs names the request and who came; all that it waits for has one end, counted from its arrival."""

    def named() -> None:
        with (
            log.about(request=event.reference, user=event.user_id, came=event.kind),
            bot.db.patient_until(event.at + PATIENCE),
        ):
            piece()

    return named


def _hear(bot: Bot, heard: Callable[[Bot, dict[str, Any]], None], event: dict[str, Any]) -> None:
    try:
        heard(bot, event)
    except (Unavailable, SlackProblem) as trouble:
        logger.warning("event_not_handled", event_type=event.get("type"), why=str(trouble))


def _reply(bot: Bot, event: Interaction, listening: Listener) -> None:
    if not _answered_before(bot, event):
        responses.deliver(bot, event, _thought(bot, event, listening))


def _is_for_us(event: Mapping[str, Any]) -> bool:
    direct = event["type"] == "app_mention" or event.get("channel_type") == "im"
    return direct and interaction.said_by_a_person(event)


def _answered_before(bot: Bot, event: Interaction) -> bool:
    """Whether Slack delivered the message again; a database that is gone cannot tell, and the answer says so."""
    try:
        return not bot.transact(lambda session: processed_events.first_time(session, f"heard:{event.key}"))
    except Unavailable:
        return False


def _thought(bot: Bot, event: Interaction, listening: Listener) -> Result:
    """What to answer, in words."""
    try:
        return _in_words(bot, event, _talk(bot, event, listening))
    except WordsError:
        _reported(bot, event, "words_failed")
        return notices.said(WITHOUT_WORDS)


def _talk(bot: Bot, event: Interaction, listening: Listener) -> Answer | Errors:
    """Runs the conversation as the person who came; nothing that goes wrong leaves it unanswered."""
    try:
        me = who(bot, event)
        refused = me if isinstance(me, Refused) else listening.permit(bot, me, event)
        if isinstance(me, Refused) or refused:
            return refused
        return _wrong(bot, event, listening) or _held(bot, me, event, listening)
    except MustWait:
        raise
    except Outdated:
        return Refused(CommonRefusal.OUTDATED, {"typed_in": event.kind == "submission"})
    except Unavailable as trouble:
        logger.warning("database_unavailable", why=str(trouble))
        return Refused(CommonRefusal.UNAVAILABLE)
    except SlackProblem as trouble:
        logger.warning("slack_unavailable", why=str(trouble))
        return Refused(CommonRefusal.UNAVAILABLE)
    except Exception:
        return Refused(CommonRefusal.FAILED, {"reference": _reported(bot, event, "handler_failed")})


def _held(bot: Bot, me: Person, event: Interaction, listening: Listener) -> Answer:
    """The conversation, to its end or to where a change was not made."""
    try:
        return listening.run(bot, me, event)
    except NotDone as ended:
        return ended.answer


def _wrong(bot: Bot, event: Interaction, listening: Listener) -> Errors | None:
    """What is wrong as typed: every date is held against the calendar before anything counts with it."""
    wrong = refusals.errors(event.wrong_days(), bot.words)
    errors = wrong or (listening.check(event, bot) if listening.check else {})
    return Errors(errors) if errors else None


def _in_words(bot: Bot, event: Interaction, answer: Answer | Errors) -> Result:
    if isinstance(answer, Refused):
        if answer.code == CommonRefusal.REPEATED:
            return _as_before(bot, event)
        return _try_again(bot, event, answer) if answer.code in MAY_WORK_LATER else _refusal(bot, answer, event.view)
    if isinstance(answer, Invalid):
        return notices.said(refusals.line(answer, bot.words, bot.policies))
    return answer


def _as_before(bot: Bot, event: Interaction) -> Result:
    """A repeat gets what the first one got, where this process knows it; a form always gets an answer."""
    first: Handoff[Result] | None = bot.executor.first(event.key, event.delivery)
    answer = first.known(FIRST_ENDS) if first else LATE
    if not isinstance(answer, Late):
        return answer
    return _refusal(bot, Refused(CommonRefusal.REPEATED)) if event.kind == "submission" else None


def _refusal(bot: Bot, refused: Refused, form: Mapping[str, Any] | None = None) -> Message:
    """Why not; what somebody typed into the ``form`` that is refused stays before them."""
    said = refusals.line(refused, bot.words, bot.policies)
    return notices.not_saved(said, form or {}, bot.words)


def _try_again(bot: Bot, event: Interaction, refused: Refused) -> Message | View:
    """What may work in a minute keeps what was typed: in its form, or behind **Try again**."""
    if event.kind == "submission":
        return refilled(event.view, refusals.line(refused, bot.words))
    return _for_another_try(bot, event, refused)


def _for_another_try(bot: Bot, event: Interaction, refused: Refused) -> Message:
    """A button can be pressed again where it stands; words are kept behind **Try again**."""
    if event.kind == "click":
        return _refusal(bot, refused)
    return notices.try_again(refusals.line(refused, bot.words), event.retry, bot.words)


def _excuse(bot: Bot, event: Interaction, refused: Refused) -> None:
    """Says why nothing was begun, beside all that is at work."""
    said = _for_another_try(bot, event, refused)
    bot.executor.spare(lambda: responses.reply(bot, event, said))


def _reported(bot: Bot, event: Interaction, what: str) -> str:
    """Logs what is being handled and tells the admins; the reference that both carry, as does all this request logs."""
    logger.exception(what)
    _tell_admins(bot, event.reference)
    return event.reference


def _tell_admins(bot: Bot, reference: str) -> None:
    try:
        ctx = bot.context()
        bot.transact(
            lambda session: processed_events.tell_admins(
                session, ctx.admins, ctx.today, "bug", reference, {"reference": reference}
            )
        )
    except MustWait:
        raise
    except Exception:
        logger.exception("admins_not_told")
