"""``POST /slack/events``: what Slack signed is handed on; nothing else is parsed, kept or logged."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import anyio
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_starlette_response
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from bot.handlers.dispatch.payload import Malformed, checked
from bot.server.http import Refusals

LARGEST = 1_048_576
"""Bytes of a body; Slack's own stay far below."""
WINDOW = 300
"""Seconds that a signature is good for, in real time, to either side."""
FIELDS = 100
LINGERS = 1.0
"""Seconds in which what is refused may still be sent, unread: cut off at once, its sender might not see the answer."""
STAMP, SIGNATURE = re.compile(r"[0-9]{1,11}"), re.compile(r"v0=[0-9a-f]{64}")


class _Refused(Exception):  # noqa: N818  (the request is wrong, nothing here is)
    def __init__(self, status: HTTPStatus, why: str, *, whole: bool = False) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.whole = whole
        """Whether all of the body was received."""


class _Gone(Exception):  # noqa: N818
    """Whoever asked has hung up."""


class SlackEndpoint:
    """The one place that decides whether a request is Slack's. ``dispatch`` gets payloads of a known shape only.

    It runs in one of ``threads``: a listener waits up to a second for what it acknowledges with.
    """

    def __init__(
        self, secret: str, dispatch: Callable[[BoltRequest], BoltResponse], refusals: Refusals, *, threads: int
    ) -> None:
        if not secret.strip():
            raise ValueError("without a signing secret everybody could sign")
        self._secret = secret.encode()
        self._dispatch = dispatch
        self._refusals = refusals
        self._threads = anyio.CapacityLimiter(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            payload = _payload(await self._signed_body(Headers(scope=scope), receive))
        except _Refused as refused:
            self._refusals.note(refused.why)
            await _turn_away(refused, receive, send)
        except _Gone:
            return
        else:
            # "socket_mode": Bolt takes what is parsed and verified already in this mode only.
            asked = BoltRequest(body=payload, mode="socket_mode")
            answer = await anyio.to_thread.run_sync(self._dispatch, asked, limiter=self._threads)
            await to_starlette_response(answer)(scope, receive, send)

    async def _signed_body(self, headers: Headers, receive: Receive) -> bytes:
        if int(headers.get("content-length", "0")) > LARGEST:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        stamp, signature = _claimed(headers)
        body = await _read(receive)
        basis = b"v0:" + stamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self._secret, basis, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise _Refused(HTTPStatus.UNAUTHORIZED, "signature", whole=True)
        return body


def _claimed(headers: Headers) -> tuple[str, str]:
    """The time and signature that a request states, as text of the right form, from these five minutes."""
    stamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not (STAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature)):
        raise _Refused(HTTPStatus.UNAUTHORIZED, "unsigned")
    if abs(time.time() - int(stamp)) > WINDOW:
        raise _Refused(HTTPStatus.UNAUTHORIZED, "outside_five_minutes")
    return stamp, signature


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise _Gone
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", whole=not more)
    return bytes(body)


def _payload(body: bytes) -> dict[str, Any]:
    """JSON, a form, or JSON in a form's ``payload``."""
    try:
        text = body.decode()
        if not text.startswith("{"):
            form = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS))
            return checked(json.loads(form["payload"]) if "payload" in form else form)
        return checked(json.loads(text))
    except Malformed as malformed:
        raise _Refused(HTTPStatus.BAD_REQUEST, f"malformed: {malformed}", whole=True) from None
    except (ValueError, RecursionError):
        raise _Refused(HTTPStatus.BAD_REQUEST, "malformed: unreadable", whole=True) from None


async def _turn_away(refused: _Refused, receive: Receive, send: Send) -> None:
    said = refused.status.phrase.encode()
    headers = [(b"content-length", b"%d" % len(said)), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": said, "more_body": True})
    if not refused.whole:
        with anyio.move_on_after(LINGERS):
            while (await receive()).get("more_body"):
                pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
