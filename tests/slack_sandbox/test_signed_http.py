"""HTTP mode: signed requests to one URL, retries of events, the answers of Socket Mode."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from slack_sandbox.connection.http_mode import sign
from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace


class Web:
    """A real Bolt app behind HTTP; `status` can be made to fail, `headers` keep what came."""

    def __init__(self, app: App) -> None:
        self.app, self.status = app, 0
        self.headers: list[dict[str, str]] = []

    def answer(self, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
        """What the app says to one request."""
        self.headers.append({name.lower(): value for name, value in headers.items()})
        if self.status:
            return self.status, {}, ""
        answer = self.app.dispatch(BoltRequest(body=body, headers=dict(headers)))
        return answer.status, answer.first_headers(), answer.body


@pytest.fixture
def bolt(workspace: Workspace, server: Server, web: WebClient) -> Iterator[Web]:
    """The app, and its URL set as the workspace's request URL."""
    served = Web(App(client=web, signing_secret=workspace.app.signing_secret))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, headers, text = served.answer(dict(self.headers.items()), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: Any) -> None:
            """Requests are kept by `Web`, not printed."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    workspace.request_url = f"http://127.0.0.1:{http.server_port}/slack/events"
    yield served
    http.shutdown()
    thread.join()
    http.server_close()


def test_a_signed_command_is_answered(bolt: Web, slack: Client) -> None:
    """Bolt accepts the signature, and the text of its answer is shown to the person."""

    @bolt.app.command("/cred")
    def answer(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"You said {command['text']}")

    slack.as_("cora").types("/cred héllo & <you>")

    slack.as_("cora").sees("You said héllo & <you>")


def test_the_signature_is_slacks(workspace: Workspace) -> None:
    """The signature is the one that Slack's own verifier computes, and no other secret's."""
    secret = workspace.app.signing_secret
    headers = sign(secret, b"body", 1_700_000_000)

    def of(key: str) -> str | None:
        return SignatureVerifier(key).generate_signature(timestamp="1700000000", body="body")

    assert headers["X-Slack-Request-Timestamp"] == "1700000000"
    assert headers["X-Slack-Signature"] == of(secret)
    assert headers["X-Slack-Signature"] != of("another secret")


def test_an_app_with_another_secret_refuses(bolt: Web, slack: Client, web: WebClient) -> None:
    """Bolt answers 401 to a signature that is not its own, and the person reads an error."""
    bolt.app = App(client=web, signing_secret="another secret")

    outcome = slack.as_("cora").types("/cred help", may_fail=True)

    assert outcome.notice == '/cred failed with the error "dispatch_failed"'


def test_errors_of_a_modal_come_back_in_the_answer(bolt: Web, slack: Client, web: WebClient) -> None:
    """response_action works in an HTTP body as it does in a Socket Mode acknowledgement."""
    label = {"type": "plain_text", "text": "Number"}
    form = {
        "type": "modal",
        "callback_id": "form",
        "title": label,
        "submit": label,
        "blocks": [
            {
                "type": "input",
                "block_id": "n",
                "label": label,
                "element": {"type": "plain_text_input", "action_id": "it"},
            }
        ],
    }

    @bolt.app.command("/cred")
    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        web.views_open(trigger_id=body["trigger_id"], view=form)

    @bolt.app.view("form")
    def refuse(ack: Ack) -> None:
        ack(response_action="errors", errors={"n": "Not so."})

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.sees("Number")
    cora.fills({"Number": "1"})
    cora.submits()

    assert cora.modal is not None
    assert cora.modal.errors == {"Number": "Not so."}


def test_a_failed_event_is_retried(bolt: Web, slack: Client, server: Server) -> None:
    """An event that is answered with an error comes three times more, numbered, with the reason."""
    server.http_mode.retry_delays = (0.0, 0.0, 0.0)
    bolt.status = 500

    outcome = slack.as_("cora").types("hello?", may_fail=True)

    assert outcome.notice == "dispatch_failed"
    assert [h.get("x-slack-retry-num") for h in bolt.headers] == [None, "1", "2", "3"]
    assert bolt.headers[1]["x-slack-retry-reason"] == "http_error"


def test_a_failed_command_is_not_retried(bolt: Web, slack: Client) -> None:
    """A command that is answered with an error is told to the person and not sent again."""
    bolt.status = 500

    outcome = slack.as_("cora").types("/cred help", may_fail=True)

    assert outcome.notice == '/cred failed with the error "dispatch_failed"'
    assert len(bolt.headers) == 1
