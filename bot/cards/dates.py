"""Dates in plain words. A date is never shown as an instant: nobody's time zone may move it."""

from __future__ import annotations

from datetime import UTC, date, datetime


def day(on: date) -> str:
    """The day as in "Jan 15, 2027"."""
    return f"{on:%b} {on.day}, {on.year}"


def in_days(on: date, today: date) -> str:
    """How far a day is, as in "in 23 days", "today", "tomorrow", "yesterday", "5 days ago"."""
    days = (on - today).days
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in named:
        return named[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def in_days_on(on: date, today: date) -> str:
    """Both, as in "in 23 days, Jan 15, 2027"."""
    return f"{in_days(on, today)}, {day(on)}"


def in_utc(instant: datetime) -> str:
    """An instant where no reader's zone is known, as in "Jan 15, 2027 at 3:05 PM UTC"."""
    at = instant.astimezone(UTC)
    return f"{day(at)} at {at:%-I:%M %p} UTC"
