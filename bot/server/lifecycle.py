"""Bringing a bot to life and to rest: Slack's side, the jobs, the delivery."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any, Literal, TypeVar

import anyio
from slack_bolt import App
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import log
from bot.app import LISTENERS, slack_app
from bot.bot import Bot
from bot.handlers.dispatch.identity import meet_the_admins
from bot.jobs import schedule
from bot.outbox.slack_errors import NoAnswer, RetryAfter
from bot.rules.workspace.health import Health
from bot.rules.workspace.policy_gaps import PolicyGapError
from bot.server import http
from bot.server.errors import naming
from bot.server.health import as_answered
from bot.server.http import Refusals
from bot.server.slack_endpoint import SlackEndpoint
from bot.server.slack_socket import HEARTBEAT, SlackSocket
from bot.settings import SettingsError
from bot.store.engine import Unavailable
from bot.store.migrations import revision
from bot.store.workspace.health import read_pulse, record_others
from bot.store.workspace.policy_gaps import policy_gaps
from bot.store.workspace.policy_versions import keep_version

logger = log.get(__name__)
T = TypeVar("T")
Way = Literal["socket", "http"]
GRACE = 9.0
"""Seconds for everything to come to rest, below the ten that platforms give."""
HEALTH_WAIT = 2.0
"""Seconds until a database that is asked how things are counts as gone."""
SLACK_WAIT, PAUSE = 60.0, 2.0
"""Seconds that a start waits for a Slack that does not answer, and between two tries."""


class Running:
    """A bot at work. ``stop`` lets what was begun finish, within GRACE seconds."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._stopping = threading.Event()
        self._rests: list[Callable[[], Any]] = []
        self._threads: list[threading.Thread] = []
        self.url: str | None = None
        """Where HTTP is heard; None over Socket Mode."""

    def stop(self) -> None:
        deadline = time.monotonic() + GRACE
        self._stopping.set()
        for rest in reversed(self._rests):
            rest()
        finished = self._bot.executor.stop(max(0.1, deadline - time.monotonic() - 2))
        self._bot.delivery.wake()
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        self._bot.db.dispose()
        logger.info("stopped", finished=finished)

    def hears_by_socket(self, app: App) -> None:
        token = self._bot.settings.slack_app_token or ""
        slack = SlackSocket(app, token, concurrency=LISTENERS, others=self._note_others)
        self._rests.append(slack.close)
        _when_slack_answers(slack.connect)
        self._in_background("socket", lambda: self._keeps_up(slack))

    def hears_by_http(self, app: App, host: str, port: int) -> None:
        sock = _listen(host, port)
        refusals = Refusals()
        server = http.server(http_app(self._bot, app, refusals), refusals)
        self.url = f"http://{host}:{sock.getsockname()[1]}"
        self._in_background("http", lambda: server.run(sockets=[sock]))
        while not server.started:
            time.sleep(0.01)
        self._rests.append(lambda: setattr(server, "should_exit", True))

    def delivers(self) -> None:
        self._in_background("delivery", lambda: self._bot.delivery.run(self._stopping))

    def works_by_the_clock(self) -> None:
        scheduler = schedule.start(self._bot)
        self._rests.append(lambda: scheduler.shutdown(wait=False))

    def _keeps_up(self, slack: SlackSocket) -> None:
        while not self._stopping.wait(HEARTBEAT):
            slack.keep_up()

    def _note_others(self, count: int) -> None:
        if count:
            logger.warning("other_connections", count=count)
        try:
            self._bot.transact(lambda session: record_others(session, count))
        except Unavailable as trouble:
            logger.warning("database_unavailable", why=str(trouble))

    def _in_background(self, name: str, do: Callable[[], Any]) -> None:
        thread = threading.Thread(target=do, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)


def start(bot: Bot, *, way: Way | None, jobs: bool, delivery: bool, host: str = "0.0.0.0") -> Running:  # noqa: S104
    """Starts what is asked for, Slack's side last, so that nothing comes in before it can be answered."""
    running = Running(bot)
    refuse_policy_gaps(bot)
    with naming("SLACK_BOT_TOKEN"):
        app = _when_slack_answers(lambda: slack_app(bot))
    bot.transact(lambda session: keep_version(session, bot.policies))
    meet_the_admins(bot)
    if delivery:
        running.delivers()
    if jobs:
        running.works_by_the_clock()
    try:
        if way == "socket":
            with naming("SLACK_APP_TOKEN"):
                running.hears_by_socket(app)
        elif way == "http":
            running.hears_by_http(app, host, bot.settings.port)
    except BaseException:
        running.stop()
        raise
    logger.info(
        "ready", version=version("credbot"), schema=revision(bot.db.engine), policies=bot.policies.hash[:12],
        slack=way or "none", jobs=jobs, delivery=delivery,
    )  # fmt: skip
    return running


def refuse_policy_gaps(bot: Bot) -> None:
    """Raises PolicyGapError where something on file is of a kind that no policy describes."""
    with bot.reading() as session:
        gaps = policy_gaps(session, bot.policies, bot.clock.today())
    if gaps:
        raise PolicyGapError(gaps)


def until_told_to_stop(running: Running) -> None:
    """Says that the bot is ready, then waits for SIGTERM or Ctrl-C and comes to rest."""
    # What is loaded by now stays: the collector need not walk it at every turn (docs/performance.md).
    gc.collect()
    gc.freeze()
    wait = hear_the_end()
    print("Credbot is ready", flush=True)  # noqa: T201
    wait()
    _ends_at_last()
    running.stop()


def hear_the_end() -> Callable[[], object]:
    """From now on SIGTERM and Ctrl-C are heard; what this returns waits for one of them.

    A pipe carries the word, written as the signal comes in: a handler in Python has to wait until the main thread takes
    its turn, which it does not while it reads, where the system gave the signal to another thread.
    """
    heard, said = os.pipe()
    os.set_blocking(said, False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(said)
    return partial(os.read, heard, 1)


def _ends_at_last() -> None:
    """Python waits for threads whose calls hang, longer than platforms do; those are cut off, as by a kill."""
    limit = threading.Timer(GRACE + 0.5, os._exit, (0,))
    limit.daemon = True
    limit.start()


def http_app(bot: Bot, app: App, refusals: Refusals) -> Starlette:
    """``POST /slack/events`` for everything of Slack's, ``GET /healthz`` for whoever watches."""
    events = SlackEndpoint(bot.settings.slack_signing_secret or "", app.dispatch, refusals, threads=LISTENERS)
    look: asyncio.Task[Health | None] | None = None

    async def health(_: Request) -> Response:
        nonlocal look
        if look is None or look.done():  # else whoever asks meanwhile shares the answer: a flood costs one question
            look = asyncio.create_task(anyio.to_thread.run_sync(_pulse, bot, abandon_on_cancel=True))
        answered, _waiting = await asyncio.wait({look}, timeout=HEALTH_WAIT)
        found = look.result() if answered else None
        once = {"connection": "close"}  # what is not Slack's has no reason to ask on and on
        told = as_answered(found, bot.slack.trouble)
        return JSONResponse(told, headers=once) if found else JSONResponse(told, status_code=503)

    served = Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/healthz", health)])
    served.router.redirect_slashes = False
    return served


def _pulse(bot: Bot) -> Health | None:
    """None: the database does not answer."""
    try:
        with bot.reading() as session:
            return read_pulse(session)
    except Unavailable:
        return None


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise SettingsError(f"PORT: {port} cannot be used ({error.strerror}). Set PORT to a free one.") from error


def _when_slack_answers(connect: Callable[[], T]) -> T:
    deadline = time.monotonic() + SLACK_WAIT
    while True:
        try:
            return connect()
        except (NoAnswer, RetryAfter) as problem:
            wait = problem.seconds if isinstance(problem, RetryAfter) and problem.seconds else PAUSE
            if time.monotonic() + wait > deadline:
                raise
            logger.warning("slack_does_not_answer", why=problem.reason)
            time.sleep(wait)
