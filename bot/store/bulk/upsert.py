"""Rows that several workers may write at once, in the words of either database."""

from __future__ import annotations

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from bot.store.database_time import database_now
from bot.store.tables import Setting


def insert_missing(session: Session, table: type[SQLModel]) -> Insert:
    """Rows that are there already, by any unique constraint, stay as they are."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def remember(session: Session, key: str, value: str, by: str = "credbot") -> None:
    """What a job or an admin left for whoever asks next; whoever writes last is remembered, the first time too."""
    row = Setting(key=key, value=value, by=by, at=database_now(session))
    session.execute(insert_missing(session, Setting), [row.model_dump()])
    session.merge(row)
