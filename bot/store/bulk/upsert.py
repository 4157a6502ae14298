"""INSERT … ON CONFLICT DO NOTHING, in the words of either database."""

from __future__ import annotations

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_missing(session: Session, table: type[SQLModel]) -> Insert:
    """Rows that are there already, by any unique constraint, stay as they are."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
