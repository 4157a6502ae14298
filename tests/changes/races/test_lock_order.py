"""The watch over the order of locks, which every change on PostgreSQL is tested under, sees what it should."""

from __future__ import annotations

import pytest
from sqlalchemy import Update, update
from sqlmodel import SQLModel

from bot.store.engine import Database
from tests.support.lock_order import ORDER, LockOrder, locked_by

FILE, REQUEST, *_ = ORDER


def touching(name: str) -> Update:
    table = SQLModel.metadata.tables[name]
    return update(table).values(id=table.c.id)


def test_a_file_after_its_request_is_out_of_order(sqlite_db: Database) -> None:
    """Another change that takes them the other way round would wait for this one, and this one for it."""
    locks = LockOrder(sqlite_db.engine)
    with sqlite_db.engine.begin() as connection:
        for table in (REQUEST, FILE):
            connection.execute(touching(table))

    (broken,) = locks.broken
    assert broken.startswith(f"{FILE} is locked after {REQUEST}: ")


def test_what_is_held_already_may_be_written_again(sqlite_db: Database) -> None:
    """And each transaction begins anew."""
    locks = LockOrder(sqlite_db.engine)
    for tables in ((FILE, REQUEST, FILE), (FILE,)):
        with sqlite_db.engine.begin() as connection:
            for table in tables:
                connection.execute(touching(table))

    assert locks.broken == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT provider.id FROM provider FOR NO KEY UPDATE", ["provider"]),
        ("SELECT 1 FROM provider JOIN deadline ON true FOR NO KEY UPDATE OF deadline SKIP LOCKED", ["deadline"]),
        ("SELECT provider.id FROM provider", []),
        ("UPDATE setting SET value = 1", []),
    ],
)
def test_a_lock_is_known_by_its_statement(statement: str, tables: list[str]) -> None:
    """Reading locks nothing; a join locks what it names."""
    assert [*locked_by(statement)] == tables
