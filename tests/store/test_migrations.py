"""The schema that migrations build is the one that the tables describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from bot.store.engine import Database
from bot.store.migrations import migrate, up_to_date


def test_migrations_build_exactly_the_tables(db: Database) -> None:
    """Nothing is left for autogenerate to add after the newest migration."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(db: Database) -> None:
    """A database that is up to date stays as it is."""
    assert migrate(db.engine) == migrate(db.engine)
    assert up_to_date(db.engine)
