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
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot import log
from bot.app import build, slack_app
from bot.bot import Bot
from bot.rules.workspace.health import Trouble
from bot.server import slack_socket
from bot.server.lifecycle import Running
from bot.server.slack_socket import SlackSocket
from bot.settings import Settings
from bot.store.workspace.health import read_health
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace
from tests.conftest import KEY, Template


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Workspace()) as server:
        yield server


@contextmanager
def running(server: Server, database_url: str = "sqlite://") -> Iterator[Bot]:
    """A bot that listens over Socket Mode, and nothing else."""
    bot = build(settings_for(server, database_url))
    running = Running(bot)
    running.hears_by_socket(slack_app(bot))
    yield bot
    running.stop()


def settings_for(server: Server, database_url: str) -> Settings:
    workspace = server.workspace
    return Settings(
        _env_file=None,
        slack_bot_token=workspace.app.bot_token,
        slack_app_token=workspace.app.app_token,
        slack_api_url=server.api_url,
        database_url=database_url,
        credbot_timezone="America/New_York",
        credbot_secret_key=KEY,
    )


def test_no_connection_holds_an_acknowledgement_back(server: Server) -> None:
    """TCP_NODELAY is set on the first connection, and on the one that follows when Slack asks to reconnect."""
    with running(server):
        until(lambda: [at_once(one) for one in connections(server.port)] == [True])
        first = connections(server.port)

        server.socket_mode.disconnect()

        until(lambda: any(at_once(one) for one in connections(server.port) if one not in first))


def test_a_connection_that_is_not_ours_is_noticed(server: Server, tmp_path: Path, migrated_file: Template) -> None:
    """Slack counts one more than we opened: that is known until we connect again and it is gone."""
    database = migrated_file.copied_to(tmp_path / "credbot.db")

    with running(server), running(server, database) as second:
        until(lambda: Trouble.OTHERS in troubles(second))
    with running(server, database) as alone:
        until(lambda: Trouble.OTHERS not in troubles(alone))
        server.socket_mode.disconnect()
        until(lambda: len(server.workspace.calls("apps.connections.open")) == 4)
        until(lambda: server.socket_mode.connections() == 1)
        assert Trouble.OTHERS not in troubles(alone)


def test_a_connection_that_was_there_first_stays_noted(server: Server, slack: SlackSocket, heard: list[int]) -> None:
    """Our own comes back beside it: what was known is not taken back, and is known again after a while."""
    with ghost(server):
        slack.connect()
        until(lambda: heard == [1])
        comes_back(server, slack, others=1)
        kept_up(slack, until=lambda: len(heard) == 2)
    assert heard == [1, 1]


def test_a_connection_that_comes_later_is_noticed_after_ours_comes_back(
    server: Server, slack: SlackSocket, heard: list[int]
) -> None:
    """Slack counts two then, as it does while it has not forgotten our last one: it is asked again."""
    slack.connect()
    until(lambda: heard == [0])
    with ghost(server):
        comes_back(server, slack, others=1)
        kept_up(slack, until=lambda: len(heard) == 2)
    assert heard == [0, 1]


def test_our_own_lost_connection_is_nobody(slack: SlackSocket, heard: list[int]) -> None:
    """Slack still counted it when we came back: nothing is said of others then, and none after it is forgotten."""
    slack.connect()
    until(lambda: heard == [0])
    slack.client.run_message_listeners({"type": "hello", "num_connections": 2}, "")
    assert heard == [0]
    kept_up(slack, until=lambda: len(heard) == 2)
    assert heard == [0, 0]


@pytest.fixture
def heard() -> list[int]:
    """How many others there are, each time that it was said."""
    return []


@pytest.fixture
def slack(server: Server, heard: list[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackSocket]:
    """Our socket, not yet connected, for a Slack that forgets at once."""
    monkeypatch.setattr(slack_socket, "SETTLES", 0.0)
    monkeypatch.setattr(slack_socket, "HEARTBEAT", 0.5)
    app = slack_app(build(settings_for(server, "sqlite://")))
    slack = SlackSocket(app, server.workspace.app.app_token, concurrency=1, others=heard.append)
    yield slack
    slack.close()


@contextmanager
def ghost(server: Server) -> Iterator[None]:
    """Somebody else's connection of the same app."""
    app = server.workspace.app
    client = SocketModeClient(app.app_token, web_client=WebClient(base_url=server.api_url))
    client.connect()
    yield
    client.close()


def comes_back(server: Server, slack: SlackSocket, *, others: int) -> None:
    """Our connection is cut, and the next one greeted."""
    session = slack.client.current_session
    assert session is not None
    slack.client.auto_reconnect_enabled = False  # until the next connection
    session.close()
    until(lambda: server.socket_mode.connections() == others)
    slack.keep_up()
    until(lambda: server.socket_mode.connections() == others + 1)


def kept_up(slack: SlackSocket, *, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not until():
        assert time.monotonic() < deadline, "it did not happen in time"
        slack.keep_up()
        time.sleep(0.02)


def test_an_envelope_of_no_known_shape_is_not_handed_on(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    migrated_file: Template,
) -> None:
    """It stays unacknowledged, with one short line and no traceback; the next is heard."""
    log.configure("INFO", sys.stderr)
    database = migrated_file.copied_to(tmp_path / "credbot.db")
    with running(server, database):
        monkeypatch.setattr(server.workspace, "ack_seconds", 0.5)
        (broken,) = server.socket_mode.send("interactive", {"type": "block_actions", "user": 5, "actions": []})
        assert broken.result(10).error == "operation_timeout"
        (heard,) = server.socket_mode.send(
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
