"""Transactions on both databases."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.store.engine import Database, Fifo, Unavailable
from bot.store.moment import database_now
from bot.store.tables import Setting


def setting(session, key: str) -> None:
    session.add(Setting(key=key, value="1", by="test", at=database_now(session)))


def test_a_reading_transaction_cannot_write(db: Database) -> None:
    """Whatever is tried, a reader changes nothing."""
    with pytest.raises((DBAPIError, Unavailable)), db.reading() as session:
        setting(session, "a")
        session.flush()


def test_a_change_that_loses_a_conflict_is_tried_again(db: Database) -> None:
    """transact repeats the whole change where the database asks for it."""
    tries = []

    def change(session) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise Unavailable("busy") from _busy()
        setting(session, "b")
        return "done"

    assert db.transact(change) == "done"
    assert len(tries) == 3


def test_a_change_that_never_gets_through_says_so(db: Database) -> None:
    """After five tries the caller learns that nothing was changed."""

    def change(_) -> None:
        raise Unavailable("busy") from _busy()

    with pytest.raises(Unavailable):
        db.transact(change)


def test_a_database_that_is_not_there_is_unavailable() -> None:
    """No driver's error reaches a handler."""
    gone = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")

    with pytest.raises(Unavailable), gone.reading() as session:
        session.exec(select(Setting)).all()


def test_a_locked_sqlite_file_is_unavailable_and_nothing_is_changed(sqlite_db: Database, tmp_path: Path) -> None:
    """Another process holds the file: the change fails as a whole."""
    impatient = Database(sqlite_db.url, sqlite_db.keys, patience=0.05)
    holder = sqlite3.connect(sqlite_db.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable):
            impatient.transact(lambda session: setting(session, "c"))
    finally:
        holder.close()

    with sqlite_db.reading() as session:
        assert session.get(Setting, "c") is None


def test_writers_wait_in_the_order_they_came() -> None:
    """The lock is first come, first served."""
    lock, served = Fifo(), []
    lock.acquire()
    waiting = []
    for name in range(5):
        begun = threading.Event()

        def serve(name: int = name, begun: threading.Event = begun) -> None:
            begun.set()
            lock.acquire()
            served.append(name)
            lock.release()

        waiting.append(threading.Thread(target=serve))
        waiting[-1].start()
        begun.wait()
        while len(lock._waiting) <= name:
            pass
    lock.release()
    for thread in waiting:
        thread.join()

    assert served == [0, 1, 2, 3, 4]


def _busy() -> DBAPIError:
    return DBAPIError("", {}, sqlite3.OperationalError("database is locked"))
