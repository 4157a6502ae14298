"""How soon ``/cred help`` is acknowledged over signed HTTP, alone and 32 in the same instant.

Against Bolt that only acknowledges: as it comes (it looks for the acknowledgement every 10 ms), and with
``process_before_response``. Ours answers each command besides, and the next round waits for that.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from benchmarks import ack_servers
from benchmarks.ratio import Ratio, Sample, show
from bot.sandbox.http_mode import sign
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace

SIZE = 3_200
AT_ONCE = (1, 32)
WARM_UP = 3
PATIENCE = 30.0
SERVERS = {"ours": ack_servers.ours, "bare Bolt": ack_servers.bare, "before_response": ack_servers.bare_before_response}
Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def measure(size: int = SIZE) -> list[Ratio]:
    """``size``: acknowledgements of each server with 32 at once; a tenth of that one by one."""
    clinic = Clinic()
    with ExitStack() as running:
        running.enter_context(clinic.server)
        app, api_url = clinic.workspace.app, clinic.server.api_url
        ports = {
            name: running.enter_context(ack_servers.serving(serve, app.bot_token, app.signing_secret, api_url))
            for name, serve in SERVERS.items()
        }
        return [ratio for many in AT_ONCE for ratio in _ratios(clinic, ports, many, size)]


class Clinic:
    """The workspace behind the servers; it counts the answers that ours gives after its acknowledgements."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.cora = self.workspace.add_person("cora", "Cora Diaz", "cora@riverbend.example", "America/New_York")
        self.answers: deque[float] = deque()
        self.server = Server(self.workspace, extra_routes=[Route("/answer", self._answer, methods=["POST"])])

    def command(self) -> bytes:
        """One signed request, as Slack sends it."""
        form = {
            "team_id": self.workspace.team_id, "user_id": self.cora, "command": "/cred", "text": "help",
            "channel_id": "C0GENERAL", "trigger_id": secrets.token_hex(8), "response_url": f"{self.server.url}/answer",
        }  # fmt: skip
        body = urlencode(form).encode()
        headers = {
            "Host": "bot", "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)),
            **sign(self.workspace.app.signing_secret, body, int(time.time())),
        }  # fmt: skip
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + body

    async def _answer(self, _: Request) -> PlainTextResponse:
        self.answers.append(time.monotonic())
        return PlainTextResponse("ok")


def _ratios(clinic: Clinic, ports: dict[str, int], many: int, size: int) -> Iterator[Ratio]:
    rounds = max(2, size // 32 if many > 1 else size // 10)
    took = asyncio.run(_all_rounds(clinic, ports, many, rounds))
    what = f"ack of /cred help, {many} at once"
    yield Ratio(what, took["ours"], "bare Bolt", took["bare Bolt"], 0.1)
    yield Ratio(what, took["ours"], "process_before_response", took["before_response"], 1.5, "p99")


async def _all_rounds(clinic: Clinic, ports: dict[str, int], many: int, rounds: int) -> dict[str, Sample]:
    """The servers take turns, so that whatever else the machine does meets them all."""
    wires = {
        name: [await asyncio.open_connection("127.0.0.1", port) for _ in range(many)] for name, port in ports.items()
    }
    took: dict[str, list[float]] = {name: [] for name in ports}
    for turn in range(WARM_UP + rounds):
        for name, mine in wires.items():
            seconds = await _round(clinic, mine, answers=name == "ours")
            if turn >= WARM_UP:
                took[name] += seconds
    for _, writer in (wire for mine in wires.values() for wire in mine):
        writer.close()
    return {name: Sample(tuple(seconds)) for name, seconds in took.items()}


async def _round(clinic: Clinic, wires: list[Wire], *, answers: bool) -> list[float]:
    clinic.answers.clear()
    commands = [clinic.command() for _ in wires]
    seconds = await asyncio.gather(*(_asked(wire, said) for wire, said in zip(wires, commands, strict=True)))
    patience = time.monotonic() + PATIENCE
    while answers and len(clinic.answers) < len(wires):
        assert time.monotonic() < patience, "not every command was answered"
        await asyncio.sleep(0.001)
    return seconds


async def _asked(wire: Wire, request: bytes) -> float:
    """The seconds until the acknowledgement was there."""
    reader, writer = wire
    begun = time.perf_counter()
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200"), head
    length = next(int(line.partition(":")[2]) for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(length)
    return time.perf_counter() - begun


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
