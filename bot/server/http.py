"""HTTP for a door that stands open to everybody: who is slow, silent or endless costs little and keeps nobody out.

uvicorn does not bound how long a request may take to come, and past a bound of connections it answers 503 to everybody.
Here the connection that has owed its request longest makes room, so that Slack's own, which come whole, always get in.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot import log

logger = log.get(__name__)
WHOLE_WITHIN = 10.0
"""Seconds in which a request, headers and body, must have come: after connecting, and after each answer."""
OWING = 256
"""Connections at once that have not sent all of a request."""
PIECES = 1_024
"""Pieces of one body. Chunks of a byte each would cost more to take apart than a megabyte to check."""
SLICE = 16_384
"""Bytes that are taken apart in one go; headers may have twice as many."""
HANG_UP = (b"connection", b"close")
STOPS_WITHIN = 5
"""Seconds that requests under way have at the end."""


class Refusals:
    """What was turned away, in one short line per reason and second, with how often. Lives on the event loop."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()
        self._resting = False

    def note(self, why: str) -> None:
        self._counted[why] += 1
        if not self._resting:
            self._write()

    def _write(self) -> None:
        self._resting = bool(self._counted)
        if self._resting:
            asyncio.get_running_loop().call_later(1, self._write)
        for why, count in self._counted.items():
            logger.warning("request_refused", why=why, count=count)
        self._counted.clear()


def server(app: ASGIApp, refusals: Refusals) -> uvicorn.Server:
    """A server for ``app``, to be run with sockets that listen already."""
    connection: Any = partial(Connection, owing=Owing(refusals), refusals=refusals)
    config = uvicorn.Config(
        _hanging_up(app), http=connection, ws="none", lifespan="off", log_config=None, access_log=False,
        timeout_graceful_shutdown=STOPS_WITHIN,
    )  # fmt: skip
    return uvicorn.Server(config)


def _hanging_up(app: ASGIApp) -> ASGIApp:
    """Any answer but a 200 ends its connection: thousands of requests that were sent ahead on it cost nothing more."""

    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        async def hangs_up(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != HTTPStatus.OK:
                message = {**message, "headers": [*message.get("headers", ()), HANG_UP]}
            await send(message)

        await app(scope, receive, hangs_up)

    return answers


class Owing:
    """The connections that owe a whole request, longest first."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals
        self._timers: dict[Connection, asyncio.TimerHandle] = {}

    def add(self, connection: Connection) -> None:
        self.settle(connection)
        if len(self._timers) >= OWING:
            self._cut(next(iter(self._timers)), "crowded")
        self._timers[connection] = asyncio.get_running_loop().call_later(
            WHOLE_WITHIN, self._cut, connection, "too_slow"
        )

    def settle(self, connection: Connection) -> bool:
        """The connection owes nothing any more; whether it did."""
        timer = self._timers.pop(connection, None)
        if timer:
            timer.cancel()
        return timer is not None

    def _cut(self, connection: Connection, why: str) -> None:
        self.settle(connection)
        if connection.has_begun:
            self._refusals.note(why)
        connection.transport.abort()


class Connection(H11Protocol):
    """One connection of uvicorn's, which owes a whole request until it has come."""

    def __init__(self, *args: Any, owing: Owing, refusals: Refusals, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conn = _InPieces(h11.SERVER, SLICE)
        self.has_begun = False
        """Whether any of the request that is owed has come."""
        self._owing = owing
        self._refusals = refusals

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._owing.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._owing.settle(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.has_begun = True
        for start in range(0, len(data), SLICE):
            if not self.transport.is_closing():
                super().data_received(data[start : start + SLICE])
        self._settle_if_whole()

    def on_response_complete(self) -> None:
        if not self.transport.is_closing():
            self.has_begun = False
            self._owing.add(self)
        super().on_response_complete()
        self._settle_if_whole()

    def send_400_response(self, msg: str) -> None:
        """To what is no HTTP, also in the middle of a body whose answer has begun."""
        self._refusals.note("no_http")
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            self.transport.abort()

    def shutdown(self) -> None:
        if self._owing.settle(self):
            self.transport.abort()
        else:
            super().shutdown()

    def _settle_if_whole(self) -> None:
        if self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete:
            self._owing.settle(self)


class _InPieces(h11.Connection):
    """Gives up a body that comes in too many pieces."""

    pieces = 0

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self.pieces = 0
        elif isinstance(event, h11.Data):
            self.pieces += 1
            if self.pieces > PIECES:
                raise h11.RemoteProtocolError("a body in too many pieces")
        return event
