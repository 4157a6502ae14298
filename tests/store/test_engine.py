"""Transactions on both databases."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, select

from bot.store.database_time import database_now
from bot.store.engine import Database, Fifo, Unavailable
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
    lock.acquire(30)
    waiting = []
    for name in range(5):
        begun = threading.Event()

        def serve(name: int = name, begun: threading.Event = begun) -> None:
            begun.set()
            lock.acquire(30)
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


def test_whose_turn_does_not_come_in_time_leaves_the_line() -> None:
    """Who waited long enough takes no turn later, and those behind move up."""
    lock = Fifo()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0)


def test_the_last_of_many_writers_hears_as_soon_as_the_first(sqlite_db: Database) -> None:
    """Another process holds the file: eight writers wait for it and for one another, none longer than its patience."""
    impatient = Database(sqlite_db.url, sqlite_db.keys, patience=0.5)
    holder = sqlite3.connect(sqlite_db.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    waited, threads = [], []

    def write() -> None:
        begun = time.monotonic()
        with suppress(Unavailable):
            impatient.transact(lambda session: setting(session, "d"))
        waited.append(time.monotonic() - begun)

    for _ in range(8):
        threads.append(threading.Thread(target=write))
        threads[-1].start()
    for thread in threads:
        thread.join(30)
    holder.close()
    assert len(waited) == 8
    assert max(waited) < 8 * 0.5  # one after the other they would hear after 0.5, 1.0, … 4.0 seconds


def test_all_that_one_request_writes_waits_no_longer_together(sqlite_db: Database) -> None:
    """Three changes in a row, each behind another process's lock, have one end in common."""
    holder = sqlite3.connect(sqlite_db.url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with sqlite_db.patient_until(begun + 0.5):
        for _ in range(3):
            with suppress(Unavailable):
                sqlite_db.transact(lambda session: setting(session, "e"))
    holder.close()
    assert time.monotonic() - begun < 3 * 0.5  # a patience of its own for each would be 24 seconds


def test_a_mistake_of_ours_is_no_outage(db: Database) -> None:
    """A column that is not there is a bug, whichever database says so: nobody is told to try again."""
    with pytest.raises(DBAPIError), db.reading() as session:
        session.connection().execute(text("SELECT no_such_column FROM setting"))


@pytest.mark.parametrize(
    "code",
    [
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_READ,
        sqlite3.SQLITE_CANTOPEN,
    ],
)
def test_what_the_disk_cannot_do_now_may_work_later(sqlite_db: Database, code: int) -> None:
    """Locked, busy, full, unreadable: people are told to try again."""

    def change(_: Session) -> None:
        raise OperationalError("", {}, _sqlite_error(code))

    with pytest.raises(Unavailable):
        sqlite_db.transact(change)


def _busy() -> DBAPIError:
    return DBAPIError("", {}, _sqlite_error(sqlite3.SQLITE_BUSY))


def _sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("as SQLite would say it")
    error.sqlite_errorcode = code
    return error
