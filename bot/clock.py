"""Business time. Leases, backoff and signatures use real time instead, and never come here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _system_time() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the organization's time: ``zone`` decides what "today" is, ``source`` gives aware instants."""

    zone: ZoneInfo
    source: Callable[[], datetime] = _system_time

    def now(self) -> datetime:
        """The present instant of business time, aware, in UTC."""
        return self.source().astimezone(UTC)

    def today(self) -> date:
        """The organization's calendar day."""
        return self.day(self.now())

    def day(self, instant: datetime) -> date:
        """The organization's calendar day of an instant."""
        return instant.astimezone(self.zone).date()


def stopped_at(instant: datetime, zone: ZoneInfo) -> Clock:
    """A clock that stands still, for ``nudges run --at`` and tests."""
    return Clock(zone, lambda: instant)
