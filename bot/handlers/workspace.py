"""The workspace itself: accounts and channels that change, forms that came too late, messages that got stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from bot import log
from bot.bot import Bot
from bot.cards import notices
from bot.changes.delivery import StuckAnswer, answer_together
from bot.changes.people import remember_person
from bot.handlers.coming import Coming, whole
from bot.handlers.guard import Answer
from bot.outbox.slack_values import profile_of
from bot.rules.values import Person, Refused
from bot.store.deliveries import tell_admins
from bot.store.stuck import read_left_form

logger = log.get(__name__)


def continue_form(bot: Bot, _: Person, it: Coming) -> Answer:
    """**Continue**: the form that was closed, with everything typed."""
    with bot.reading() as session:
        form = read_left_form(session, it.id)
    return Refused("already_done") if form is None else form or Refused("form_forgotten")


def stuck(answer: StuckAnswer) -> Callable[[Bot, Person, Coming], Answer]:
    """**It arrived**, **Send again**, **Drop**: an admin's word on a message, or on all of a group."""

    def conversation(bot: Bot, me: Person, it: Coming) -> Answer:
        first, _, last = it.value.partition("-")
        ends = whole(first), whole(last or first)
        settled = bot.transact(lambda session: answer_together(session, bot.context(), me, *ends, answer))
        return settled if isinstance(settled, Refused) else notices.done(f"stuck_{answer}", bot.words, n=settled)

    return conversation


def account_changed(bot: Bot, event: dict[str, Any]) -> None:
    """``user_change``: names, zones, guests and deactivations are known at once, not only tomorrow."""
    user = bot.slack.user(str(event["user"]["id"]), fresh=True)
    if user is None or user.outsider:
        return
    bot.transact(lambda session: remember_person(session, bot.context(), profile_of(user)))


def app_removed(_: Bot, event: dict[str, Any]) -> None:
    """Nobody can be told in Slack any more; messages wait until the app is installed again."""
    logger.error("app_removed", event_type=event["type"])


def channel_changed(bot: Bot, event: dict[str, Any]) -> None:
    """A channel was left, archived, renamed or shared: is it still fit for what is posted there?"""
    channel = event.get("channel")
    channel_id = str(channel.get("id") if isinstance(channel, dict) else channel)
    ctx = bot.context()
    if channel_id not in (ctx.approvals_channel, ctx.team_channel):
        return
    reason = bot.slack.channel_ok(channel_id, fresh=True)
    if reason is None:
        return
    logger.warning("channel_unfit", channel=channel_id, reason=reason)
    facts = {"channel": channel_id, "reason": reason}

    def tell(session: Session) -> None:
        key = f"{channel_id}:{reason}:{event.get('event_ts', '')}"
        tell_admins(session, ctx.admins, ctx.today, "channel_unfit", key, facts)

    bot.transact(tell)
