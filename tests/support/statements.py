"""What a piece of reading asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlmodel import Session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Every statement that this session's database is asked meanwhile."""
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
