"""The schema that migrations build is the one that the tables describe."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlmodel import SQLModel

from bot.store.engine import Database
from bot.store.migrations import UnusableSchemaError, migrate, up_to_date
from bot.store.schema import make_ready


def test_migrations_build_exactly_the_tables(db: Database) -> None:
    """Nothing is left for autogenerate to add after the newest migration."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrations_build_every_check_and_partial_index(db: Database) -> None:
    """What autogenerate does not compare: the named checks, and the indexes of some rows only."""
    tables = SQLModel.metadata.tables
    checks = {
        str(one.name) for found in tables.values() for one in found.constraints if isinstance(one, CheckConstraint)
    }
    partial = {str(one.name) for found in tables.values() for one in found.indexes if _where(one, "sqlite") is not None}
    inspector = inspect(db.engine)

    built = {one["name"] for name in tables for one in inspector.get_check_constraints(name)}
    indexes = [one for name in tables for one in inspector.get_indexes(name)]
    some = {one["name"] for one in indexes if any("where" in option for option in one.get("dialect_options", {}))}

    assert (built, some) == (checks, partial)


def test_migrating_twice_changes_nothing(db: Database) -> None:
    """A database that is up to date stays as it is."""
    assert migrate(db.engine) == migrate(db.engine)
    assert up_to_date(db.engine)


@pytest.mark.parametrize("schema", ["0001", "0009"])
def test_a_database_from_before_the_first_release_is_refused(db: Database, schema: str) -> None:
    """No migration starts from it: whoever opens it reads what to do, and nothing in it is changed."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})

    for opened in (lambda: make_ready(db), lambda: migrate(db.engine)):
        with pytest.raises(UnusableSchemaError) as refused:
            opened()
        assert str(refused.value) == (
            f"This database was made by a version from before the first release of Credbot (schema {schema}), which "
            "this version cannot bring up to date. Set DATABASE_URL to a new database, and import the roster there: "
            "credbot import roster FILE."
        )
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [schema]


def _where(index: object, dialect: str) -> object:
    return index.dialect_options[dialect]["where"]  # type: ignore[attr-defined]
