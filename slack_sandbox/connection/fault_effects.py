"""A call that a planned fault strikes: what becomes of it, and what its caller hears."""

import time
from collections.abc import Callable
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from slack_sandbox.api.web_api import Reply, call, ratelimited
from slack_sandbox.faults import Fault
from slack_sandbox.workspace import Workspace

CUT = "sandbox.cut"
"""Where a request's scope keeps the way to cut its connection."""


async def struck(
    workspace: Workspace, request: Request, fault: Fault, method: str, token: str | None, args: dict[str, Any]
) -> Response:
    """Let the fault have its way with the call."""
    if fault.kind == "ratelimited":
        return as_response(ratelimited(workspace, int(fault.seconds)))
    if fault.kind == "refused":
        return JSONResponse({"ok": False, "error": fault.word})
    if fault.kind == "cut":
        return await _cut(request)
    if fault.kind == "server_error":
        return _unavailable()
    if fault.kind == "late_effect":
        await _caller_gone(request)
    if fault.kind in {"late_effect", "slow"}:
        await anyio.sleep(fault.seconds)
    if fault.kind == "lagging":
        args = args | {"latest": f"{time.time() - fault.seconds:.6f}"}
    _disturb(workspace, fault, args)
    reply = call(workspace, method, token, args)
    if fault.kind == "lost_answer":
        return await _cut(request)
    return _unavailable() if fault.kind == "server_error_after" else as_response(reply)


def as_response(reply: Reply) -> Response:
    """The reply as HTTP."""
    return JSONResponse(reply.body, reply.status, reply.headers)


def _disturb(workspace: Workspace, fault: Fault, args: dict[str, Any]) -> None:
    channel = workspace.conversations.get(str(args.get("channel")))
    if channel is None or channel.kind == "dm":
        return
    if fault.kind == "archive_channel":
        workspace.archive(channel.name)
    elif fault.kind == "remove_bot":
        workspace.kick(channel.name, workspace.bot.handle)


def _unavailable() -> Response:
    """What a gateway says for a Slack behind it that does not: no JSON."""
    return PlainTextResponse("upstream connect error or disconnect/reset before headers", 503)


async def _cut(request: Request) -> Response:
    """Close the connection without a word."""
    cut: Callable[[], None] = request.scope[CUT]
    cut()
    await _caller_gone(request)
    return Response()


async def _caller_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
