"""The database's real time: what ``recorded_at``, votes and audit events carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, text
from sqlmodel import Session, col

LONGEST_WAIT_AHEAD = timedelta(minutes=30)
"""Nothing waits longer than this for real time: what lies further ahead was written before a clock was set back."""


def database_now(session: Session) -> datetime:
    """An aware UTC instant, the same one all through a transaction; never business time."""
    if "at" not in session.info:
        on_postgresql = session.get_bind().dialect.name == "postgresql"
        at = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one() if on_postgresql else None
        session.info["at"] = at.astimezone(UTC) if at else datetime.now(UTC)
    value: datetime = session.info["at"]
    return value


def has_come(instant: Any, now: datetime) -> ColumnElement[bool]:
    """Whether an instant of real time in a column is over, also for a clock that was set back since."""
    return over(instant, now, now + LONGEST_WAIT_AHEAD)


def over(instant: Any, now: Any, far: Any) -> ColumnElement[bool]:
    """``has_come`` for a statement that is put together once; ``far`` is ``LONGEST_WAIT_AHEAD`` after ``now``."""
    return or_(col(instant) <= now, col(instant) > far)


def not_too_far_ahead(instant: datetime, now: datetime) -> datetime:
    """An instant of real time to wait for; ``now`` where only a clock that was set back since can have written it."""
    return now if instant > now + LONGEST_WAIT_AHEAD else instant
