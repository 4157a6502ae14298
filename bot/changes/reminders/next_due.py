"""When the sweep first looks at a deadline that opens."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from bot.changes.context import Context
from bot.rules.reminders.deadlines import WantedDeadline, rungs_for
from bot.rules.reminders.ladder import instant

EARLIEST_ZONE = timezone(timedelta(hours=14))
"""Nobody's day begins sooner (Kiribati)."""


def look_at(wanted: WantedDeadline, ctx: Context) -> datetime | None:
    """When the sweep should look first: never later than the first rung, wherever the reader is.

    That moment may be past, and then stays what it is: ``nudges run --at`` may ask about an earlier hour of today.
    """
    rungs = rungs_for(
        wanted.kind, wanted.due_on, wanted.ladder, wanted.on_lapse, from_day=ctx.today, holidays=ctx.holidays
    )
    first = next(rungs, None)
    return earliest(first.on) if first else None


def earliest(day: date) -> datetime:
    """The first instant at which a reminder of that day may leave anywhere; aware UTC."""
    return instant(day, EARLIEST_ZONE)
