"""How much one person may ask of the bot in a minute, so that nobody's flood keeps others waiting.

Kept in memory and per process: it protects the process that is flooded, and costs neither database nor Slack.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

A_MINUTE, SEARCHES = 60, 240
"""Pieces of one person a minute: what they do, and what they type into a searched list."""
PEOPLE = 10_000


class Verdict(Enum):
    """What becomes of one command, message, click or form. Whoever is told reads the refusal ``too_much``."""

    ALLOWED = auto()
    TELL_ONCE = auto()
    """The first beyond the budget: the person is told."""
    SILENT = auto()
    """They were told; again only after they have kept still for a while."""


@dataclass(slots=True)
class _Left:
    """``tokens`` were left at ``at``, monotonic seconds."""

    tokens: float
    at: float
    told: bool = False


class Budget:
    """A bucket for each person: full at first, emptied by each piece, filled again in a minute of real time.

    Of more than ``people`` who came in the last minute, those who came first begin with a full one again.
    """

    def __init__(
        self, a_minute: int = A_MINUTE, *, people: int = PEOPLE, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._people, self._now = a_minute, people, now
        self._left: OrderedDict[str, _Left] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, user_id: str) -> Verdict:
        """Asked before anything else is done for somebody; never waits."""
        with self._lock:
            left = self._refilled(user_id)
            if left.tokens >= 1:
                left.tokens -= 1
                return Verdict.ALLOWED
            verdict = Verdict.SILENT if left.told else Verdict.TELL_ONCE
            left.told = True
            return verdict

    def _refilled(self, user_id: str) -> _Left:
        now = self._now()
        left = self._left.pop(user_id, None) or _Left(self._most, now)
        left.tokens = min(self._most, left.tokens + (now - left.at) * self._most / 60)
        left.at = now
        # Half full: they have kept still for a while, and a new flood is told of anew.
        left.told = left.told and left.tokens < self._most / 2
        self._left[user_id] = left
        if len(self._left) > self._people:
            self._left.popitem(last=False)
        return left
