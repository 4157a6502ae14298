"""Reconciling many files at once costs no more for each than reconciling one: the number of queries does not grow."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, select

from benchmarks.harness import rosters
from benchmarks.harness.places import KINDS, MONDAY, as_when_ready, context, fresh
from benchmarks.harness.ratio import Ratio, Sample, show, timed
from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import ProviderRow
from bot.store.tables.column_types import required

SIZE = 500
TIMES = 20


def measure(size: int = SIZE, times: int = TIMES) -> list[Ratio]:
    """``size``: files reconciled at once, of five licenses each, all of which have just lapsed."""
    return [_on(kind, size, times) for kind in KINDS]


def _on(kind: str, size: int, times: int) -> Ratio:
    with fresh(kind) as db, tempfile.TemporaryDirectory() as folder:
        rosters.bring_in(db, rosters.write(Path(folder) / "roster.csv", size * len(rosters.STATES)))
        with db.reading() as session:
            everybody = [required(provider_id) for provider_id in session.exec(select(ProviderRow.id))]
        ctx = context(MONDAY + timedelta(days=500))
        assert len(everybody) == size
        _seconds(db, ctx, everybody[:1])
        as_when_ready()
        many, one = [], []
        for turn in range(times):
            many.append(_seconds(db, ctx, everybody) / size)
            one.append(_seconds(db, ctx, [everybody[turn % size]]))
    what = f"reconcile {size} files, each, {kind}"
    return Ratio(what, Sample(tuple(many)), "one file", Sample(tuple(one)), 1.2)


def _seconds(db: Database, ctx: Context, provider_ids: Sequence[int]) -> float:
    """Taken back afterwards; without the commit, which would make one file look dear."""
    with Session(db.engine) as session:
        return timed(lambda: reconcile(session, ctx, provider_ids))


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
