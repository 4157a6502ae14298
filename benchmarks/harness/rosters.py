"""A roster of any length: five licenses a provider, all verified."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from benchmarks.harness.places import context
from bot.changes.roster.columns import RosterRejected
from bot.changes.roster.importer import ImportReport, import_rows
from bot.changes.roster.reader import read_rows
from bot.store.engine import Database

STATES = ("NY", "NJ", "CT", "MA", "PA")
HEADER = ("name", "email", "provider_type", "credential", "state", "number", "issued_on", "expires_on", "verified_on")
ENDS = date(2027, 3, 1)
"""No license expires before."""


def write(path: Path, rows: int) -> Path:
    """A file of so many rows, as somebody exports it from their old spreadsheet."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_row(number) for number in range(rows))
    return path


def bring_in(db: Database, path: Path) -> ImportReport:
    """From the file to the commit, as ``credbot import roster`` does."""
    ctx = context()
    rows = read_rows(path, ctx.policies, ctx.today)
    assert not isinstance(rows, RosterRejected), rows
    report = db.transact(lambda session: import_rows(session, ctx, rows, path.name))
    assert isinstance(report, ImportReport), report
    return report


def _row(number: int) -> tuple[object, ...]:
    provider, state = divmod(number, len(STATES))
    expires_on = ENDS + timedelta(days=number % 365)
    license_number = f"A-{100000 + number}"
    who = (f"Provider {provider}", f"provider{provider}@riverbend.example", "psychiatrist")
    return (*who, "license", STATES[state], license_number, "2025-01-15", expires_on, "2025-01-20")
