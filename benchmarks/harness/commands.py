"""``/cred`` sent to an app as Slack does, many in the same instant; when it is acknowledged, and when answered."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from benchmarks.harness.envelopes import Link
from benchmarks.harness.processes import Way
from slack_sandbox.connection.http_mode import sign
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

PATIENCE = 30.0
WARM_UP = 3
Form = dict[str, str]
Send = Callable[[Form], Coroutine[Any, Any, tuple[float, bool]]]
"""Sends one; the seconds until it is acknowledged, and whether that carried an answer."""
Said = tuple[str, int]
"""A command, and how many times."""


class Place:
    """A workspace of its own for each app, with one person, and with a note of when each answer came."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.cora = self.workspace.add_person("cora", "Cora Diaz", "cora@riverbend.example", "America/New_York")
        self._expected: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Future[float]]] = {}
        route = Route("/answer/{number}", self._answer, methods=["POST"])
        self.slack = Server(self.workspace, extra_routes=[route])
        self.link = Link()
        self.workspace.socket_url = lambda: self.link.url

    def expects(self, command: Form) -> asyncio.Future[float]:
        """When the answer comes to this command's response_url."""
        loop = asyncio.get_running_loop()
        self._expected[command["response_url"].rpartition("/")[2]] = loop, (future := loop.create_future())
        return future

    def command(self, text: str) -> Form:
        return {
            "team_id": self.workspace.team_id, "user_id": self.cora, "command": "/cred", "text": text,
            "channel_id": "C0GENERAL", "trigger_id": secrets.token_hex(8),
            "response_url": f"{self.slack.url}/answer/{secrets.token_hex(8)}",
        }  # fmt: skip

    async def _answer(self, request: Request) -> PlainTextResponse:
        now = time.perf_counter()
        loop, future = self._expected.pop(request.path_params["number"])
        loop.call_soon_threadsafe(future.set_result, now)
        return PlainTextResponse("ok")


def play(places: Sequence[Place], way: Way, text: str, many: int, rounds: int) -> list[list[float]]:
    """Seconds until each answer is seen. The apps take turns, so that whatever else the machine does meets them all."""
    return asyncio.run(_play(places, way, text, many, rounds))


def play_beside(place: Place, way: Way, first: Said, then: Said) -> tuple[list[float], list[float]]:
    """Seconds until each of the ``first`` is acknowledged; and those until the others, sent meanwhile, are answered."""
    return asyncio.run(_play_beside(place, way, first, then))


async def _play(places: Sequence[Place], way: Way, text: str, many: int, rounds: int) -> list[list[float]]:
    took: list[list[float]] = [[] for _ in places]
    async with AsyncExitStack() as open_wires:
        wires = [await open_wires.enter_async_context(_wires(place, way, many)) for place in places]
        for turn in range(WARM_UP + rounds):
            for place, mine, sends in zip(places, took, wires, strict=True):
                answered = await asyncio.gather(*(_answered(place, send, text) for send in sends))
                if turn >= WARM_UP:
                    mine.extend(answered)
    return took


async def _play_beside(place: Place, way: Way, first: Said, then: Said) -> tuple[list[float], list[float]]:
    async with _wires(place, way, first[1] + 1) as (reads, *writes):
        await _answered(place, reads, then[0])
        waiting = [asyncio.create_task(send(place.command(first[0]))) for send in writes]
        await asyncio.sleep(0.1)
        answered = [await _answered(place, reads, then[0]) for _ in range(then[1])]
        return [(await one)[0] for one in waiting], answered


async def _answered(place: Place, send: Send, text: str) -> float:
    """The answer is the acknowledgement, or what reaches the response_url."""
    command = place.command(text)
    answered = place.expects(command)
    begun = time.perf_counter()
    seconds, carried = await send(command)
    return seconds if carried else await asyncio.wait_for(answered, PATIENCE) - begun


@asynccontextmanager
async def _wires(place: Place, way: Way, many: int) -> AsyncIterator[list[Send]]:
    if way == "Socket Mode":
        wire = await place.link.open()
        yield [partial(wire.send, "slash_commands")] * many
        wire.close()
        return
    host, port = (place.workspace.request_url or "").split("/")[2].split(":")
    wires = [await asyncio.open_connection(host, int(port)) for _ in range(many)]
    yield [partial(_by_http, place, reader, writer) for reader, writer in wires]
    for _, writer in wires:
        writer.close()


async def _by_http(
    place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: Form
) -> tuple[float, bool]:
    body = urlencode(command).encode()
    headers = {
        "Host": "bot", "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)),
        **sign(place.workspace.app.signing_secret, body, int(time.time())),
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + body
    begun = time.perf_counter()
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200"), head
    length = next(int(line.partition(":")[2]) for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(length)
    return time.perf_counter() - begun, length > 0
