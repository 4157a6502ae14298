"""Every race on PostgreSQL runs under the watch over the order of locks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store.engine import Database
from tests.support.lock_order import LockOrder


@pytest.fixture
def postgres_db(postgres_db: Database) -> Iterator[Database]:
    """The same database, whose locks are watched."""
    locks = LockOrder(postgres_db.engine)
    yield postgres_db
    assert locks.broken == []
