"""The schema's history, forward only. ``migrate`` brings a database to the newest revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.store.engine import Unavailable


class NewerError(Exception):
    """The schema is of a later version than this one. The message says what to do."""


def migrate(engine: Engine, to: str = "head") -> str:
    """Applies what is missing in one transaction, and answers the revision reached. Safe to run again.

    Raises NewerError, and Unavailable.
    """
    config = _config()
    try:
        with _foreign_keys_off(engine) as connection, connection.begin():
            config.attributes["connection"] = connection
            _refuse_newer(_revision(connection))
            command.upgrade(config, to)
            _check_foreign_keys(connection)
            return _revision(connection) or ""
    except OperationalError as error:
        raise Unavailable(str(error.orig)) from error


def up_to_date(engine: Engine) -> bool:
    """Whether the database has the newest schema. Raises NewerError where it has one that comes after."""
    found = revision(engine)
    _refuse_newer(found)
    return found == _scripts().get_current_head()


def revision(engine: Engine) -> str | None:
    """Which schema the database has; None for an empty one. Raises Unavailable, also for an address that is none."""
    try:
        with engine.connect() as connection:
            return _revision(connection)
    except DBAPIError as error:
        raise Unavailable(str(error.orig)) from error


@contextmanager
def _foreign_keys_off(engine: Engine) -> Iterator[Connection]:
    """SQLite changes a table by making it anew, which references to it would forbid (sqlite.org/lang_altertable)."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if engine.dialect.name != "sqlite" or raw is None:
            yield connection
            return
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"the new schema breaks references: {broken[:3]}")


def _refuse_newer(found: str | None) -> None:
    if found is None:
        return
    try:
        _scripts().get_revision(found)
    except CommandError as error:
        raise NewerError(
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
