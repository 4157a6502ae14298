"""Slack's rate limits as token buckets, in real time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

TIER_1, TIER_2, TIER_3, TIER_4, SPECIAL = 1, 20, 50, 100, 600
POSTS_PER_WORKSPACE = 300

PER_MINUTE = {
    "apps.connections.open": TIER_1,
    "auth.test": SPECIAL,
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": POSTS_PER_WORKSPACE,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.update": TIER_4,
}
# A developer reconnects far more often than the one a minute that Tier 1 promises.
BURST = {"apps.connections.open": 60}
POSTS_PER_SECOND_AND_CHANNEL = 1.0
POST_BURST = 3


@dataclass
class Bucket:
    """Tokens left, and the monotonic second of the last look."""

    tokens: float
    at: float


class Rates:
    """What each method, and each channel, may still take."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self.enabled = True
        self.per_minute = dict(PER_MINUTE)

    def retry_after(self, method: str, channel: str | None) -> int | None:
        """Whole seconds to wait before this call would be let through; None = it is."""
        if not self.enabled or method not in self.per_minute:
            return None
        if method == "chat.postMessage" and channel is not None:
            wait = self._take((method, channel), POSTS_PER_SECOND_AND_CHANNEL, POST_BURST)
            if wait is not None:
                return wait
        limit = self.per_minute[method]
        return self._take((method, ""), limit / 60, BURST.get(method, limit))

    def _take(self, key: tuple[str, str], per_second: float, burst: float) -> int | None:
        now = self._now()
        bucket = self._buckets.setdefault(key, Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return None
        return max(1, ceil((1 - bucket.tokens) / per_second))
