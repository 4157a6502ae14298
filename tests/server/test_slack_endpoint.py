"""The door of HTTP: what Slack signed is handed on; all else is turned away unparsed, in one short line."""

from __future__ import annotations

import io
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt import BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.routing import Route

from bot import log
from bot.server import http
from bot.server.http import Refusals
from bot.server.lifecycle import _listen
from bot.server.slack_endpoint import LARGEST, SlackEndpoint
from slack_sandbox.connection.http_mode import sign

SECRET = "not-the-real-one"
MEGABYTE = 1_000_000
COMMAND = {
    "command": "/cred", "text": "add Lee Chen license NY 245871", "team_id": "T1", "user_id": "U1", "trigger_id": "1.2",
    "token": "verification", "response_url": "https://hooks.slack.com/commands/T1/2/abc",
}  # fmt: skip
CLICK = {
    "type": "block_actions", "user": {"id": "U1"}, "team": {"id": "T1"}, "trigger_id": "1.2",
    "actions": [{"action_id": "approve", "value": "1"}],
}  # fmt: skip
FORM = {
    "type": "view_submission", "user": {"id": "U1"}, "team": {"id": "T1"},
    "view": {"id": "V1", "callback_id": "add", "state": {"values": {"b": {"a": {"value": "x"}}}}},
}  # fmt: skip
MESSAGE = {
    "type": "event_callback", "event_id": "Ev1", "team_id": "T1",
    "event": {"type": "message", "user": "U1", "channel": "D1", "channel_type": "im", "text": "help"},
}  # fmt: skip


class Door:
    """A served endpoint; ``heard`` are the payloads that were handed on."""

    def __init__(self, written: io.StringIO) -> None:
        self.heard: list[Any] = []
        self.written = written
        self.socket = _listen("127.0.0.1", 0)
        self.port = self.socket.getsockname()[1]
        refusals = Refusals()
        routes = [Route("/slack/events", SlackEndpoint(SECRET, self._hear, refusals, threads=4), methods=["POST"])]
        self.server = http.server(Starlette(routes=routes), refusals)
        self.thread = Thread(target=lambda: self.server.run(sockets=[self.socket]), daemon=True)

    def _hear(self, request: BoltRequest) -> BoltResponse:
        self.heard.append(request.body)
        return BoltResponse(status=200, body="heard")

    def asked(self, body: Any = b"", headers: dict[str, str] | None = None) -> int:
        """The status of an answer."""
        with httpx.Client(trust_env=False, timeout=10) as client:
            url = f"http://127.0.0.1:{self.port}/slack/events"
            return client.post(url, content=body, headers=headers or {}).status_code

    def signed(self, body: bytes, *, at: float | None = None, secret: str = SECRET) -> int:
        return self.asked(body, sign(secret, body, int(time.time() if at is None else at)))

    def lines(self) -> list[str]:
        return self.written.getvalue().splitlines()


@pytest.fixture
def door() -> Iterator[Door]:
    written = io.StringIO()
    log.configure("INFO", written)
    for ours in ("httpx", "httpcore"):
        logging.getLogger(ours).setLevel(logging.WARNING)
    door = Door(written)
    door.thread.start()
    while not door.server.started:
        time.sleep(0.01)
    yield door
    door.server.should_exit = True
    door.thread.join()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def as_form(payload: Any) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def pieces(of: bytes) -> Iterator[bytes]:
    """Sent in chunks, without a length."""
    for start in range(0, len(of), 65_536):
        yield of[start : start + 65_536]


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        (urlencode(COMMAND).encode(), COMMAND),
        (as_form(CLICK), CLICK),
        (as_form(FORM), FORM),
        (json.dumps(MESSAGE).encode(), MESSAGE),
        (b'{"type": "url_verification", "challenge": "x"}', {"type": "url_verification", "challenge": "x"}),
        (json.dumps(MESSAGE | {"new": {"from": "Slack"}}).encode(), MESSAGE | {"new": {"from": "Slack"}}),
        (as_form({"type": "view_closed", "view": {"id": "V1"}}), {"type": "view_closed", "view": {"id": "V1"}}),
    ],
)
def test_what_slack_signed_is_handed_on(door: Door, body: bytes, payload: Any) -> None:
    """Commands, clicks, forms, events and challenges, with whatever else Slack may add to them."""
    assert (door.signed(body), door.heard) == (200, [payload])


@pytest.mark.parametrize("letters", [b"a", b"{", b"\xff", b"a@"])
def test_an_unsigned_megabyte_costs_nothing_and_says_one_short_line(door: Door, letters: bytes) -> None:
    """Whatever it is: 401, nothing handed on, one line without any of it, and the next is answered."""
    body = letters * (MEGABYTE // len(letters))
    assert door.asked(body) == 401
    assert door.signed(urlencode(COMMAND).encode()) == 200
    (line,) = door.lines()
    assert ("why='unsigned' count=1" in line, len(line) < 200) == (True, True)


def test_a_wrongly_signed_megabyte_is_not_parsed(door: Door) -> None:
    """With a signature of the right form it is read and checked; its content is neither handed on nor logged."""
    assert door.signed(urlencode(COMMAND).encode() + b"a" * MEGABYTE, secret="guessed") == 401
    (line,) = door.lines()
    assert ("why='signature' count=1" in line, len(line) < 200, door.heard) == (True, True, [])


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_a_genuine_command_under_a_wrong_secret_stands_in_no_log(level: str, door: Door) -> None:
    """Neither the name nor the number, the verification token or the response_url."""
    log.configure(level, door.written)
    assert door.signed(urlencode(COMMAND).encode(), secret="the old one") == 401
    told = door.written.getvalue()
    assert [secret for secret in ("Lee", "245871", "verification", "hooks") if secret in told] == []


@pytest.mark.parametrize("age", [-301, 301, -1_700_000_000, 10**10])
def test_a_signature_is_good_for_five_minutes(door: Door, age: float) -> None:
    """A replay, and a clock that is off, are refused before the body is looked at; the line says which it is."""
    assert door.signed(b"x" * 10, at=time.time() + age) == 401
    assert "why='outside_five_minutes'" in door.written.getvalue()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "{now}", "X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "{now}", "X-Slack-Signature": "v0=" + "F" * 64},
        {"X-Slack-Request-Timestamp": "{now}", "X-Slack-Signature": "\xe9"},
    ],
)
def test_a_claim_of_another_form_is_unsigned(door: Door, headers: dict[str, str]) -> None:
    """No time, no number, a huge one, another version, other letters: 401, and nothing goes wrong inside."""
    raw = {name: value.replace("{now}", str(int(time.time()))).encode("latin-1") for name, value in headers.items()}
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"http://127.0.0.1:{door.port}/slack/events", content=b"x", headers=raw)
    assert (answer.status_code, "why='unsigned' count=1" in door.written.getvalue()) == (401, True)


def test_a_body_that_is_too_large_is_refused_by_its_length(door: Door) -> None:
    """413 before anything of it is read, however it is signed."""
    assert door.signed(b"a" * (LARGEST + 1)) == 413
    assert "why='too_large'" in door.written.getvalue()


def test_a_body_without_a_length_is_cut_off_where_it_is_too_large(door: Door) -> None:
    """In chunks, and signed for: 413 as soon as it is over the bound; up to it, chunks are as good as a length."""
    large = b"text=" + b"a" * LARGEST
    assert door.asked(pieces(large), sign(SECRET, large, int(time.time()))) == 413
    whole = urlencode(COMMAND | {"text": "a" * 200_000}).encode()
    assert door.asked(pieces(whole), sign(SECRET, whole, int(time.time()))) == 200


MALFORMED = {
    "empty": b"",
    "no JSON": b"payload=nothing",
    "no payload": b"a=b",
    "a list": b"payload=[]",
    "a number": b"payload=" + b"9" * 5_000,
    "null": b"payload=null",
    "half": b'{"type": "event_callback"',
    "nested": b"payload=" + b"[" * 200_000,
    "nested in place": json.dumps(MESSAGE).encode()[:-1] + b',"x":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "bytes": b"\xff\xfe=1",
    "escaped bytes": b"command=%2Fcred&text=%ff&team_id=T1&user_id=U1&trigger_id=1",
    "half a pair": json.dumps(MESSAGE | {"event": MESSAGE["event"] | {"text": "\ud800"}}).encode(),
    "many fields": b"&".join(b"a%d=1" % n for n in range(200)),
    "unknown type": json.dumps(MESSAGE | {"type": "whatever"}).encode(),
    "type of no text": json.dumps(MESSAGE | {"type": ["event_callback"]}).encode(),
    "event of no type": json.dumps(MESSAGE | {"event": {"user": "U1"}}).encode(),
    "event of no object": json.dumps(MESSAGE | {"event": "message"}).encode(),
    "event of no id": json.dumps({"type": "event_callback", "event": MESSAGE["event"]}).encode(),
    "message of nowhere": json.dumps(MESSAGE | {"event": {"type": "message", "user": "U1"}}).encode(),
    "message of an object": json.dumps(MESSAGE | {"event": MESSAGE["event"] | {"user": {"id": "U1"}}}).encode(),
    "text of no text": json.dumps(MESSAGE | {"event": MESSAGE["event"] | {"text": 5}}).encode(),
    "account of no id": json.dumps(MESSAGE | {"event": {"type": "user_change", "user": "U1"}}).encode(),
    "authorizations": json.dumps(MESSAGE | {"authorizations": "all"}).encode(),
    "form of no value": as_form(FORM | {"view": FORM["view"] | {"state": {"values": {"b": {"a": 1}}}}}),
    "form of no day": as_form(
        FORM | {"view": FORM["view"] | {"state": {"values": {"b": {"a": {"selected_date": "soon"}}}}}}
    ),
    "form of no view": as_form(FORM | {"view": None}),
    "form of a list": as_form(FORM | {"view": FORM["view"] | {"private_metadata": []}}),
    "click on nothing": as_form(CLICK | {"actions": []}),
    "click on a word": as_form(CLICK | {"actions": ["approve"]}),
    "old click on nothing": as_form({"type": "interactive_message", "callback_id": "x", "actions": []}),
    "choice of nothing": as_form(CLICK | {"actions": [{"action_id": "a", "selected_option": "x"}]}),
    "user of a number": as_form(CLICK | {"user": 5}),
    "user of no id": as_form(CLICK | {"user": {}}),
    **{f"command without {name}": urlencode({k: v for k, v in COMMAND.items() if k != name}).encode()
       for name in ("team_id", "user_id", "trigger_id")},
    **{f"click without {name}": as_form({k: v for k, v in CLICK.items() if k != name})
       for name in ("type", "user", "trigger_id", "actions")},
}  # fmt: skip


@pytest.mark.parametrize("what", MALFORMED)
def test_a_signed_body_of_no_known_shape_is_400(door: Door, what: str) -> None:
    """Not JSON, not Unicode, nested, without a key or with another kind of value: one short line and no traceback."""
    assert (door.signed(MALFORMED[what]), door.heard) == (400, [])
    (line,) = door.lines()
    assert ("why='malformed: " in line, len(line) < 200) == (True, True)


def test_a_flood_of_refusals_writes_a_line_a_second(door: Door) -> None:
    """The first is said at once, the others together a second later."""
    for _ in range(50):
        door.asked(b"x")
    until(lambda: sum(int(count) for count in re.findall(r"count=(\d+)", door.written.getvalue())) == 50)
    assert len(door.lines()) < 15


def test_an_endpoint_without_a_secret_is_none() -> None:
    """With an empty secret everybody could sign."""
    with pytest.raises(ValueError, match="signing secret"):
        SlackEndpoint(" ", lambda _: BoltResponse(status=200), Refusals(), threads=1)
