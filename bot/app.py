"""The only wiring: settings in, a bot out."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from bot import log
from bot import policies as policy_files
from bot.bot import Bot, context_of
from bot.cards.words import Words
from bot.clock import Clock
from bot.executor import LISTENERS_WAIT, READERS, READERS_IN_PROCESS, Executor, rate_limit
from bot.executor.rate_limit import Budget
from bot.handlers import register
from bot.outbox.admin_alerts import alarm_for
from bot.outbox.delivery import Delivery
from bot.outbox.registry import kinds
from bot.outbox.slack import Slack
from bot.settings import Settings, shipped
from bot.store.engine import Database

logger = log.get(__name__)
LISTENERS = LISTENERS_WAIT + 8
"""Threads in which listeners run: those that wait for a result, and some that acknowledge at once."""
BOLTS_OWN = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_VERIFICATION_TOKEN", "SLACK_BOT_TOKEN")
"""With the first two in the environment Bolt drops our token and turns to OAuth; of the last it warns at each start."""


def build(settings: Settings, clock: Clock | None = None) -> Bot:
    """The bot, ready to be served; opens nothing and asks nobody. Raises SettingsError, PolicyError."""
    clock = clock or Clock(settings.zone)
    policies = policy_files.load(settings.credbot_policies)
    words = Words(shipped("messages"), settings.credbot_messages)
    db = Database(settings.database_url, settings.credbot_secret_key)
    timeout = max(1, int(min(10.0, settings.credbot_send_lease / 2)))
    slack = Slack(
        settings.slack_bot_token or "",
        settings.slack_api_url,
        timeout=timeout,
        org_shared=policies.organization.org_shared_channels,
    )
    delivery = Delivery(
        db,
        slack,
        kinds(lambda: context_of(settings, policies, clock), words),
        clock,
        send_lease=settings.credbot_send_lease,
        on_alarm=alarm_for(clock, settings.credbot_admins),
    )
    return Bot(
        settings,
        clock,
        policies,
        words,
        slack,
        db,
        Executor(READERS_IN_PROCESS if db.on_sqlite else READERS),
        Budget(rate_limit.A_MINUTE),
        Budget(rate_limit.SEARCHES),
        delivery,
    )


def slack_app(bot: Bot) -> App:
    """Bolt's app with every listener registered. Asks Slack who the bot is, once; raises SlackProblem."""
    for name in BOLTS_OWN:
        os.environ.pop(name, None)
    me = bot.slack.who_am_i()
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=me.team_id,
        bot_user_id=me.user_id,
        bot_id=me.bot_id,
        bot_token=bot.settings.slack_bot_token,
    )

    def authorize() -> AuthorizeResult:
        return known

    app = App(
        client=WebClient(base_url=bot.settings.slack_api_url, retry_handlers=[]),
        authorize=authorize,
        logger=log.of_library("slack_bolt"),  # else its loggers take the root's level, and write whole requests at INFO
        request_verification_enabled=False,  # bot/server/slack_endpoint.py decides, before anything is parsed
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener"),
    )
    register(app, bot)
    app.error(_not_heard)
    return app


def _not_heard(error: Exception) -> BoltResponse:
    """Slack wants an acknowledgement of everything, a button of an older version too, or delivers it again."""
    if isinstance(error, BoltUnhandledRequestError):
        logger.info("unhandled_action", type=error.request.body.get("type"))
        return BoltResponse(status=200)
    logger.error("listener_failed", exc_info=error)
    return BoltResponse(status=500)
