"""When the sweep first looks at a deadline that opens."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.changes.context import Context
from bot.rules.deadlines import Wanted, rungs_for
from bot.rules.ladder import instant

EARLIEST_ZONE = timezone(timedelta(hours=14))
"""Nobody's day begins sooner (Kiribati)."""


def look_at(wanted: Wanted, ctx: Context) -> datetime | None:
    """When the sweep should look first: never later than the first rung, wherever the reader is."""
    rungs = rungs_for(
        wanted.kind, wanted.due_on, wanted.ladder, wanted.on_lapse, from_day=ctx.today, holidays=ctx.holidays
    )
    first = next(rungs, None)
    return max(ctx.now, instant(first.on, EARLIEST_ZONE)) if first else None
