"""Reading and writing transactions on SQLite and PostgreSQL."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Date, Dialect, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel import Session

from bot.executor import may_wait
from bot.store import audit
from bot.store.outbox import messages

T = TypeVar("T")
TRIES = 5
PATIENCE = 8.0
"""Seconds, all tries and all waiting together, after which whoever wants to write hears that it cannot be done now."""
CONNECTION = {
    "options": f"-c lock_timeout={PATIENCE:.0f}s -c timezone=utc", "connect_timeout": 5,
    "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000,
}  # fmt: skip
"""Seconds and milliseconds after which a server that vanished without a word is given up (libpq's own: two hours)."""
POSTGRES_RETRIES = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock time-out."""
SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
SQLITE_AWAY = SQLITE_BUSY | {
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
"""The file or its disk; anything else, such as "no such column", is a bug of ours."""


class Unavailable(Exception):  # noqa: N818  (a state of the world, not an error of ours)
    """The database does not answer, or stays too busy. Nothing was changed; trying again is safe."""


class Fifo:
    """A lock that serves waiters in order, so that no SQLite writer starves (42 ms instead of 1.6 s)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[threading.Event] = []
        self._held = False

    def acquire(self, seconds: float) -> bool:
        """Whether the turn came within so many seconds."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(seconds):
            return True
        with self._guard:
            if turn.is_set():  # it came in this very moment
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.pop(0).set()
            else:
                self._held = False


class _Day(sqlite.DATE):
    """The same text as SQLAlchemy's own type writes, made in C."""

    def bind_processor(self, _: Dialect) -> Callable[[date | None], str | None]:
        return lambda day: None if day is None else day.isoformat()


class Database:
    """One database. ``keys`` are the audit chain's secret keys, newest first; without them nothing is written.

    ``patience``: seconds that whoever wants to write waits, for the turn and for locks together.
    """

    def __init__(self, url: str, keys: tuple[str, ...] = (), *, patience: float = PATIENCE) -> None:
        self.url = url
        self.keys = keys
        self.on_sqlite = url.startswith("sqlite")
        self._turn, self._patience, self._waits = Fifo(), patience, _Waits()
        self._limit, self._view = threading.local(), _OneView()
        if self.on_sqlite:
            self._writer = _sqlite(url, "BEGIN IMMEDIATE", self._waits)
            self._reader = _sqlite(url, "BEGIN", _Waits(), query_only=True)
        else:
            self._writer = create_engine(
                url, isolation_level="READ COMMITTED", pool_size=20, max_overflow=20, pool_pre_ping=True,
                pool_timeout=patience,
                hide_parameters=True,
                connect_args=CONNECTION,
            )  # fmt: skip
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and for Core."""
        return self._writer

    @property
    def reader(self) -> Engine:
        """The engine that only reads."""
        return self._reader

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent, read-only view, inside ``one_view`` the same. Unavailable where the database is away."""
        if self._view.session is not None:
            yield self._view.session
            return
        with _as_unavailable(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def one_view(self) -> Iterator[None]:
        """All that this thread reads inside is of one moment, in one transaction. It is not for what writes."""
        with self.reading() as session:
            self._view.session = session
            try:
                yield
            finally:
                self._view.session = None

    @contextmanager
    def writing(self, patience: float | None = None) -> Iterator[Session]:
        """One transaction: rows, messages to say and audit events commit together, or none does."""
        may_wait()
        opened = Session(self._writer, expire_on_commit=False)
        waited = self._in_turn(self._left() if patience is None else patience)
        with _as_unavailable(), waited, opened as session, session.begin():
            session.info["keys"] = self.keys
            yield session
            session.flush()
            messages.flush(session)
            audit.seal(session)

    def transact(self, change: Callable[[Session], T]) -> T:
        """Runs ``change`` in ``writing()``, up to 5 tries with jitter where the database asks for one."""
        until = time.monotonic() + self._left()
        for attempt in range(1, TRIES + 1):
            try:
                with self.writing(max(0.0, until - time.monotonic())) as session:
                    return change(session)
            except Unavailable as error:
                if attempt == TRIES or time.monotonic() > until or not _worth_retrying(error.__cause__):
                    raise
                time.sleep(random.uniform(0.01, 0.05) * attempt)
        raise AssertionError("unreachable")

    @contextmanager
    def patient_until(self, until: float) -> Iterator[None]:
        """All that this thread writes inside waits until then together; ``until``: monotonic seconds."""
        self._limit.until = until
        try:
            yield
        finally:
            self._limit.until = None

    def _left(self) -> float:
        until = getattr(self._limit, "until", None)
        return self._patience if until is None else max(0.0, min(self._patience, until - time.monotonic()))

    def dispose(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _in_turn(self, patience: float) -> Iterator[None]:
        if not self.on_sqlite:
            yield
            return
        until = time.monotonic() + patience
        if not self._turn.acquire(patience):
            raise Unavailable("the turn to write did not come in time")
        self._waits.until = until
        try:
            yield
        finally:
            self._turn.release()


class _OneView(threading.local):
    """What this thread reads from, where all of it is of one moment."""

    session: Session | None = None


class _Waits(threading.local):
    """Until when, in monotonic seconds, this thread waits for another process's lock."""

    until: float | None = None

    @property
    def milliseconds(self) -> int:
        seconds = PATIENCE if self.until is None else self.until - time.monotonic()
        return max(1, int(1_000 * seconds))


def _sqlite(url: str, begin: str, waits: _Waits, *, query_only: bool = False) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": PATIENCE}, hide_parameters=True)
    engine.dialect.colspecs = {**engine.dialect.colspecs, Date: _Day}

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if not query_only:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={waits.milliseconds}")
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except NoConnection as error:
        raise Unavailable("no connection came free in time") from error
    except DBAPIError as error:
        if error.connection_invalidated or _worth_retrying(error) or _away(error):
            raise Unavailable(str(error.orig)) from error
        raise


def _away(error: DBAPIError) -> bool:
    """Whether the database cannot serve anybody now; on SQLite the same error class tells of our own mistakes too."""
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error.orig) in SQLITE_AWAY
    return isinstance(error, OperationalError)


def _sqlite_code(error: sqlite3.Error) -> int:
    """The primary code, less what extends it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _worth_retrying(error: BaseException | None) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in POSTGRES_RETRIES:
        return True
    return isinstance(error.orig, sqlite3.Error) and _sqlite_code(error.orig) in SQLITE_BUSY
