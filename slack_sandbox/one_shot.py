"""Trigger ids and response URLs: handles that work a few times, for a short while, in real time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """Whose click it was, and until when (monotonic seconds) it may open one modal."""

    user: str
    expires: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where an answer goes: `message_ts` is the message whose button was pressed, if one was."""

    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    uses: int = 0


class OneShots:
    """All handles given out; `now` is monotonic seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.trigger_seconds = TRIGGER_SECONDS
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        """A trigger id for one modal, `trigger_seconds` from now at the latest."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self._now() + self.trigger_seconds)
        return trigger_id

    def exchange(self, trigger_id: str) -> tuple[str | None, str | None]:
        """Use up a trigger: (its user, None), or (None, Slack's error)."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            return None, "invalid_trigger_id"
        if trigger.used:
            return None, "exchanged_trigger_id"
        if self._now() > trigger.expires:
            return None, "expired_trigger_id"
        trigger.used = True
        return trigger.user, None

    def new_response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        """The secret part of a response URL."""
        secret = secrets.token_urlsafe(24)
        expires = self._now() + RESPONSE_URL_SECONDS
        self._urls[secret] = ResponseUrl(user, channel, expires, message_ts)
        return secret

    def use_response_url(self, secret: str) -> tuple[ResponseUrl | None, str | None]:
        """Spend one use: (where it goes, None), or (None, Slack's error)."""
        url = self._urls.get(secret)
        if url is None or self._now() > url.expires:
            return None, "expired_url"
        if url.uses >= RESPONSE_URL_USES:
            return None, "used_url"
        url.uses += 1
        return url, None
