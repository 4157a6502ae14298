"""What every change, and every reader of reminders, needs to know beside its own facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.rules.calendar import Days
from bot.rules.policy import Policies


@dataclass(frozen=True, slots=True)
class Context:
    """``now`` is business time, aware UTC; ``zone`` is the organization's."""

    policies: Policies
    now: datetime
    zone: ZoneInfo
    approvals_channel: str | None = None
    team_channel: str | None = None
    admins: tuple[str, ...] = ()
    """Slack ids that are always admins (CREDBOT_ADMINS)."""
    really: date | None = None
    """What day it is, where ``now`` is as if it were another: ``nudges run --at``."""

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def ahead(self) -> bool:
        """Whether this looks ahead of the real day: what is for good waits until that day has come."""
        return self.really is not None and self.today > self.really

    @property
    def holidays(self) -> Days:
        """Days on which the organization does not work, beside week-ends."""
        return self.policies.holidays
