"""The schema's history, forward only. ``migrate`` brings a database to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.store.engine import Unavailable

BEFORE_THE_FIRST_RELEASE = frozenset(f"{number:04}" for number in range(1, 10))
"""Schemas that nobody was ever given, and that no migration starts from."""


class UnusableSchemaError(Exception):
    """The schema is one that this version neither has nor can bring up to date. The message says what to do."""


def migrate(engine: Engine) -> str:
    """Applies what is missing in one transaction, and answers the revision reached. Safe to run again.

    Raises UnusableSchemaError, and Unavailable.
    """
    config = _config()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            _refuse_unknown(_revision(connection))
            command.upgrade(config, "head")
            return _revision(connection) or ""
    except OperationalError as error:
        raise Unavailable(str(error.orig)) from error


def up_to_date(engine: Engine) -> bool:
    """Whether the database has the newest schema. Raises UnusableSchemaError."""
    found = revision(engine)
    _refuse_unknown(found)
    return found == _scripts().get_current_head()


def revision(engine: Engine) -> str | None:
    """Which schema the database has; None for an empty one. Raises Unavailable, also for an address that is none."""
    try:
        with engine.connect() as connection:
            return _revision(connection)
    except DBAPIError as error:
        raise Unavailable(str(error.orig)) from error


def _refuse_unknown(found: str | None) -> None:
    if found is None:
        return
    if found in BEFORE_THE_FIRST_RELEASE:
        raise UnusableSchemaError(
            f"This database was made by a version from before the first release of Credbot (schema {found}), which "
            "this version cannot bring up to date. Set DATABASE_URL to a new database, and import the roster there: "
            "credbot import roster FILE."
        )
    try:
        _scripts().get_revision(found)
    except CommandError as error:
        raise UnusableSchemaError(
            f"The database is of a newer version of Credbot (schema {found}). Install that version, or a later one."
        ) from error


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _revision(connection: object) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()  # type: ignore[arg-type]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
