"""Who else on this machine may read what Credbot keeps in files: nobody."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path
from typing import TextIO

from sqlalchemy import make_url

PRIVATE = 0o600
READ_BY_OTHERS, WRITTEN_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO, stat.S_IWGRP | stat.S_IWOTH
SQLITE = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite writes beside a database, with the mode of the database's own file."""


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for one in memory, and for PostgreSQL."""
    parsed = make_url(url)
    named = parsed.database or ":memory:"
    if not url.startswith("sqlite") or named == ":memory:":
        return None
    return Path(named)


def make_private(url: str) -> None:
    """A new database's file is its owner's alone, under any umask. What cannot be made is left to SQLite to report."""
    file = sqlite_file(url)
    if file is None:
        return
    with suppress(OSError):
        handle = os.open(_behind_links(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        os.fchmod(handle, PRIVATE)
        os.close(handle)


def written_privately(file: Path) -> TextIO:
    """Opens a file to write text from its beginning, as its owner's alone, whatever it was before. Raises OSError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
    try:
        os.fchmod(handle, PRIVATE)
        os.ftruncate(handle, 0)
    except OSError:
        os.close(handle)
        raise
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def files_of(database: Path) -> list[Path]:
    """The database, what SQLite writes beside it, and the copies of a Credbot database in the same folder."""
    database = _behind_links(database)
    beside = [database.with_name(database.name + ending) for ending in BESIDE]
    own = [file for file in (database, *beside) if file.is_file()]
    with suppress(OSError):
        copies = [file for file in sorted(database.parent.iterdir()) if file not in own and _is_credbots(file)]
        return [*own, *copies]
    return own


def folders_of(database: Path) -> list[Path]:
    """Where the database lies, and where its address leads through a link, as far as they exist."""
    folders = {file.parent.resolve() for file in (database, _behind_links(database))}
    return sorted(folder for folder in folders if folder.is_dir())


def read_by_others(file: Path) -> bool:
    """Whether anybody but its owner may do anything with it."""
    return bool(file.stat().st_mode & READ_BY_OTHERS)


def written_by_others(folder: Path) -> bool:
    """Whether anybody but its owner may put files into it, and exchange those that are there."""
    return bool(folder.stat().st_mode & WRITTEN_BY_OTHERS)


def _behind_links(file: Path) -> Path:
    """The file that SQLite makes, with those beside it, where its address is a link."""
    return Path(os.path.realpath(file)) if file.is_symlink() else file


def _is_credbots(file: Path) -> bool:
    with suppress(OSError, sqlite3.Error):
        if not file.is_file() or not _begins_like_sqlite(file):
            return False
        # immutable: nothing is written beside a copy, and no lock is taken.
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            return bool(opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_head'").fetchone())
    return False


def _begins_like_sqlite(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(SQLITE)) == SQLITE
