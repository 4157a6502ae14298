"""Whether the bot itself is well, judged in real time from what its database knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SWEEPS_STOPPED = timedelta(minutes=10)
"""A sweep is due every minute."""
STANDS_STILL = timedelta(minutes=15)
"""So long at the head of the queue: at Slack's slowest pace the head leaves within seconds."""


class Trouble(StrEnum):
    """What a person should look at."""

    NO_SWEEP = "no_sweep"
    """No worker looks for what is due."""
    UNDELIVERED = "undelivered"
    """A message stands at the head of the queue and does not leave."""
    STUCK = "stuck"
    """Messages of which only a person can say what becomes of them."""
    SET_ASIDE = "set_aside"
    """Files that a job leaves out, because it failed with them."""
    OTHERS = "others"
    """Another process takes part of what people type."""


@dataclass(frozen=True, slots=True)
class Health:
    """How it is at ``at``. Instants are aware UTC, by the database's clock."""

    at: datetime
    swept_at: datetime | None
    """When the last sweep ended; None before the first."""
    swept_as_of: datetime | None
    """The business time that sweep went by."""
    waiting: int
    """Messages that are on their way or wait for their turn."""
    oldest_since: datetime | None
    """Since when the oldest of those that could have gone has waited; None where all have gone."""
    head_since: datetime | None
    """Since when nobody has been before it in the queue: less than its age while a backlog is worked off."""
    stuck: int = 0
    """Messages that wait for a person: failed, or nobody knows whether they arrived."""
    set_aside: int = 0
    """Times that a job leaves a file out."""
    others: int = 0
    """Socket Mode connections of the app that Slack counted beside ours when the last one was opened."""

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        return tuple(self._troubles())

    def _troubles(self) -> Iterator[Trouble]:
        if self.swept_at is None or self.at - self.swept_at > SWEEPS_STOPPED:
            yield Trouble.NO_SWEEP
        if self.head_since is not None and self.at - self.head_since > STANDS_STILL:
            yield Trouble.UNDELIVERED
        if self.stuck:
            yield Trouble.STUCK
        if self.set_aside:
            yield Trouble.SET_ASIDE
        if self.others:
            yield Trouble.OTHERS
