"""What can stand in the bot's way while somebody waits: a locked database, none at all, every thread at work."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, make_url, text

from bot.executor import READERS, READERS_IN_PROCESS, WAITING, WRITERS
from tests.stories.conftest import Clinic

CUT = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
FULL = """
CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""


@contextmanager
def locked(clinic: Clinic) -> Iterator[None]:
    """Another process holds the database's write lock."""
    other = sqlite3.connect(_file(clinic), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def gone(clinic: Clinic) -> Iterator[None]:
    """The database cannot be read or written: its file is somewhere else."""
    file = Path(_file(clinic))
    away = file.with_suffix(".away")
    clinic.bot.db.dispose()
    file.rename(away)
    file.mkdir()
    clinic.bot.db.dispose()
    try:
        yield
    finally:
        file.rmdir()
        away.rename(file)


@contextmanager
def server_gone(clinic: Clinic) -> Iterator[None]:
    """The PostgreSQL server cuts every connection to the database and lets none in."""
    url = make_url(clinic.bot.settings.database_url)
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as server:
        server.execute(text(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS false"))
        server.execute(CUT, {"name": url.database})
        try:
            yield
        finally:
            server.execute(text(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS true"))
    admin.dispose()


@contextmanager
def disk_full(clinic: Clinic) -> Iterator[None]:
    """There is no room for another page (SQLite), or for another audit event (PostgreSQL's 53100)."""
    engine = clinic.bot.db.engine
    if clinic.bot.db.on_sqlite:
        _use_up_free_pages(_file(clinic))
        event.listen(engine, "begin", _no_more_pages)
        try:
            yield
        finally:
            event.remove(engine, "begin", _no_more_pages)
            engine.dispose()
        return
    with engine.begin() as connection:
        connection.execute(text(FULL))
        connection.execute(text("CREATE TRIGGER no_room BEFORE INSERT ON audit_event EXECUTE FUNCTION no_room()"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP TRIGGER no_room ON audit_event"))


@contextmanager
def busy(clinic: Clinic, waiting: int = WAITING) -> Iterator[None]:
    """All threads are at work, and ``waiting`` more pieces stand in each line; afterwards there is room again."""
    over, ended = threading.Event(), []

    def piece() -> None:
        over.wait()
        ended.append(piece)

    readers = READERS_IN_PROCESS if clinic.bot.db.on_sqlite else READERS
    pieces = [True] * (readers + waiting) + [False] * (WRITERS + waiting)
    for reads in pieces:  # what was at work before may take a moment to end
        clinic.eventually(lambda reads=reads: clinic.bot.executor.offer(piece, reads=reads))  # type: ignore[misc]
    try:
        yield
    finally:
        over.set()
        clinic.eventually(lambda: len(ended) == len(pieces))


def _use_up_free_pages(file: str) -> None:
    """Pages that were given back would be room; each blob takes more than one."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA max_page_count = 1")
    with suppress(sqlite3.OperationalError):
        other.execute("CREATE TABLE IF NOT EXISTS filler (bytes BLOB)")
        while True:
            other.execute("INSERT INTO filler VALUES (zeroblob(5000))")
    other.close()


def _no_more_pages(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 1")


def _file(clinic: Clinic) -> str:
    return clinic.bot.settings.database_url.removeprefix("sqlite:///")
