"""Socket Mode: envelopes over WebSockets, each to one connection, again without an ack."""

import asyncio
import json
import random
import secrets
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from slack_sandbox.connection.transport import REDELIVERED, Ack, Envelope, Payload

if TYPE_CHECKING:
    from slack_sandbox.workspace import Workspace

REDELIVERIES = 3
CONNECTION_SECONDS = 18_060.0
CLOSE_AFTER_DISCONNECT = 1.0
CONNECTION_LIMIT = 10


class SocketMode:
    """All open connections; runs on the server's event loop, `send` is called from any thread."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._tickets: set[str] = set()
        self._connections: list[WebSocket] = []
        self._acks: dict[str, list[asyncio.Future[Payload]]] = {}
        self._connected = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.connection_seconds = CONNECTION_SECONDS

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Use the loop that serves the connections."""
        self._loop = loop

    def new_ticket(self) -> str | None:
        """A ticket for one connection; None when the app has as many as Slack allows."""
        if len(self._connections) >= CONNECTION_LIMIT:
            return None
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    def connections(self) -> int:
        """How many connections take envelopes."""
        return len(self._connections)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from ticket to end of stream (a close frame is not needed)."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        self._connections.append(socket)
        await socket.send_json(self._hello())
        self._connected.set()
        refresh = asyncio.get_running_loop().call_later(
            self.connection_seconds, lambda: self._start(self._retire(socket, "refresh_requested"))
        )
        try:
            while True:
                self._take(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            refresh.cancel()
            self._forget(socket)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "sandbox",
                "approximate_connection_time": int(self.connection_seconds),
            },
            "connection_info": {"app_id": self._workspace.app.app_id},
        }

    def _take(self, text: str) -> None:
        """An acknowledgement; Slack ignores what it cannot read."""
        try:
            message = json.loads(text)
        except ValueError:
            return
        deliveries = self._acks.get(message.get("envelope_id", ""), []) if isinstance(message, dict) else []
        waiting = next((one for one in deliveries if not one.done()), None)
        if waiting is not None:
            payload = message.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _forget(self, socket: WebSocket) -> None:
        if socket in self._connections:
            self._connections.remove(socket)
        if not self._connections:
            self._connected.clear()

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connected client to come back on a new connection."""
        for socket in list(self._connections):
            self._from_thread(self._retire(socket, reason))

    def drop(self) -> None:
        """Close every connection without a warning."""
        for socket in list(self._connections):
            self._from_thread(self._close(socket))

    async def _close(self, socket: WebSocket) -> None:
        self._forget(socket)
        await socket.close()

    async def _retire(self, socket: WebSocket, reason: str) -> None:
        """No more envelopes for this connection; it is closed a little later, as Slack does."""
        self._forget(socket)
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        await asyncio.sleep(CLOSE_AFTER_DISCONNECT)
        await socket.close()

    def send(self, kind: Envelope, payload: Payload) -> "list[Future[Ack]]":
        """Deliver one envelope; see `Transport`."""
        twice = self._workspace.faults.take(kind, payload) is not None
        outcomes = [Future[Ack]() for _ in range(2 if twice else 1)]
        envelope_id = secrets.token_hex(16)
        for outcome in outcomes:
            self._from_thread(self._deliver(envelope_id, kind, payload, outcome))
        return outcomes

    async def _deliver(self, envelope_id: str, kind: Envelope, payload: Payload, outcome: "Future[Ack]") -> None:
        ack: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._acks.setdefault(envelope_id, []).append(ack)
        try:
            for attempt in range(REDELIVERIES + 1 if kind in REDELIVERED else 1):
                envelope = _envelope(envelope_id, kind, payload, attempt)
                await self._offer(envelope)
                await asyncio.wait({ack}, timeout=self._workspace.ack_seconds)
                if ack.done():
                    outcome.set_result(Ack(ack.result()))
                    return
            outcome.set_result(Ack({}, "operation_timeout"))
        finally:
            self._acks[envelope_id].remove(ack)
            if not self._acks[envelope_id]:
                del self._acks[envelope_id]

    async def _offer(self, envelope: dict[str, Any]) -> None:
        """Send to any one connection; a gap between two connections is waited out."""
        try:
            await asyncio.wait_for(self._connected.wait(), self._workspace.ack_seconds)
        except TimeoutError:
            return
        socket = random.choice(self._connections)
        try:
            await socket.send_json(envelope)
        except (RuntimeError, WebSocketDisconnect):
            self._forget(socket)

    def _from_thread(self, work: Any) -> None:
        if self._loop is None:
            raise RuntimeError("Start the server before sending to the app.")
        self._loop.call_soon_threadsafe(self._start, work)

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _envelope(envelope_id: str, kind: Envelope, payload: Payload, attempt: int) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": kind,
        "payload": payload,
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope["retry_attempt"] = attempt
        envelope["retry_reason"] = "timeout" if attempt else ""
    return envelope
