"""New rows whose ids are needed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlmodel import Session

from bot.store.bulk import on_postgresql


def insert_numbered(session: Session, into: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The ids given to rows of the same keys, in their order.

    Drawn beforehand: RETURNING in the order of the rows costs SQLite one statement a row.
    """
    if not rows:
        return []
    ids = _ids(session, into, len(rows))
    session.connection().execute(into.insert(), [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)])
    return ids


def _ids(session: Session, into: Table, count: int) -> list[int]:
    """From the sequence on PostgreSQL; SQLite has one writer at a time, and deletes nothing."""
    if on_postgresql(session):
        drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return sorted(session.connection().execute(drawn, {"name": into.name, "count": count}).scalars())
    last = session.connection().execute(select(func.coalesce(func.max(into.c.id), 0))).scalar_one()
    return list(range(last + 1, last + 1 + count))
