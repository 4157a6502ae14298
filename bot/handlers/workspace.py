"""The workspace itself: accounts and channels that change, forms that came too late, messages that got stuck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot import log
from bot.bot import Bot
from bot.cards import notices
from bot.changes.people.accounts import remember_person
from bot.changes.workspace import StuckAnswer, answer_together
from bot.handlers.dispatch.interaction import Interaction, whole
from bot.handlers.dispatch.listeners import Answer
from bot.outbox.slack_values import as_user, profile_of
from bot.rules.people.models import Person
from bot.rules.refusals import CommonRefusal, Refused
from bot.store.outbox.undeliverable import read_left_form
from bot.store.people import accounts
from bot.store.people.accounts import Profile
from bot.store.workspace.processed_events import tell_admins

logger = log.get(__name__)


def continue_form(bot: Bot, _: Person, event: Interaction) -> Answer:
    """**Continue**: the form that was closed, with everything typed."""
    with bot.reading() as session:
        form = read_left_form(session, event.id)
    return Refused(CommonRefusal.ALREADY_DONE) if form is None else form or Refused(CommonRefusal.FORM_FORGOTTEN)


def stuck(answer: StuckAnswer) -> Callable[[Bot, Person, Interaction], Answer]:
    """**It arrived**, **Send again**, **Drop**: an admin's word on a message, or on all of a group."""

    def conversation(bot: Bot, me: Person, event: Interaction) -> Answer:
        first, _, last = event.value.partition("-")
        ends = whole(first), whole(last or first)
        settled = bot.transact(lambda session: answer_together(session, bot.context(), me, *ends, answer))
        return settled if isinstance(settled, Refused) else notices.done(f"resolving_{answer}", bot.words, n=settled)

    return conversation


def account_changed(bot: Bot, event: dict[str, Any]) -> None:
    """``user_change``: names, zones, guests and deactivations of people on file are known at once, not only tomorrow.

    Slack sends it for every status and photo of every member: what it says is taken from the event itself, nobody is
    asked about, and nobody is stored who was not.
    """
    user = as_user(event["user"], bot.slack.who_am_i())
    with bot.reading() as session:
        known = accounts.profile_of(session, user.id)
    if known is None or user.outsider or _with_what_it_says(known, profile_of(user)) == known:
        return

    def remember(session: Session) -> None:
        kept = accounts.profile_of(session, user.id) or known  # somebody may have written since
        remember_person(session, bot.context(), _with_what_it_says(kept, profile_of(user)))

    bot.transact(remember)


def app_removed(_: Bot, event: dict[str, Any]) -> None:
    """Nobody can be told in Slack any more; messages wait until the app is installed again."""
    logger.error("app_removed", event_type=event["type"])


def channel_changed(bot: Bot, event: dict[str, Any]) -> None:
    """A channel was archived, renamed or shared, or the bot left it: is it still fit for what is posted there?"""
    channel = event.get("channel")
    channel_id = str(channel.get("id") if isinstance(channel, dict) else channel)
    ctx = bot.context()
    if channel_id not in (ctx.approvals_channel, ctx.team_channel) or _somebody_else_left(bot, event):
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


def _somebody_else_left(bot: Bot, event: dict[str, Any]) -> bool:
    return event["type"] == "member_left_channel" and event.get("user") != bot.slack.who_am_i().user_id


def _with_what_it_says(kept: Profile, said: Profile) -> Profile:
    """The news of an event, which may be silent about address and zone; addresses are kept in small letters."""
    email = said.email.lower() if said.email else kept.email
    return replace(said, email=email, time_zone=said.time_zone or kept.time_zone)
