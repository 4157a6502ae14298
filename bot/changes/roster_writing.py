"""New rows whose ids are needed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session


def insert_numbered(session: Session, into: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The ids given to rows of the same keys, in their order."""
    if not rows:
        return []
    new = into.insert().returning(into.c.id, sort_by_parameter_order=True)
    return list(session.connection().execute(new, [dict(row) for row in rows]).scalars())
