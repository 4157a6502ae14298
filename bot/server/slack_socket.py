"""Socket Mode: one connection that is kept open, and what Slack says of others beside it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import log
from bot.handlers.dispatch.payload import Malformed, checked
from bot.outbox.slack_errors import NoAnswer, SlackProblem, in_our_words

logger = log.get(__name__)
HEARTBEAT = 3.0
"""Seconds between two looks at the socket; one that was cut without a word is noticed after a few."""

SETTLES = 60.0
"""Seconds in which Slack forgets a connection of ours that was cut or replaced."""


class SlackSocket(SocketModeHandler):
    """``connect`` opens it and ``keep_up`` reopens it; both raise or log the problems of ``slack_errors``.

    ``others`` hears with each new connection how many there are of which we know nothing; where that is not certain, a
    little later.
    """

    def __init__(self, app: App, token: str, *, concurrency: int, others: Callable[[int], None]) -> None:
        super().__init__(app, token, concurrency=concurrency, ping_interval=HEARTBEAT)
        self._others = others
        self._greeted = False
        self._unsure_since: float | None = None
        self._two_are_ours = False
        self.client.on_message_listeners.append(lambda _: self._acknowledge_at_once())
        self.client.message_listeners.append(lambda _, message, __: self._count(message))

    def handle(self, client: Any, req: Any) -> None:
        """Hands an envelope on; what has not the shape of anything that Slack sends stays unacknowledged."""
        try:
            checked(req.payload)
        except Malformed as malformed:
            logger.warning("request_refused", why=f"malformed: {malformed}", count=1)
        else:
            super().handle(client, req)

    def connect(self) -> None:
        """Raises SlackProblem."""
        with in_our_words():
            self.client.connect_to_new_endpoint()
        if not self.client.is_connected():
            raise NoAnswer("the socket could not be opened")

    def keep_up(self) -> None:
        """The client's own watch ends for good when Slack cannot be reached once; this one goes on."""
        try:
            if self.client.current_session is not None:
                self.client.current_session.check_state()
            if not self.client.is_connected():
                self.connect()
            elif self._unsure_since is not None and time.monotonic() - self._unsure_since >= SETTLES:
                self._ask_again()
        except SlackProblem as problem:
            logger.warning("not_connected", why=problem.reason)

    def close(self) -> None:
        try:
            super().close()  # type: ignore[no-untyped-call]
        except AttributeError:  # a thread of the client's closed the same socket in between; by now it is gone
            super().close()  # type: ignore[no-untyped-call]

    def _acknowledge_at_once(self) -> None:
        """Left to itself the kernel holds a small packet back until the last one was received: up to 40 ms.

        Called for every message, since the client makes new connections by itself, and each begins with one.
        """
        session = self.client.current_session
        if session is not None and session.sock is not None:
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _ask_again(self) -> None:
        """Slack says how many there are in a greeting only: of a new connection, beside the one that it replaces."""
        self._unsure_since, self._two_are_ours = None, True
        try:
            with in_our_words():
                self.client.connect_to_new_endpoint(force=True)
        except SlackProblem:
            self._unsure_since, self._two_are_ours = time.monotonic(), False
            raise

    def _count(self, message: Mapping[str, Any]) -> None:
        """Slack greets each connection with how many the app has. After a first one, two may be ours, or a stranger's
        and ours: nobody is cleared by that, and it is asked again when our last one is certainly forgotten.
        """
        counted = message.get("num_connections")
        if message.get("type") != "hello" or not isinstance(counted, int):
            return
        unsure = self._greeted and not self._two_are_ours and counted == 2
        ours = 2 if self._greeted else 1
        self._greeted, self._two_are_ours = True, False
        self._unsure_since = time.monotonic() if unsure else None
        if not unsure:
            self._others(max(0, counted - ours))
