"""A fact is kept, and believed no more: who said so, and how that came about."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from bot.store.database_time import database_now
from bot.store.tables.column_types import Bitemporal, EndedAs


def supersede(
    session: Session, rows: Iterable[Bitemporal], how: EndedAs, by: int | None, why: str | None = None
) -> None:
    """``by`` is the person's id; None for the command line, imports, and what time brings."""
    for row in rows:
        row.superseded_at, row.superseded_by, row.ended_as = database_now(session), by or None, how.value
        row.why = why or row.why
        session.add(row)
    session.flush()
