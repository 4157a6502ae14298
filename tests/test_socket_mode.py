"""Socket Mode's connections, as the kernel sees them."""

from __future__ import annotations

import gc
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot import log
from bot.app import build, slack_app
from bot.bot import Bot
from bot.rules.health import Trouble
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace
from bot.serve import Running
from bot.settings import Settings
from bot.store.health import read_health
from tests.conftest import KEY


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Workspace()) as server:
        yield server


@contextmanager
def running(server: Server, database_url: str = "sqlite://") -> Iterator[Bot]:
    """A bot that listens over Socket Mode, and nothing else."""
    workspace = server.workspace
    settings = Settings(
        _env_file=None,
        slack_bot_token=workspace.app.bot_token,
        slack_app_token=workspace.app.app_token,
        slack_api_url=server.api_url,
        database_url=database_url,
        credbot_timezone="America/New_York",
        credbot_secret_key=KEY,
    )
    bot = build(settings)
    running = Running(bot)
    running.hears_by_socket(slack_app(bot))
    yield bot
    running.stop()


def test_no_connection_holds_an_acknowledgement_back(server: Server) -> None:
    """TCP_NODELAY is set on the first connection, and on the one that follows when Slack asks to reconnect."""
    with running(server):
        until(lambda: [at_once(one) for one in connections(server.port)] == [True])
        first = connections(server.port)

        server.socket_mode.disconnect()

        until(lambda: any(at_once(one) for one in connections(server.port) if one not in first))


def test_a_connection_that_is_not_ours_is_noticed(server: Server, tmp_path: Path, migrated_file: Path) -> None:
    """Slack counts one more than we opened: that is known until we connect again and it is gone."""
    database = tmp_path / "credbot.db"
    database.write_bytes(migrated_file.read_bytes())

    with running(server), running(server, f"sqlite:///{database}") as second:
        until(lambda: Trouble.OTHERS in troubles(second))
    with running(server, f"sqlite:///{database}") as alone:
        until(lambda: Trouble.OTHERS not in troubles(alone))
        server.socket_mode.disconnect()
        until(lambda: len(server.workspace.calls("apps.connections.open")) == 4)
        until(lambda: server.socket_mode.connections() == 1)
        assert Trouble.OTHERS not in troubles(alone)


def test_an_envelope_of_no_known_shape_is_not_handed_on(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays unacknowledged, with one short line and no traceback; the next is heard."""
    log.configure("INFO", sys.stderr)
    with running(server):
        monkeypatch.setattr(server.workspace, "ack_seconds", 0.5)
        [broken] = server.socket_mode.send("interactive", {"type": "block_actions", "user": 5, "actions": []})
        assert broken.result(10).error == "operation_timeout"
        [heard] = server.socket_mode.send(
            "events_api", {"type": "event_callback", "event_id": "E", "event": {"type": "x"}}
        )
        assert heard.result(10).error is None
    told = capsys.readouterr().err
    assert "why='malformed: actions, trigger_id, user'" in told
    assert "Traceback" not in told


def troubles(bot: Bot) -> tuple[Trouble, ...]:
    with bot.reading() as session:
        return read_health(session).troubles


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
