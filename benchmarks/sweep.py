"""The minute's sweep: with much that is due, against the bare driver; with nothing due, whatever waits for later."""

from __future__ import annotations

import argparse
from datetime import timedelta

from benchmarks.harness.due import due_of, effect, fill, take_back
from benchmarks.harness.places import KINDS, MONDAY, as_when_ready, context, fresh
from benchmarks.harness.ratio import Ratio, Sample, show, timed
from benchmarks.harness.raw_sweep import RawPostgres, RawSqlite, raw_sweep
from bot.jobs.send_nudges import sweep
from bot.store.engine import Database

SIZE = 200_000
SMALL = 10_000
TIMES, IDLE_TIMES = 11, 300
BEFORE = MONDAY - timedelta(hours=1)
"""Nothing is due yet."""


def measure(size: int = SIZE, small: int = SMALL, times: int = TIMES, idle_times: int = IDLE_TIMES) -> list[Ratio]:
    """``size``: deadlines, of which up to 2,000 are due; an idle sweep over ``small`` ones is compared."""
    return [ratio for kind in KINDS for ratio in _on(kind, size, small, times, idle_times)]


def _on(kind: str, size: int, small: int, times: int, idle_times: int) -> list[Ratio]:
    with fresh(kind) as db, fresh(kind) as other:
        fill(db, size)
        fill(other, small)
        many, few = [], []
        ctx = context(BEFORE)
        as_when_ready()
        for _ in range(idle_times):
            few.append(timed(lambda: sweep(other, ctx)))
            many.append(timed(lambda: sweep(db, ctx)))
        idle = f"idle sweep of {size:,}, {kind}"
        return [
            _busy(kind, db, size, times),
            Ratio(idle, Sample(tuple(many)), f"of {small:,}", Sample(tuple(few)), 1.2),
        ]


def _busy(kind: str, db: Database, size: int, times: int) -> Ratio:
    raw = RawSqlite(db) if db.on_sqlite else RawPostgres(db)
    ctx = context()
    ours, bare = [], []
    for _ in range(times + 1):
        ours.append(timed(lambda: sweep(db, ctx)))
        wrote = effect(db)
        take_back(db)
        bare.append(timed(lambda: raw_sweep(raw, ctx)))
        assert effect(db) == wrote, "the two sweeps differ"
        take_back(db)
    raw.close()
    what = f"sweep, {due_of(size):,} due of {size:,}, {kind}"
    return Ratio(what, Sample(tuple(ours[1:])), "bare driver", Sample(tuple(bare[1:])), 1.3)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="deadlines")
    show(measure(parser.parse_args().size))
