"""``GET /healthz`` in front of everybody: many who ask at once cost the database one question."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import anyio
import httpx
import pytest
from anyio.lowlevel import checkpoint

from bot.server import lifecycle
from bot.server.http import Refusals

ASKING = 40


def test_a_flood_of_questions_is_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks while the database is being asked shares the answer."""
    asked: list[Any] = []
    come, answer = threading.Event(), threading.Event()

    def pulse(bot: Any) -> None:
        asked.append(bot)
        come.set()
        answer.wait(10)

    monkeypatch.setattr(lifecycle, "_pulse", pulse)
    bot: Any = SimpleNamespace(
        settings=SimpleNamespace(slack_signing_secret="secret"), slack=SimpleNamespace(trouble=None)
    )
    app = lifecycle.http_app(bot, SimpleNamespace(dispatch=None), Refusals())  # type: ignore[arg-type]
    statuses: list[int] = []

    async def ask(client: httpx.AsyncClient) -> None:
        statuses.append((await client.get("/healthz")).status_code)

    async def flood() -> None:
        transport = httpx.ASGITransport(app=app)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://x") as client,
            anyio.create_task_group() as crowd,
        ):
            for _ in range(ASKING):
                crowd.start_soon(ask, client)
            while not come.is_set():
                await checkpoint()
            await anyio.wait_all_tasks_blocked()
            answer.set()

    anyio.run(flood)
    assert (len(asked), statuses) == (1, [503] * ASKING)


def test_what_is_not_slacks_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good answer ends its connection as a bad one does, and nobody is sent on to another address."""
    monkeypatch.setattr(lifecycle, "_pulse", lambda _: object())
    monkeypatch.setattr(lifecycle, "as_answered", lambda *_: {})
    bot: Any = SimpleNamespace(
        settings=SimpleNamespace(slack_signing_secret="secret"), slack=SimpleNamespace(trouble=None)
    )
    app = lifecycle.http_app(bot, SimpleNamespace(dispatch=None), Refusals())  # type: ignore[arg-type]

    async def ask(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as client:
            return await client.get(path)

    well = anyio.run(ask, "/healthz")
    assert (well.status_code, well.headers["connection"]) == (200, "close")
    assert anyio.run(ask, "/healthz/").status_code == 404
