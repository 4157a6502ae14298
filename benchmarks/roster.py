"""The import of a roster, from the file to the commit, against plain inserts of the rows that it leaves behind.

The import also reads and checks every cell, seals an audit event for each row, and opens the deadlines.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import SQLModel

from benchmarks.harness import rosters
from benchmarks.harness.places import KINDS, fresh
from benchmarks.harness.ratio import Ratio, Sample, show, timed
from bot.store.engine import Database

SIZE = 10_000
TIMES = 3
Rows = Mapping[Table, Sequence[Mapping[str, Any]]]


def measure(size: int = SIZE, times: int = TIMES) -> list[Ratio]:
    """``size``: rows of the roster."""
    return [_on(kind, size, times) for kind in KINDS]


def _on(kind: str, size: int, times: int) -> Ratio:
    ours, plain = [], []
    with tempfile.TemporaryDirectory() as folder:
        file = rosters.write(Path(folder) / "roster.csv", size)
        for _ in range(times):
            with fresh(kind) as db:
                ours.append(timed(partial(rosters.bring_in, db, file)))
                rows = _left_behind(db)
            with fresh(kind) as db:
                plain.append(timed(partial(_insert, db, rows)))
    what = f"import of {size:,} roster rows, {kind}"
    return Ratio(what, Sample(tuple(ours)), "plain inserts", Sample(tuple(plain)), 3.0)


def _left_behind(db: Database) -> Rows:
    """All rows but the audit chain's head, which an empty database has, too."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "audit_head"]
    with db.engine.connect() as connection:
        return {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}


def _insert(db: Database, rows: Rows) -> None:
    with db.engine.begin() as connection:
        for table, some in rows.items():
            if some:
                connection.execute(table.insert(), some)


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
