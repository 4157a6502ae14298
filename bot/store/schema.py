"""Making sure that a database can be used: it answers, and has the newest schema."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from bot.store import audit
from bot.store.audit import key_id
from bot.store.audit.origin import refuse_retired
from bot.store.engine import Database, Unavailable
from bot.store.file_permissions import make_private
from bot.store.migrations import migrate, up_to_date


class BehindError(Exception):
    """The schema is not this version's, and only ``credbot migrate`` may change it."""


def make_ready(database: Database) -> None:
    """Brings a SQLite database up to date.

    Raises BehindError where a PostgreSQL one is not, RetiredKeyError where nothing could be sealed, and Unavailable.
    """
    if database.on_sqlite:
        bring_up_to_date(database)
    elif not up_to_date(database.engine):
        raise BehindError
    if database.keys:
        with database.reading() as session:
            refuse_retired(session, key_id(database.keys[0]))


def pin_the_key(database: Database) -> None:
    """Seals, where the first key is a new one, where the key before ends: nothing else may come between.

    Raises RetiredKeyError and Unavailable.
    """
    if not database.keys:
        return
    with database.reading() as session:
        wanted = audit.ends_with_another(session, database.keys[0])
    if wanted:
        database.transact(audit.pin)


def bring_up_to_date(database: Database) -> str:
    """Applies what is missing, and answers the revision reached. Raises Unavailable, also for what is no database."""
    make_private(database.url)
    try:
        return migrate(database.engine)
    except DBAPIError as error:
        raise Unavailable(str(error.orig)) from error
