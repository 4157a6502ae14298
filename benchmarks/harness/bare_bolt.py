"""The least that a Bolt app can do with the same payloads; ``benchmarks.harness.processes`` runs it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.harness.processes import READY

LINE = "Your license is current: it expires in 23 days, Jan 15, 2027."


def app(reads: Callable[[str], object]) -> App:
    """``reads``: what it looks up before it answers, for whom."""
    bolt = App(
        client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
        signing_secret=os.environ.get("SLACK_SIGNING_SECRET", ""),
        process_before_response=True,
    )

    @bolt.command("/cred")
    def hear(ack: Callable[..., object], command: Mapping[str, str]) -> None:
        reads(command["user_id"])
        ack(LINE)

    @bolt.action("approve")
    def approve(ack: Callable[..., object], body: Mapping[str, Any], client: WebClient) -> None:
        ack()
        text = f"Approved by <@{body['user']['id']}>"
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=text, blocks=[])

    return bolt


def serve(bolt: App) -> None:
    """Over Socket Mode where there is an app token, by Bolt's own adapter; otherwise by that for Starlette."""
    if token := os.environ.get("SLACK_APP_TOKEN"):
        SocketModeHandler(bolt, token).connect()
        print(READY, end="", flush=True)
        threading.Event().wait()
        return
    handler = SlackRequestHandler(bolt)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(
        routes=[Route("/slack/events", events, methods=["POST"])],
    )
    config = uvicorn.Config(web, port=int(os.environ["PORT"]), log_config=None, access_log=False)
    socket = config.bind_socket()
    socket.listen()
    print(READY, end="", flush=True)
    uvicorn.Server(config).run(sockets=[socket])


def look_up() -> Callable[[str], object]:
    """All that our answer reads: who asks, about whom, and that file."""
    from benchmarks.harness.places import KEY, context
    from bot.store.engine import Database
    from bot.store.people import accounts
    from bot.store.providers import profiles
    from bot.store.reports import status_and_lists

    db = Database(os.environ["DATABASE_URL"], (KEY,))

    def read(slack_user_id: str) -> None:
        ctx = context()
        with db.reading() as session:
            me = accounts.person_by_slack_id(session, slack_user_id, on=ctx.today)
            assert me is not None
            assert me.provider_id is not None
        with db.reading() as session:
            provider = profiles.provider(session, me.provider_id)
            assert provider is not None
        with db.reading() as session:
            status_and_lists.status_view(session, me, provider, ctx.policies, ctx.today, ctx.admins)

    return read


if __name__ == "__main__":
    serve(app(look_up() if "DATABASE_URL" in os.environ else lambda _: None))
