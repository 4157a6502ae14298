"""What one answer asks of the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.store.engine import Database
from tests.stories.conftest import Clinic


@contextmanager
def asked(db: Database) -> Iterator[list[str]]:
    """Every statement of those who only read, transactions' beginnings included."""
    statements: list[str] = []

    def note(*said: Any) -> None:
        if threading.current_thread().name.startswith("reads"):
            statements.append(said[2])

    event.listen(db.reader, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.reader, "before_cursor_execute", note)


def five(states: str) -> list[dict[str, str]]:
    """A license of Lee's in each of these states."""
    lee = {"name": "Lee Chen", "provider_type": "psychiatrist", "credential": "license", "expires_on": "2027-06-30"}
    return [lee | {"state": state, "number": f"A-{n}23456"} for n, state in enumerate(states.split())]


def test_a_status_is_one_view(clinic: Clinic) -> None:
    """One transaction, and as many statements for one license as for eight."""
    counted = []
    for states in ("NY", "NY NJ CT PA MA VT ME RI"):
        clinic.roster(*five(states))
        clinic.cora.types("/cred status @lee")
        with asked(clinic.bot.db) as statements:
            clinic.cora.types("/cred status @lee")
            clinic.cora.sees("Lee Chen")
        counted.append(len(statements))
        assert sum(one.startswith("BEGIN") for one in statements) == 1
    assert counted[0] == counted[1]
