"""HTTP under attack: who is slow, silent, endless or one of too many is cut; whoever comes whole is answered."""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Thread

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot import log
from bot.server import http
from bot.server.http import Refusals
from bot.server.lifecycle import _listen

WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


class Served:
    """An app that reads every body and answers; a place to connect to."""

    def __init__(self) -> None:
        self.written = io.StringIO()
        log.configure("INFO", self.written)
        self._socket = _listen("127.0.0.1", 0)
        routes = [Route("/", self._answer, methods=["GET", "POST"]), Route("/broken", self._break)]
        self._server = http.server(Starlette(routes=routes), Refusals())
        self.thread = Thread(target=lambda: self._server.run(sockets=[self._socket]), daemon=True)
        self.open: list[socket.socket] = []

    async def _answer(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{len(await request.body())}")

    async def _break(self, _: Request) -> PlainTextResponse:
        return PlainTextResponse("broken", status_code=503)

    def start(self) -> None:
        self.thread.start()
        until(lambda: self._server.started)

    def stop(self) -> None:
        self._server.should_exit = True
        self.thread.join(20)

    def connects(self, *sent: bytes) -> socket.socket:
        """A connection on which this was sent, and nothing more."""
        connection = socket.create_connection(("127.0.0.1", self._socket.getsockname()[1]), timeout=10)
        self.open.append(connection)
        for part in sent:
            connection.sendall(part)
        return connection

    def answers(self) -> bool:
        """Whether somebody who comes now with a whole request is answered."""
        with self.connects(WHOLE) as connection:
            self.open.remove(connection)
            return connection.recv(100).startswith(b"HTTP/1.1 200")


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served()
    served.start()
    yield served
    served.stop()
    for connection in served.open:
        connection.close()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request must be whole within half a second."""
    monkeypatch.setattr(http, "WHOLE_WITHIN", 0.5)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def everything(connection: socket.socket) -> bytes:
    """What the server sends until it ends the connection; it may end it by a reset, since much was not read."""
    told = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(10_000):
            told += part
    return told


def is_cut(connection: socket.socket) -> bool:
    """Whether the server ended it; waits up to ten seconds."""
    try:
        while connection.recv(1_000):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        HEAD + b"X-Slack-Sig",
        HEAD + b"Content-Length: 100\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\nhalf",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
)
def test_who_does_not_send_all_of_a_request_is_cut(served: Served, sent: bytes) -> None:
    """Nothing at all, half a line, half of the headers, no body or half of one."""
    assert is_cut(served.connects(sent))


@pytest.mark.usefixtures("hurried")
def test_who_drips_is_cut_all_the_same(served: Served) -> None:
    """A byte now and then buys no time: the request as a whole has its limit."""
    connection, begun = served.connects(HEAD + b"Content-Length: 100000\r\n\r\n"), time.monotonic()
    with pytest.raises(OSError):  # noqa: PT011  (a reset, or a broken pipe)
        while time.monotonic() - begun < 15:
            connection.sendall(b"x")
            time.sleep(0.05)
    assert "why='too_slow' count=1" in served.written.getvalue()


@pytest.mark.usefixtures("hurried")
def test_who_was_answered_is_cut_before_dripping_the_next(served: Served) -> None:
    """A first request that came whole buys the second no time either."""
    connection = served.connects(WHOLE)
    assert connection.recv(1_000)
    connection.sendall(HEAD)
    assert is_cut(connection)


def test_many_requests_on_one_connection_are_answered(served: Served) -> None:
    """One after the other, and sent ahead, each gets its answer."""
    connection = served.connects(WHOLE)
    assert connection.recv(1_000)
    connection.sendall(HEAD + b"Content-Length: 3\r\n\r\nabc" + WHOLE)
    told = b""
    while told.count(b"200 OK") < 2:
        told += connection.recv(1_000)


@pytest.mark.parametrize("line", [b"GET /other", b"DELETE /", b"GET /broken", b"GET //"])
def test_what_is_no_200_ends_its_connection(served: Served, line: bytes) -> None:
    """One of thousands of requests that were sent ahead is answered; the others cost nothing."""
    told = everything(served.connects((line + b" HTTP/1.1\r\nHost: x\r\n\r\n") * 2_000))
    assert (told.count(b"HTTP/1.1"), told.lower().count(b"connection: close")) == (1, 1)


def test_idle_connections_keep_nobody_out(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times as many as there is room for: the oldest make room, and whoever comes whole is answered."""
    monkeypatch.setattr(http, "OWING", 20)
    for number in range(80):
        served.connects(HEAD if number % 2 else b"")
        assert number % 10 or served.answers()
    assert all(is_cut(connection) for connection in served.open[:40])
    assert "why='crowded'" in served.written.getvalue()


@pytest.mark.parametrize("chunk", [b"1\r\na\r\n"])
def test_a_body_of_tiny_chunks_is_given_up(served: Served, chunk: bytes) -> None:
    """A byte a chunk: refused after a thousand, not taken apart to its end."""
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    assert served.connects(head + chunk * 900 + b"0\r\n\r\n").recv(100).startswith(b"HTTP/1.1 200")
    assert served.connects(head + chunk * 10_000).recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01" * 50, b"GET\r\n\r\n", HEAD + b"Content-Length: x\r\n\r\n", b"a" * 100_000]
)
def test_what_is_no_http_is_400_and_counted(served: Served, sent: bytes) -> None:
    """TLS, words, a length that is none, an endless line: an answer, a count, and no traceback."""
    assert served.connects(sent).recv(100).startswith(b"HTTP/1.1 400")
    (line,) = served.written.getvalue().splitlines()
    assert "why='no_http' count=1" in line


def test_no_websocket_is_opened(served: Served) -> None:
    """An upgrade is answered like any other request; no other protocol begins, and nothing is said."""
    upgrade = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
    assert served.connects(upgrade).recv(100).startswith(b"HTTP/1.1 200")
    assert served.written.getvalue() == ""


def test_requests_under_way_do_not_hold_up_the_end(served: Served) -> None:
    """Told to stop while some owe their headers and some their body: it ends without them."""
    for sent in (b"", HEAD, HEAD + b"Content-Length: 100\r\n\r\nhalf"):
        served.connects(sent)
    assert served.answers()
    begun = time.monotonic()
    served.stop()
    assert (served.thread.is_alive(), time.monotonic() - begun < 4) == (False, True)
