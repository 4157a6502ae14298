"""Socket Mode's connections, as the kernel sees them."""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from bot.app import build, slack_app
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace
from bot.serve import Running
from bot.settings import Settings
from tests.conftest import KEY


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Workspace()) as server:
        yield server


@pytest.fixture
def running(server: Server) -> Iterator[None]:
    workspace = server.workspace
    settings = Settings(
        _env_file=None,
        slack_bot_token=workspace.app.bot_token,
        slack_app_token=workspace.app.app_token,
        slack_api_url=server.api_url,
        database_url="sqlite://",
        credbot_timezone="America/New_York",
        credbot_secret_key=KEY,
    )
    bot = build(settings)
    running = Running(bot)
    running.hears_by_socket(slack_app(bot))
    yield
    running.stop()


@pytest.mark.usefixtures("running")
def test_no_connection_holds_an_acknowledgement_back(server: Server) -> None:
    """TCP_NODELAY is set on the first connection, and on the one that follows when Slack asks to reconnect."""
    until(lambda: [at_once(one) for one in connections(server.port)] == [True])
    first = connections(server.port)

    server.socket_mode.disconnect()

    until(lambda: any(at_once(one) for one in connections(server.port) if one not in first))


def connections(port: int) -> list[socket.socket]:
    """This process's open connections to the server there; the Web API's are closed after each call."""
    found = []
    for one in gc.get_objects():
        if isinstance(one, socket.socket):
            with suppress(OSError):
                found += [one] if one.getpeername()[1:2] == (port,) else []
    return found


def at_once(connection: socket.socket) -> bool:
    with suppress(OSError):
        return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    return False


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
