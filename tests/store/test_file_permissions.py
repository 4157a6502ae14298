"""The database's files are their owner's alone, whoever makes them and under whichever umask."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import audit
from bot.store.engine import Database
from bot.store.file_permissions import files_of, folders_of, sqlite_file, written_privately
from bot.store.schema import make_ready
from tests.conftest import KEY


@pytest.fixture(params=[0o000, 0o022, 0o277])
def any_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(*files: Path) -> list[int]:
    return [file.stat().st_mode & 0o777 for file in files]


@pytest.mark.usefixtures("any_umask")
def test_database_wal_and_shm_are_private(tmp_path: Path) -> None:
    """While a connection is open, and two files lie beside the database."""
    database = Database(f"sqlite:///{tmp_path / 'credbot.db'}", (KEY,))
    make_ready(database)
    with database.writing() as session:
        audit.record(session, "cli", "tried", "nothing")
    files = files_of(tmp_path / "credbot.db")
    assert [file.name for file in files] == ["credbot.db", "credbot.db-wal", "credbot.db-shm"]
    assert modes(*files) == [0o600] * 3
    database.dispose()


def test_a_database_behind_a_link_is_private(tmp_path: Path) -> None:
    """The link is there first, and leads to where SQLite makes its files."""
    real, link = tmp_path / "real" / "credbot.db", tmp_path / "link.db"
    real.parent.mkdir()
    link.symlink_to(Path("real") / "credbot.db")
    database = Database(f"sqlite:///{link}", (KEY,))
    make_ready(database)
    files = files_of(link)
    assert files == [real, *(real.with_name(f"credbot.db{ending}") for ending in ("-wal", "-shm"))]
    assert modes(*files) == [0o600] * 3
    assert folders_of(link) == [tmp_path, real.parent]
    database.dispose()


def test_a_database_that_is_there_keeps_its_mode(sqlite_db: Database) -> None:
    """Whoever opened it to a group on purpose is told by doctor, not overruled."""
    file = sqlite_file(sqlite_db.url)
    assert file is not None
    file.chmod(0o640)
    make_ready(sqlite_db)
    assert modes(file) == [0o640]


def test_copies_of_a_credbot_database_are_found_by_their_content(sqlite_db: Database, tmp_path: Path) -> None:
    """By whatever name; another program's database and a text are not taken for one."""
    file = sqlite_file(sqlite_db.url)
    assert file is not None
    (tmp_path / "monday.bak").write_bytes(file.read_bytes())
    (tmp_path / "notes.db").write_text("no database")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE audit (id INTEGER)")
    other.close()
    assert [found.name for found in files_of(file)] == ["credbot.db", "monday.bak"]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://db/credbot"])
def test_what_is_no_file_has_none(url: str) -> None:
    """A database in memory and one on a server have no file of ours."""
    assert sqlite_file(url) is None


def test_a_link_in_the_way_of_an_export_is_not_followed(tmp_path: Path) -> None:
    """Somebody else's link must not turn an export into a file elsewhere."""
    (tmp_path / "export.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(OSError, match=r"export\.json"):
        written_privately(tmp_path / "export.json")
    assert not (tmp_path / "elsewhere.json").exists()
