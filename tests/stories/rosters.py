"""Rosters for stories: the columns that matter, the rest left empty, imported as the command line does."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.bot import Bot
from bot.roster import bring_in, find_accounts

COLUMNS = (
    "name", "email", "slack_user", "provider_type", "npi", "department", "hired_on",
    "credential", "state", "number", "issued_on", "expires_on", "verified_on", "source",
)  # fmt: skip


MORE = ("owner", "supervisor", "last_decision_on", "kind", "label", "confirm")


def write(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    lines = list(rows)
    used = [name for name in MORE if any(name in line for line in lines)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*COLUMNS, *used], restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path


def import_rows(bot: Bot, rows: Iterable[Mapping[str, str]]) -> None:
    """Raises AssertionError with the problems where the roster is refused."""
    with tempfile.TemporaryDirectory() as folder:
        told = bring_in(bot, write(Path(folder) / "roster.csv", rows), dry_run=False)
    assert told.accepted, told.lines
    find_accounts(bot, told, lambda _: None)
