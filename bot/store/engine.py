"""Reading and writing transactions on SQLite and PostgreSQL."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from bot.store import audit, outbox

T = TypeVar("T")
TRIES = 5
TRYING = 8.0
"""Seconds after which no other try is begun: somebody waits for an answer."""
BUSY = 5.0
"""Seconds that SQLite waits for another process's lock."""
CONNECTION = {
    "options": "-c lock_timeout=10000 -c timezone=utc", "connect_timeout": 5,
    "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000,
}  # fmt: skip
"""Seconds and milliseconds after which a server that vanished without a word is given up (libpq's own: two hours)."""
POSTGRES_RETRIES = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock time-out."""


class Unavailable(Exception):  # noqa: N818  (a state of the world, not an error of ours)
    """The database does not answer, or stays too busy. Nothing was changed; trying again is safe."""


class Fifo:
    """A lock that serves waiters in order, so that no SQLite writer starves (42 ms instead of 1.6 s)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[threading.Event] = []
        self._held = False

    def acquire(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.pop(0).set()
            else:
                self._held = False


class Database:
    """One database. ``keys`` are the audit chain's secret keys, newest first; without them nothing is written."""

    def __init__(self, url: str, keys: tuple[str, ...] = (), *, busy: float = BUSY) -> None:
        self.url = url
        self.keys = keys
        self.on_sqlite = url.startswith("sqlite")
        self._turn = Fifo()
        if self.on_sqlite:
            self._writer = _sqlite(url, "BEGIN IMMEDIATE", busy)
            self._reader = _sqlite(url, "BEGIN", busy, query_only=True)
        else:
            self._writer = create_engine(
                url, isolation_level="READ COMMITTED", pool_size=20, max_overflow=20, pool_pre_ping=True,
                hide_parameters=True,
                connect_args=CONNECTION,
            )  # fmt: skip
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and for Core."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent, read-only view. Raises Unavailable where the database does not answer."""
        with _as_unavailable(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: rows, messages to say and audit events commit together, or none does."""
        opened = Session(self._writer, expire_on_commit=False)
        with _as_unavailable(), self._in_turn(), opened as session, session.begin():
            session.info["keys"] = self.keys
            yield session
            session.flush()
            outbox.flush(session)
            audit.seal(session)

    def transact(self, change: Callable[[Session], T]) -> T:
        """Runs ``change`` in ``writing()``, up to 5 tries with jitter where the database asks for one."""
        begun = time.monotonic()
        for attempt in range(1, TRIES + 1):
            try:
                with self.writing() as session:
                    return change(session)
            except Unavailable as error:
                late = time.monotonic() - begun > TRYING
                if attempt == TRIES or late or not _worth_retrying(error.__cause__):
                    raise
                time.sleep(random.uniform(0.01, 0.05) * attempt)
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if not self.on_sqlite:
            yield
            return
        self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()


def _sqlite(url: str, begin: str, busy: float, *, query_only: bool = False) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": busy}, hide_parameters=True)

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
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unavailable(str(error.orig)) from error
    except DBAPIError as error:
        if error.connection_invalidated or _worth_retrying(error):
            raise Unavailable(str(error.orig)) from error
        raise


def _worth_retrying(error: BaseException | None) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in POSTGRES_RETRIES:
        return True
    return "database is locked" in str(error.orig) or "database is busy" in str(error.orig)
