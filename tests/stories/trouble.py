"""What can stand in the bot's way while somebody waits: a locked database, none at all, every thread at work."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.work import THREADS, WAITING
from tests.stories.conftest import Clinic


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
    """The database cannot be read or written: its tables are locked away under another name."""
    other = sqlite3.connect(_file(clinic), isolation_level=None, timeout=10)
    other.execute("ALTER TABLE person RENAME TO person_away")
    try:
        yield
    finally:
        other.execute("ALTER TABLE person_away RENAME TO person")
        other.close()


@contextmanager
def busy(clinic: Clinic, waiting: int = WAITING) -> Iterator[None]:
    """All threads are at work, and ``waiting`` more pieces stand in line."""
    over = threading.Event()
    for _ in range(THREADS + waiting):  # what was at work before may take a moment to end
        clinic.eventually(lambda: clinic.bot.work.offer(over.wait))  # type: ignore[arg-type]
    try:
        yield
    finally:
        over.set()


def _file(clinic: Clinic) -> str:
    return clinic.bot.settings.database_url.removeprefix("sqlite:///")
