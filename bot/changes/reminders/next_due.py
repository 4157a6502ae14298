"""A deadline that opens: its columns, and when the sweep first looks at it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.rules.context import Context
from bot.rules.reminders.catalog import REMINDERS, Asked
from bot.rules.reminders.deadlines import WantedDeadline
from bot.rules.reminders.ladder import instant

EARLIEST_ZONE = timezone(timedelta(hours=14))
"""Nobody's day begins sooner (Kiribati)."""


def opened(provider_id: int, wanted: WantedDeadline, ctx: Context) -> dict[str, Any]:
    """The columns of a deadline that opens today."""
    return {
        "kind": wanted.kind.value,
        "subject_type": REMINDERS[wanted.kind].subject.value,
        "subject_id": wanted.subject_id,
        "provider_id": provider_id,
        "credential_id": wanted.credential_id,
        "opened_on": ctx.today,
        "due_on": wanted.due_on,
        "next_at": look_at(wanted, ctx),
        **terms(wanted),
    }


def terms(wanted: WantedDeadline) -> dict[str, Any]:
    """Whose turn it is and how it is said: what a deadline takes over from a rule that has changed."""
    return {
        "assignee": wanted.assignee,
        "ladder": list(wanted.ladder),
        "on_lapse": wanted.on_lapse.value if wanted.on_lapse else None,
    }


def look_at(wanted: WantedDeadline, ctx: Context) -> datetime | None:
    """When the sweep should look first: never later than the first rung, wherever the reader is.

    That moment may be past, and then stays what it is: ``nudges run --at`` may ask about an earlier hour of today.
    """
    asked = Asked(wanted.due_on, wanted.ladder, wanted.on_lapse, from_day=ctx.today, holidays=ctx.holidays)
    first = next(REMINDERS[wanted.kind].rungs(asked), None)
    return earliest(first.on) if first else None


def earliest(day: date) -> datetime:
    """The first instant at which a reminder of that day may leave anywhere; aware UTC."""
    return instant(day, EARLIEST_ZONE)
