"""HTTP mode: signed requests to the app's one URL, events again when they are not answered."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from slack_sandbox.connection.transport import REDELIVERED, Ack, Envelope, Payload

if TYPE_CHECKING:
    from slack_sandbox.workspace import Workspace

RETRY_DELAYS = (0.0, 60.0, 300.0)
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# The app is on this machine: a proxy from the environment must not come between.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class HttpMode:
    """Delivery to `workspace.request_url`; `retry_delays` are the seconds before each retry."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._threads = ThreadPoolExecutor(16, thread_name_prefix="sandbox-http")
        self._stopped = Event()
        self.retry_delays = RETRY_DELAYS

    def stop(self) -> None:
        """Give up waiting retries and wait for requests under way."""
        self._stopped.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def send(self, kind: Envelope, payload: Payload) -> "list[Future[Ack]]":
        """Deliver one envelope; see `Transport`."""
        twice = self._workspace.faults.take(kind, payload) is not None
        return [self._threads.submit(self._deliver, kind, payload) for _ in range(2 if twice else 1)]

    def _deliver(self, kind: Envelope, payload: Payload) -> Ack:
        ack = self._request(kind, payload, {})
        for number, delay in enumerate(self.retry_delays if kind in REDELIVERED else (), start=1):
            if ack.error is None or self._stopped.wait(delay):
                break
            reason = "http_timeout" if ack.error == "operation_timeout" else "http_error"
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            ack = self._request(kind, payload, headers)
        return ack

    def _request(self, kind: Envelope, payload: Payload, headers: dict[str, str]) -> Ack:
        content_type, body = _body(kind, payload)
        signed = sign(self._workspace.app.signing_secret, body, int(time.time()))
        # The URL is set by whoever runs the sandbox, on their own machine.
        request = urllib.request.Request(  # noqa: S310
            self._workspace.request_url or "",
            body,
            {"Content-Type": content_type} | signed | headers,
        )
        try:
            with _OPENER.open(request, timeout=self._workspace.ack_seconds) as response:
                return Ack(_answer(response.headers.get_content_type(), response.read().decode()))
        except TimeoutError:
            return Ack({}, "operation_timeout")
        except urllib.error.URLError as error:
            timed_out = isinstance(error.reason, TimeoutError)
            return Ack({}, "operation_timeout" if timed_out else "dispatch_failed")
        except OSError:
            return Ack({}, "dispatch_failed")


def sign(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers of Slack's request signature, version v0."""
    basis = b"v0:%d:%s" % (timestamp, body)
    digest = hmac.new(secret.encode(), basis, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def _body(kind: Envelope, payload: Payload) -> tuple[str, bytes]:
    if kind == "events_api":
        return JSON, json.dumps(payload).encode()
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return FORM, urlencode(form).encode()


def _answer(content_type: str, text: str) -> Payload:
    if content_type != JSON:
        return {"text": text} if text else {}
    try:
        body = json.loads(text or "{}")
    except ValueError:
        return {"text": text}
    return body if isinstance(body, dict) else {}
