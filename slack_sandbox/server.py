"""The sandbox on 127.0.0.1: Web API, Socket Mode, response URLs, and the routes of a page."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Sequence
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from slack_sandbox.api.errors import ApiError
from slack_sandbox.api.web_api import call, token_and_args
from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.connection.fault_effects import CUT, as_response, struck
from slack_sandbox.connection.http_mode import HttpMode
from slack_sandbox.connection.responses import to_response_url
from slack_sandbox.connection.socket_mode import SocketMode
from slack_sandbox.workspace import Workspace

HOST = "127.0.0.1"


class Server:
    """Serves one workspace from a thread of its own; `port` 0 takes any free one."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        port: int = 0,
        calendar: WorkspaceClock | None = None,
        extra_routes: Sequence[BaseRoute] = (),
    ) -> None:
        self.workspace = workspace
        self.socket_mode = SocketMode(workspace)
        self.http_mode = HttpMode(workspace)
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.api_url = f"{self.url}/api/"
        workspace.base_url = self.url
        workspace.socket_url = self._socket_url
        workspace.connect("socket", self.socket_mode)
        workspace.connect("http", self.http_mode)
        if calendar is not None:
            workspace.now = calendar.now
            calendar.changed = workspace.touch
        self._uvicorn = uvicorn.Server(self._config(extra_routes))
        self._thread = Thread(target=self._serve, name="sandbox", daemon=True)

    def _config(self, extra_routes: Sequence[BaseRoute]) -> uvicorn.Config:
        routes: list[BaseRoute] = [
            Route("/api/{method}", self._api, methods=["GET", "POST"]),
            Route("/response/{team}/{secret}", self._response_url, methods=["POST"]),
            WebSocketRoute("/link", self.socket_mode.serve),
            *extra_routes,
        ]
        app = _LocalOnly(Starlette(routes=routes, lifespan=self._lifespan), self.port)
        return uvicorn.Config(
            app,
            http=_CuttableProtocol,
            ws="wsproto",
            log_level="warning",
            timeout_graceful_shutdown=1,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self.socket_mode.attach(asyncio.get_running_loop())
        yield

    def _serve(self) -> None:
        self._uvicorn.run(sockets=[self._socket])

    def start(self) -> None:
        """Serve from now on; returns when the server answers."""
        self._thread.start()
        while not self._uvicorn.started:
            self._thread.join(0.01)
            if not self._thread.is_alive():
                raise RuntimeError("The sandbox could not start.")

    def stop(self) -> None:
        """Close every connection and end the thread."""
        self._uvicorn.should_exit = True
        self._thread.join()
        self.http_mode.stop()
        self._socket.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _socket_url(self) -> str | None:
        ticket = self.socket_mode.new_ticket()
        return f"ws://{HOST}:{self.port}/link?ticket={ticket}" if ticket else None

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        token, args = token_and_args(request.headers.get("authorization"), await _arguments(request))
        fault = self.workspace.faults.take(method, args)
        if fault is None:
            return as_response(call(self.workspace, method, token, args))
        return await struck(self.workspace, request, fault, method, token, args)

    async def _response_url(self, request: Request) -> Response:
        body = await _arguments(request)
        try:
            to_response_url(self.workspace, request.path_params["secret"], body)
        except ApiError as error:
            status = 404 if error.error in {"expired_url", "used_url"} else 200
            return JSONResponse({"ok": False, "error": error.error}, status)
        return PlainTextResponse("ok")


async def _arguments(request: Request) -> dict[str, Any]:
    """Query and body, which may be a form or JSON."""
    args: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            parsed = json.loads(body or b"{}")
        except ValueError:
            return args
        return args | (parsed if isinstance(parsed, dict) else {})
    return args | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


class _CuttableProtocol(H11Protocol):
    """HTTP whose requests can cut their own connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_cut(scope: Any, receive: Any, send: Any) -> None:
            scope[CUT] = transport.abort
            await app(scope, receive, send)

        self.app = with_cut


class _LocalOnly:
    """Refuses what comes under another name or from another page: nobody else may drive this."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        names = {HOST, "localhost"}
        self._hosts = names | {f"{name}:{port}" for name in names}
        self._origins = {f"http://{name}:{port}" for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._allowed(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse("Only this machine may use the sandbox.", 403)(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        return headers.get(b"host") in self._hosts and (origin is None or origin in self._origins)
