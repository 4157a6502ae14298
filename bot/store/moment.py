"""The database's real time: what ``recorded_at``, votes and audit events carry."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import Session


def database_now(session: Session) -> datetime:
    """An aware UTC instant, the same one all through a transaction; never business time."""
    if "at" not in session.info:
        on_postgresql = session.get_bind().dialect.name == "postgresql"
        at = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one() if on_postgresql else None
        session.info["at"] = at.astimezone(UTC) if at else datetime.now(UTC)
    value: datetime = session.info["at"]
    return value
