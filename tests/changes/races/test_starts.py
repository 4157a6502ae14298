"""Processes that start in the same instant do not trip over each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from sqlmodel import Session, select

from bot.rules.policy import Policies
from bot.store.engine import Database
from bot.store.tables import AuditEvent
from bot.store.workspace.job_state import ReconciledThrough, reconciled_through, record_reconciled
from bot.store.workspace.policy_versions import keep_version

PROCESSES = 4


def together(db: Database, do: Callable[[Session], object]) -> list[object]:
    """What each got that did it at the same time."""
    barrier = Barrier(PROCESSES)

    def one(_: int) -> object:
        barrier.wait()
        return db.transact(do)

    with ThreadPoolExecutor(PROCESSES) as threads:
        return list(threads.map(one, range(PROCESSES)))


def test_new_policies_are_kept_by_one_of_them(db: Database, policies: Policies) -> None:
    """Web and worker processes of a release start together: one keeps its policies, all of them start."""
    assert sorted(map(bool, together(db, lambda session: keep_version(session, policies)))) == [False] * 3 + [True]
    with db.reading() as session:
        assert len(session.exec(select(AuditEvent)).all()) == 2  # the first begins the chain


def test_the_first_day_is_settled_by_whoever(db: Database) -> None:
    """Workers that reconcile the first day at once all record it, and none fails."""
    day = ReconciledThrough(date(2026, 11, 23), "hash")
    together(db, lambda session: record_reconciled(session, day))
    with db.reading() as session:
        assert reconciled_through(session) == day
