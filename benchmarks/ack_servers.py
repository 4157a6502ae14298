"""Three Bolt apps on uvicorn, each in a process of its own: ours, and two that only acknowledge."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.places import KEY, ZONE
from bot.app import build, slack_app
from bot.serve import http_app
from bot.settings import Settings, read_settings
from bot.store.opening import make_ready

Serve = Callable[[Settings], Starlette]


def ours(settings: Settings) -> Starlette:
    bot = build(settings)
    make_ready(bot.db)
    return http_app(bot, slack_app(bot))


def bare(settings: Settings) -> Starlette:
    """As Bolt's documentation begins."""
    return _bare(settings, before_response=False)


def bare_before_response(settings: Settings) -> Starlette:
    return _bare(settings, before_response=True)


@contextmanager
def serving(serve: Serve, token: str, secret: str, api_url: str) -> Iterator[int]:
    """The port on which it answers while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_run, args=(serve, token, secret, api_url, f"sqlite:///{folder}/credbot.db", there), daemon=True
        )
        process.start()
        try:
            yield here.recv()
        finally:
            process.kill()
            process.join()


def _bare(settings: Settings, *, before_response: bool) -> Starlette:
    """Served by Bolt's own adapter for Starlette."""
    app = App(
        client=WebClient(settings.slack_bot_token, base_url=settings.slack_api_url),
        signing_secret=settings.slack_signing_secret,
        process_before_response=before_response,
    )

    @app.command("/cred")
    def help_(ack: Callable[..., object]) -> None:
        ack()

    handler = SlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


def _run(serve: Serve, token: str, secret: str, api_url: str, database_url: str, ready: Connection) -> None:
    settings = read_settings(
        None,
        slack_bot_token=token,
        slack_signing_secret=secret,
        slack_api_url=api_url,
        database_url=database_url,
        credbot_timezone=ZONE,
        credbot_secret_key=KEY,
    )
    config = uvicorn.Config(serve(settings), port=0, log_config=None, access_log=False)
    socket = config.bind_socket()
    socket.listen()
    ready.send(socket.getsockname()[1])
    asyncio.run(uvicorn.Server(config).serve(sockets=[socket]))
