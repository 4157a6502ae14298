"""The schema's history, forward only. ``migrate`` brings a database to the newest revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from bot.store.engine import Unavailable


def migrate(engine: Engine) -> str:
    """Applies what is missing in one transaction, and answers the revision reached. Safe to run again."""
    config = _config()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return _revision(connection) or ""
    except OperationalError as error:
        raise Unavailable(str(error.orig)) from error


def up_to_date(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    try:
        with engine.connect() as connection:
            return _revision(connection) == ScriptDirectory.from_config(_config()).get_current_head()
    except OperationalError as error:
        raise Unavailable(str(error.orig)) from error


def _revision(connection: object) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()  # type: ignore[arg-type]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
