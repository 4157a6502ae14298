"""Who came: a member of this workspace, known to us, allowed through the door."""

from __future__ import annotations

from functools import partial

from bot import log
from bot.bot import Bot
from bot.changes.people.accounts import person_meant, remember_person
from bot.executor import may_wait
from bot.handlers.dispatch.interaction import Interaction
from bot.outbox.slack_errors import SlackProblem
from bot.outbox.slack_values import profile_of
from bot.rules.people.models import Person
from bot.rules.refusals import PeopleRefusal, Refused
from bot.store import audit
from bot.store.people import accounts
from bot.store.reminders.unreachable import seen_again

logger = log.get(__name__)


def who(bot: Bot, event: Interaction) -> Person | Refused:
    """The person as known today, asked of Slack where we never met. Outsiders, bots, deactivated are refused."""
    if not _of_this_workspace(bot, event):
        return _denied(bot, event, PeopleRefusal.OUTSIDER)
    person = identified(bot, event.user_id)
    if person is None:
        return _denied(bot, event, PeopleRefusal.OUTSIDER)
    if barred := _barred(person):
        return _denied(bot, event, barred)
    if person.dm_refused:
        bot.transact(lambda session: seen_again(session, person.id))
    return person


def identified(bot: Bot, slack_user_id: str) -> Person | None:
    """A person by Slack id, remembered from their Slack profile the first time.

    None for people from outside, and for an id that Slack does not know: nobody is kept for having been typed.
    """
    ctx = bot.context()
    with bot.reading() as session:
        person = accounts.person_by_slack_id(session, slack_user_id, on=ctx.today, admins=ctx.admins)
    if person is not None and person.confirmed:
        return person
    may_wait()
    user = bot.slack.user(slack_user_id)
    if user is None or user.outsider:
        return None
    return bot.transact(lambda session: remember_person(session, ctx, profile_of(user)))


def meet_the_admins(bot: Bot) -> None:
    """CREDBOT_ADMINS are people we can write to from the first minute: by name, where Slack can be asked."""
    ctx = bot.context()
    for slack_user_id in ctx.admins:
        if not _described(bot, slack_user_id):
            bot.transact(partial(person_meant, ctx=ctx, words=slack_user_id))


def _described(bot: Bot, slack_user_id: str) -> bool:
    """Whether Slack said who it is; people from outside are not kept, though it did."""
    if not bot.settings.slack_bot_token:
        return False
    try:
        return identified(bot, slack_user_id) is not None or bot.slack.user(slack_user_id) is not None
    except SlackProblem as trouble:
        logger.warning("admin_not_found", user=slack_user_id, why=str(trouble))
        return False


def _of_this_workspace(bot: Bot, event: Interaction) -> bool:
    """The cheap look: what came from elsewhere needs no look at who sent it. ``identified`` decides about people."""
    home = bot.slack.who_am_i()
    same_organization = home.enterprise_id is not None and event.enterprise_id == home.enterprise_id
    return event.team_id in ("", home.team_id) or same_organization


def _barred(person: Person) -> PeopleRefusal | None:
    if person.deactivated:
        return PeopleRefusal.DEACTIVATED
    return PeopleRefusal.BOT if person.bot else None


def _denied(bot: Bot, event: Interaction, code: PeopleRefusal) -> Refused:
    logger.warning("access_denied", code=code.value)
    subject = f"person:{event.user_id}"
    bot.transact(lambda session: audit.record(session, event.user_id, "refused", subject, reason=code.value))
    return Refused(code)
