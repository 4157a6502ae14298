"""The page's own routes: its files, what a person sees, what a person does, and the clock."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter, sleep, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.page.app_info import Command, UpcomingJob
from slack_sandbox.page.snapshot import NEWEST, act, look_up, snapshot
from slack_sandbox.workspace import Workspace

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# Short, so that a stopping server is not held up by a window that waits for news.
NEWS_WITHIN = 1.0
# A jump crosses hundreds of hours; nobody can read the page more often than this.
WHILE_JUMPING = 0.25


def page_routes(
    workspace: Workspace,
    calendar: WorkspaceClock,
    *,
    name: str = "",
    try_first: Sequence[str] = (),
    commands: Callable[[], Sequence[Command]] = tuple,
    coming: Callable[[], Sequence[UpcomingJob]] = tuple,
) -> list[BaseRoute]:
    """The routes of the page.

    `name` heads it (the workspace's domain when empty); `try_first` are commands to offer where nothing was
    said yet. `commands` are completed as one types; `coming` foresees what the timeline shows, in any order.
    """
    words = {"workspace": name or workspace.domain, "try_first": list(try_first)}
    page = _Page(workspace, calendar, words, commands, coming)
    return [
        Route("/", page.index),
        Route("/page/state", page.state),
        Route("/page/events", page.events),
        Route("/page/commands", page.completions),
        Route("/page/coming", page.ahead),
        Route("/page/act", page.act, methods=["POST"]),
        Route("/page/options", page.options, methods=["POST"]),
        Route("/page/clock", page.clock, methods=["POST"]),
        Mount("/page/static", _Files(directory=STATIC)),
    ]


class _Page:
    def __init__(
        self,
        workspace: Workspace,
        calendar: WorkspaceClock,
        words: dict[str, Any],
        commands: Callable[[], Sequence[Command]],
        coming: Callable[[], Sequence[UpcomingJob]],
    ) -> None:
        self.workspace = workspace
        self.calendar = calendar
        self.words = words
        self.commands = commands
        self.coming = coming
        self.windows = CapacityLimiter(100)

    async def index(self, _request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers=HEADERS)

    async def state(self, request: Request) -> Response:
        return _json(await to_thread.run_sync(self._state, dict(request.query_params)))

    def _state(self, asked: dict[str, str]) -> dict[str, Any]:
        newest = max(NEWEST, int(asked.get("newest") or NEWEST))
        person, here, thread = self._person(asked.get("as", "")), asked.get("in", ""), asked.get("thread", "")
        return snapshot(self.workspace, person, here, thread, newest) | self._time() | self.words

    def _person(self, asked_for: str) -> str:
        """The person asked for; the first one for a new window or an address from an older run."""
        able = [p.id for p in self.workspace.people.all() if not (p.bot or p.deactivated)]
        return asked_for if asked_for in able else able[0]

    def _time(self) -> dict[str, Any]:
        bound_for = self.calendar.bound_for
        return {
            "now": self.calendar.now().isoformat(),
            "zone": self.calendar.zone,
            "jumping": self.calendar.jumping,
            "bound_for": bound_for.isoformat() if bound_for else None,
        }

    async def completions(self, _request: Request) -> Response:
        return _json({"commands": [asdict(command) for command in await to_thread.run_sync(self.commands)]})

    async def ahead(self, _request: Request) -> Response:
        found = sorted(await to_thread.run_sync(self.coming), key=lambda one: one.at)
        return _json({"coming": [asdict(one) | {"at": one.at.isoformat()} for one in found]})

    async def events(self, _request: Request) -> Response:
        return StreamingResponse(self._news(), media_type="text/event-stream", headers=HEADERS)

    async def _news(self) -> AsyncIterator[str]:
        told: dict[str, Any] = {}
        while True:
            version = self.workspace.version
            news = {"version": version, "jumping": self.calendar.jumping}
            if news != told or self.calendar.jumping:
                told = news
                yield f"data: {json.dumps(news | self._time())}\n\n"
            else:
                yield ": still here\n\n"
            wait = partial(self.workspace.wait_for_change, version, NEWS_WITHIN)
            await to_thread.run_sync(wait, limiter=self.windows, abandon_on_cancel=True)
            if self.calendar.jumping:
                await sleep(WHILE_JUMPING)

    async def act(self, request: Request) -> Response:
        action = await request.json()
        person = action.pop("as")
        return await _done(partial(act, self.workspace, person, action))

    async def options(self, request: Request) -> Response:
        asked = await request.json()
        person = asked.pop("as")
        return await _done(lambda: {"options": look_up(self.workspace, person, asked)})

    async def clock(self, request: Request) -> Response:
        return await _done(partial(self._move, await request.json()))

    def _move(self, move: dict[str, Any]) -> None:
        if move == {"to": "stop"}:
            self.calendar.stop()
            return
        if self.calendar.jumping:
            raise ValueError("Time is moving already.")
        match move:
            case {"to": "next_morning"}:
                self.calendar.next_morning()
            case {"to": str(instant)}:
                self.calendar.jump(datetime.fromisoformat(instant))
            case {"morning_of": str(day)}:
                self.calendar.morning_of(date.fromisoformat(day))
            case {"forward_days": int(days)}:
                self.calendar.forward(days)
            case {"forward_hours": int(hours)}:
                self.calendar.jump(self.calendar.now() + timedelta(hours=hours))
            case _:
                raise ValueError("The clock knows next_morning, morning_of, forward_days, forward_hours and stop.")


class _Files(StaticFiles):
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(HEADERS)
        return response


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, headers=HEADERS)


async def _done(deed: Callable[[], object]) -> Response:
    """Do it, and answer with what comes of it; what cannot be done is answered with a sentence for the person."""
    try:
        done = await to_thread.run_sync(deed)
    except (ValueError, PermissionError) as refusal:
        return _json({"error": str(refusal)}, 400)
    except KeyError:
        return _json({"error": "That is no longer there."}, 404)
    return _json(done if isinstance(done, dict) else {"ok": True})
