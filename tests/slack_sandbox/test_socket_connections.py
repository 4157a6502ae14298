"""Socket Mode: one connection an envelope, redelivery, reconnection, duplicates."""

from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

Until = Callable[[Callable[[], object]], None]
Listen = Callable[[str], "Listener"]


def upgrade(server: Server, address: str) -> int:
    """The HTTP status with which a WebSocket handshake at this address is answered."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    connection.request("GET", address.partition(str(server.port))[2], headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


class Listener:
    """A bare Socket Mode client that writes down what it gets and acknowledges on demand."""

    def __init__(self, workspace: Workspace, web: WebClient, *, acks: bool) -> None:
        self.heard: list[SocketModeRequest] = []
        self.acks = acks
        self.client = SocketModeClient(app_token=workspace.app.app_token, web_client=web)
        self.client.socket_mode_request_listeners.append(self._listen)
        self.client.connect()

    def gone(self) -> bool:
        """Whether the connection has ended."""
        return not self.client.is_connected()

    def _listen(self, client: Any, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if self.acks:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id))


@pytest.fixture
def listen(workspace: Workspace, server: Server, web: WebClient, until: Until) -> Iterator[Listen]:
    """Connect listeners; all are disconnected at the end."""
    listeners: list[Listener] = []

    def connect(manner: str) -> Listener:
        listener = Listener(workspace, web, acks=manner == "acks")
        listeners.append(listener)
        until(lambda: server.socket_mode.connections() == len(listeners))
        return listener

    yield connect
    for listener in listeners:
        listener.client.auto_reconnect_enabled = False
    server.socket_mode.drop()
    for listener in listeners:
        until(listener.gone)
        listener.client.close()


def test_each_envelope_goes_to_one_connection(listen: Listen, slack: Client) -> None:
    """Of two connections each gets some of the envelopes, and none gets what the other has."""
    one, other = listen("acks"), listen("acks")

    for number in range(30):
        slack.as_("cora").types(f"message {number}")

    assert len(one.heard) + len(other.heard) == 30
    assert one.heard
    assert other.heard
    assert not {r.envelope_id for r in one.heard} & {r.envelope_id for r in other.heard}


def test_an_event_without_ack_comes_again(listen: Listen, slack: Client, workspace: Workspace, until: Until) -> None:
    """An event nobody acknowledges is delivered three times more, saying which time and why."""
    workspace.ack_seconds = 0.05
    deaf = listen("deaf")

    slack.as_("cora").types("hello?", may_fail=True)
    until(lambda: len(deaf.heard) == 4)

    assert [r.retry_attempt for r in deaf.heard] == [0, 1, 2, 3]
    assert {r.retry_reason for r in deaf.heard[1:]} == {"timeout"}
    assert len({r.payload["event_id"] for r in deaf.heard}) == 1


def test_a_command_without_ack_is_lost(listen: Listen, slack: Client, workspace: Workspace) -> None:
    """Slack does not repeat commands: the person reads an error and may type again."""
    workspace.ack_seconds = 0.05
    deaf = listen("deaf")

    slack.as_("cora").types("/cred help", may_fail=True)
    workspace.ack_seconds, deaf.acks = 3.0, True
    slack.as_("cora").types("a message, to see what came before it")

    assert [r.type for r in deaf.heard] == ["slash_commands", "events_api"]


def test_a_planned_duplicate_arrives_twice(listen: Listen, slack: Client, workspace: Workspace, until: Until) -> None:
    """The fault duplicate_envelope delivers the same envelope twice."""
    listener = listen("acks")
    workspace.faults.add("slash_commands", "duplicate_envelope")

    slack.as_("cora").types("/cred help")
    until(lambda: len(listener.heard) == 2)

    assert listener.heard[0].envelope_id == listener.heard[1].envelope_id
    assert workspace.faults.waiting() == []


def test_a_client_told_to_disconnect_comes_back(app: App, server: Server, slack: Client, until: Until) -> None:
    """After `disconnect` the client takes a new connection, and nothing typed meanwhile is lost."""

    @app.command("/cred")
    def answer(ack: Ack) -> None:
        ack("Here again")

    server.socket_mode.disconnect()
    until(lambda: server.socket_mode.connections() == 0)
    slack.as_("cora").types("/cred help")

    slack.as_("cora").sees("Here again")


def test_a_connection_that_just_ends_is_forgotten(
    workspace: Workspace, server: Server, web: WebClient, until: Until
) -> None:
    """Slack's client closes without a close frame; the sandbox takes the bare end of the stream."""
    handler = SocketModeHandler(App(client=web), workspace.app.app_token)
    handler.connect()
    until(lambda: server.socket_mode.connections() == 1)

    handler.close()

    until(lambda: server.socket_mode.connections() == 0)


def test_a_ticket_opens_one_connection(workspace: Workspace, server: Server, web: WebClient) -> None:
    """Each call answers another address, and using one a second time is refused."""
    address = str(web.apps_connections_open(app_token=workspace.app.app_token)["url"])
    other = str(web.apps_connections_open(app_token=workspace.app.app_token)["url"])

    assert address != other
    assert upgrade(server, address) == 101
    assert upgrade(server, address) == 403
