"""Bringing a bot to life and to rest: Slack's side, the jobs, the delivery."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Literal, TypeVar

import anyio
import uvicorn
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_starlette_response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import log
from bot.app import LISTENERS, slack_app
from bot.bot import Bot
from bot.handlers.who import meet_the_admins
from bot.health import as_answered
from bot.jobs import schedule
from bot.mending import naming
from bot.outbox.slack_errors import NoAnswer, RetryAfter, SlackProblem, in_our_words
from bot.rules.health import Health
from bot.settings import SettingsError
from bot.store.engine import Unavailable
from bot.store.health import read_pulse
from bot.store.migrations import revision
from bot.store.policies import keep_version

logger = log.get(__name__)
T = TypeVar("T")
Way = Literal["socket", "http"]
GRACE = 9.0
"""Seconds for everything to come to rest, below the ten that platforms give."""
HEARTBEAT = 3.0
"""Seconds between two looks at the socket; one that was cut without a word is noticed after a few."""
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
        handler = SocketModeHandler(
            app, self._bot.settings.slack_app_token, concurrency=LISTENERS, ping_interval=HEARTBEAT
        )
        handler.client.on_message_listeners.append(lambda _: _acknowledges_at_once(handler))
        self._rests.append(handler.close)
        _when_slack_answers(lambda: _connect(handler))
        self._in_background("socket", lambda: self._stays_connected(handler))

    def hears_by_http(self, app: App, host: str, port: int) -> None:
        sock = _listen(host, port)
        server = uvicorn.Server(uvicorn.Config(http_app(self._bot, app), log_config=None, access_log=False))
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

    def _stays_connected(self, handler: SocketModeHandler) -> None:
        """The client's own watch ends for good when Slack cannot be reached once; this one goes on."""
        while not self._stopping.wait(HEARTBEAT):
            try:
                if handler.client.current_session is not None:
                    handler.client.current_session.check_state()
                if not handler.client.is_connected():
                    _connect(handler)
            except SlackProblem as problem:
                logger.warning("not_connected", why=problem.reason)

    def _in_background(self, name: str, do: Callable[[], Any]) -> None:
        thread = threading.Thread(target=do, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)


def start(bot: Bot, *, way: Way | None, jobs: bool, delivery: bool, host: str = "0.0.0.0") -> Running:  # noqa: S104
    """Starts what is asked for, Slack's side last, so that nothing comes in before it can be answered."""
    running = Running(bot)
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


def http_app(bot: Bot, app: App) -> Starlette:
    """``POST /slack/events`` for everything of Slack's, ``GET /healthz`` for whoever watches."""
    one_at_a_time, listeners = anyio.CapacityLimiter(1), anyio.CapacityLimiter(LISTENERS)

    async def events(request: Request) -> Response:
        body = (await request.body()).decode(errors="replace")
        asked = BoltRequest(body=body, query=str(request.query_params), headers=dict(request.headers))
        # In a thread of its own: a listener waits up to a second for what it acknowledges with.
        answer = await anyio.to_thread.run_sync(app.dispatch, asked, limiter=listeners)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            logger.warning("signature_refused")  # Bolt would log the request with it, and what it may not hold
        return to_starlette_response(answer)

    async def health(_: Request) -> Response:
        found = None
        with anyio.move_on_after(HEALTH_WAIT):
            found = await anyio.to_thread.run_sync(_pulse, bot, limiter=one_at_a_time, abandon_on_cancel=True)
        return JSONResponse(as_answered(found, bot.slack.trouble), status_code=200 if found else 503)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/healthz", health)])


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


def _connect(handler: SocketModeHandler) -> None:
    with in_our_words():
        handler.client.connect_to_new_endpoint()
    if not handler.client.is_connected():
        raise NoAnswer("the socket could not be opened")


def _acknowledges_at_once(handler: SocketModeHandler) -> None:
    """Left to itself the kernel holds a small packet back until the last one was received: up to 40 ms.

    Called for every message, since the client makes new connections by itself, and each begins with one.
    """
    session = handler.client.current_session
    if session is not None and session.sock is not None:
        session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


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
