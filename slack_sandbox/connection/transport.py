"""How the workspace reaches the app: the same interface over Socket Mode and over HTTP."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Envelope = Literal["slash_commands", "interactive", "events_api"]
Payload = dict[str, Any]

ACK_SECONDS = 3.0
REDELIVERED: frozenset[Envelope] = frozenset({"events_api"})


@dataclass(frozen=True)
class Ack:
    """The app's answer: what it sent along, or Slack's word for why there was none."""

    body: Payload
    error: str | None = None


class Transport(Protocol):
    """A way to the app; `send` returns at once. Whatever acknowledgement arrives is taken, a second one too."""

    def send(self, kind: Envelope, payload: Payload) -> "list[Future[Ack]]":
        """Deliver one envelope, again where Slack would; a future for each delivery ends after its last try."""
        ...
