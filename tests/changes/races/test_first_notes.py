"""What a job notes for the first time, two workers may note at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.store.engine import Database
from bot.store.reminders import digest
from bot.store.workspace.health import record_others

NOTES: list[Callable[[Session], None]] = [
    lambda session: digest.record_told(session, date(2026, 11, 30)),
    lambda session: record_others(session, 1),
]


def waits(db: Database) -> bool:
    """Whether somebody waits for a lock."""
    with db.reading() as session:
        return bool(session.connection().execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())


@pytest.mark.parametrize("note", NOTES, ids=["the digest", "other connections"])
def test_the_second_waits_and_notes_it_too(postgres_db: Database, note: Callable[[Session], None]) -> None:
    """A worker that comes while another's first note is not committed waits for it, and fails at nothing."""
    with ThreadPoolExecutor(1) as threads:
        with postgres_db.writing() as session:
            note(session)
            session.flush()
            second = threads.submit(postgres_db.transact, note)
            while not waits(postgres_db):
                assert not second.done(), second.exception()
        second.result(30)
