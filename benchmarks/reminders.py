"""Keeping reminders: ten thousand deadlines opened at once, against one stored APScheduler job for each.

Ours is one row in one statement with all others, as an import or a reconciliation opens them. A job is added as its
documentation shows; fewer are enough, since each costs what the one before did.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlmodel import Session

from benchmarks.harness.due import DUE_ON, LADDER, fill_credentials
from benchmarks.harness.places import KINDS, MONDAY, fresh
from benchmarks.harness.ratio import Ratio, Sample, show, timed
from bot.store.engine import Database
from bot.store.reminders.deadlines import open_deadlines

SIZE, JOBS = 10_000, 500
TIMES = 3


def measure(size: int = SIZE, jobs: int = JOBS, times: int = TIMES) -> list[Ratio]:
    """``size``: deadlines opened; ``jobs``: jobs stored."""
    return [_on(kind, size, jobs, times) for kind in KINDS]


def remind(_: int) -> None:
    """What a stored job would call."""


def _on(kind: str, size: int, jobs: int, times: int) -> Ratio:
    ours, theirs = [], []
    for _ in range(times):
        with fresh(kind) as db:
            fill_credentials(db, size)
            rows = [_deadline(number) for number in range(1, size + 1)]
            ours.append(timed(lambda: db.transact(partial(_open, rows=rows))) / size)  # noqa: B023
            theirs.append(_store_jobs(db, jobs) / jobs)
    what = f"keep {size:,} reminders, each, {kind}"
    return Ratio(what, Sample(tuple(ours)), "a stored job", Sample(tuple(theirs)), 0.01)


def _open(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    open_deadlines(session, rows)


def _deadline(number: int) -> dict[str, Any]:
    return {
        "kind": "expiry", "subject_type": "credential", "subject_id": number, "credential_id": number, "provider_id": 1,
        "assignee": "provider", "due_on": DUE_ON,
        "opened_on": MONDAY.date(), "ladder": LADDER, "on_lapse": "inactivate", "next_at": MONDAY,
    }  # fmt: skip


def _store_jobs(db: Database, jobs: int) -> float:
    """Beside our tables on PostgreSQL, in a file of its own where that is SQLite."""
    url = db.url.replace("credbot.db", "jobs.sqlite")
    scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url=url)})
    scheduler.start(paused=True)
    try:
        return timed(lambda: [_add(scheduler, number) for number in range(jobs)])
    finally:
        scheduler.shutdown()


def _add(scheduler: BackgroundScheduler, number: int) -> None:
    at = MONDAY + timedelta(days=365, minutes=number)
    scheduler.add_job("benchmarks.reminders:remind", "date", run_date=at, args=[number])


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
