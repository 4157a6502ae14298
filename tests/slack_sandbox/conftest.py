"""A real Bolt app in a real sandbox."""

import time
from collections.abc import Callable, Iterator

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

Until = Callable[[Callable[[], object]], None]


def wait_until(true: Callable[[], object]) -> None:
    """Return as soon as it is true; fail after five seconds."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "It did not become true in time."
        time.sleep(0.005)


@pytest.fixture
def until() -> Until:
    """Waiting with a deadline: `until(lambda: …)`."""
    return wait_until


@pytest.fixture
def workspace() -> Workspace:
    """A clinic with three people, one private channel and one public one."""
    clinic = Workspace()
    clinic.add_person("cora", "Cora Diaz", "cora@clinic.test", "America/New_York", admin=True)
    clinic.add_person("lee", "Lee Chen", "lee@clinic.test", "America/Los_Angeles")
    clinic.add_person("gil", "Gil Guest", "gil@outside.test", "UTC", guest=True)
    clinic.add_channel("approvals", members=["credbot", "cora", "lee"])
    clinic.add_channel("general", private=False, members=["cora", "lee"])
    return clinic


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    """The sandbox, serving."""
    with Server(workspace) as running:
        yield running


@pytest.fixture
def web(workspace: Workspace, server: Server) -> WebClient:
    """Slack's own client, which tries nothing twice."""
    return WebClient(token=workspace.app.bot_token, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def app(workspace: Workspace, server: Server, web: WebClient) -> Iterator[App]:
    """A Bolt app connected over Socket Mode; listeners may be added at any time."""
    bolt = App(client=web, process_before_response=True)
    handler = SocketModeHandler(bolt, workspace.app.app_token, concurrency=4)
    handler.connect()
    yield bolt
    # Slack's client notices its own close only after 3 s, but the server's at once.
    handler.client.auto_reconnect_enabled = False
    server.socket_mode.drop()
    wait_until(lambda: not handler.client.is_connected())
    handler.close()


@pytest.fixture
def slack(workspace: Workspace) -> Client:
    """The people of the clinic."""
    return Client(workspace)
