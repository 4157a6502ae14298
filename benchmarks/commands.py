"""``/cred`` sent to an app as Slack does, many in the same instant; when it is acknowledged, and when answered."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from benchmarks.envelopes import Link
from benchmarks.processes import Way
from bot.sandbox.http_mode import sign
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace

PATIENCE = 30.0
WARM_UP = 3
Form = dict[str, str]
Send = Callable[[Form], Any]


class Place:
    """A workspace of its own for each app, with one person, and with a note of when each answer came."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.cora = self.workspace.add_person("cora", "Cora Diaz", "cora@riverbend.example", "America/New_York")
        self.answered: dict[str, float] = {}
        route = Route("/answer/{number}", self._answer, methods=["POST"])
        self.slack = Server(self.workspace, extra_routes=[route])
        self.link = Link()
        self.workspace.socket_url = lambda: self.link.url

    def command(self, text: str, number: int) -> Form:
        return {
            "team_id": self.workspace.team_id, "user_id": self.cora, "command": "/cred", "text": text,
            "channel_id": "C0GENERAL", "trigger_id": secrets.token_hex(8),
            "response_url": f"{self.slack.url}/answer/{number}",
        }  # fmt: skip

    async def _answer(self, request: Request) -> PlainTextResponse:
        self.answered[request.path_params["number"]] = time.perf_counter()
        return PlainTextResponse("ok")


@dataclass(frozen=True, slots=True)
class Trial:
    """``answers``: whether the app answers besides; the next round waits for that, and the seconds are kept."""

    place: Place
    answers: bool


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the command, one a command."""

    acknowledged: list[float]
    answered: list[float]


def play(trials: Sequence[Trial], way: Way, text: str, many: int, rounds: int) -> list[Took]:
    """The apps take turns, so that whatever else the machine does meets them all."""
    return asyncio.run(_play(trials, way, text, many, rounds))


async def _play(trials: Sequence[Trial], way: Way, text: str, many: int, rounds: int) -> list[Took]:
    took = [Took([], []) for _ in trials]
    async with AsyncExitStack() as open_wires:
        wires = [await open_wires.enter_async_context(_wires(trial.place, way, many)) for trial in trials]
        for turn in range(WARM_UP + rounds):
            for trial, mine, sends in zip(trials, took, wires, strict=True):
                acknowledged, answered = await _round(trial, sends, text)
                if turn >= WARM_UP:
                    mine.acknowledged.extend(acknowledged)
                    mine.answered.extend(answered)
    return took


async def _round(trial: Trial, sends: Sequence[Send], text: str) -> tuple[list[float], list[float]]:
    place = trial.place
    place.answered.clear()
    commands = [place.command(text, number) for number in range(len(sends))]
    begun = time.perf_counter()
    acknowledged = await asyncio.gather(*(send(command) for send, command in zip(sends, commands, strict=True)))
    while trial.answers and len(place.answered) < len(sends):
        assert time.perf_counter() < begun + PATIENCE, "not every command was answered"
        await asyncio.sleep(0.001)
    return acknowledged, [at - begun for at in place.answered.values()]


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


async def _by_http(place: Place, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: Form) -> float:
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
    return time.perf_counter() - begun
