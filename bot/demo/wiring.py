"""The demo's wiring: a workspace, its server and page, a calendar, and the bot that anybody would run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from bot.app import build
from bot.bot import Bot
from bot.clock import Clock
from bot.demo import backstory, clinic, irregularities
from bot.demo.completions import commands
from bot.demo.timeline import foresee
from bot.jobs import schedule
from bot.server import lifecycle
from bot.settings import Settings
from bot.store.schema import make_ready
from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.page.routes import page_routes
from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

NAME = "Riverbend Behavioral Health"
ZONE = "America/New_York"
TRY_FIRST = ("/cred help", "/cred status @lee", "/cred add @lee license NY 245871 Dec 31, 2028", "/cred expiring 60d")
LONGEST_WAIT = 10.0
"""Seconds of real time that the calendar lets Slack's pace take before it goes on."""
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class Clinic:
    """The demo while it runs."""

    bot: Bot
    workspace: Workspace
    calendar: WorkspaceClock
    slack: Client
    url: str


@contextmanager
def open_clinic(start: datetime, port: int = 0) -> Iterator[Clinic]:
    """Riverbend on 127.0.0.1, its business time beginning at ``start``; gone without a trace afterwards."""
    workspace = Workspace(domain=clinic.DOMAIN)
    staff = clinic.settle_in(workspace)
    calendar = WorkspaceClock(start, staff.time_zone)
    opened: list[Bot] = []
    page = page_routes(
        workspace,
        calendar,
        name=NAME,
        try_first=TRY_FIRST,
        commands=lambda: [command for bot in opened for command in commands(bot)],
        coming=lambda: [one for bot in opened for one in foresee(bot)],
    )
    with (
        _without_proxies(),
        TemporaryDirectory(prefix="credbot-demo-") as folder,
        Server(workspace, port=port, calendar=calendar, extra_routes=page) as server,
    ):
        settings = _settings(workspace, staff.channels, server.api_url, Path(folder))
        bot = build(settings, Clock(ZoneInfo(staff.time_zone), calendar.now))
        make_ready(bot.db)
        backstory.hire(bot, workspace, staff.roles)
        backstory.bring_in_files(bot, clinic.write_roster(workspace, bot.clock.today(), Path(folder) / "clinic.csv"))
        irregularities.what_was_not_in_order(bot, workspace)
        backstory.what_was_going_on(bot, workspace)
        calendar.run_hour = lambda _: schedule.run_due(bot.db, bot.context)
        calendar.drain = lambda: bot.delivery.drain(LONGEST_WAIT)
        opened.append(bot)
        running = lifecycle.start(bot, way="socket", jobs=True, delivery=True)
        try:
            yield Clinic(bot, workspace, calendar, Client(workspace), server.url)
        finally:
            running.stop()


def _settings(workspace: Workspace, channels: Mapping[str, str], api_url: str, folder: Path) -> Settings:
    """Every setting by name, so that nothing of the environment or a .env file comes in."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        slack_bot_token=workspace.app.bot_token,
        slack_app_token=workspace.app.app_token,
        slack_signing_secret=workspace.app.signing_secret,
        slack_api_url=api_url,
        database_url=f"sqlite:///{folder / 'credbot.db'}",
        credbot_admins=(),
        credbot_approvals_channel=channels["approvals"],
        credbot_team_channel=channels["team"],
        credbot_timezone=ZONE,
        credbot_policies=clinic.POLICIES,
        credbot_messages=None,
        credbot_secret_key=(Fernet.generate_key().decode(),),
        credbot_send_lease=10,
        port=0,
    )


@contextmanager
def _without_proxies() -> Iterator[None]:
    """Slack's client sends even 127.0.0.1 to a proxy that the environment names."""
    named = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(named)
