"""When a day begins, or new rules are in force: what that alone changes in files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlmodel import Session

from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.workspace import job_state
from bot.store.workspace.job_state import ReconciledThrough

BATCH = 500
DAY = timedelta(days=1)
AHEAD = "ahead"
"""Stands for the rules where files were reconciled for a day that has not come: the next run takes everybody."""


def reconcile_day(db: Database, ctx: Context) -> int:
    """Reconciles the files that the day's turn may change, if that is not done yet; returns how many.

    The day is recorded last: whoever stops half-way begins again, and reconciling twice changes nothing.
    """
    with db.reading() as session:
        files = _files_due(session, ctx)
    if files is None:
        return 0
    for start in range(0, len(files), BATCH):
        db.transact(partial(reconcile, ctx=ctx, provider_ids=files[start : start + BATCH]))
    db.transact(
        partial(
            job_state.record_reconciled, now=ReconciledThrough(ctx.today, AHEAD if ctx.ahead else ctx.policies.hash)
        )
    )
    return len(files)


def _files_due(session: Session, ctx: Context) -> Sequence[int] | None:
    """None: done for today. Everybody, the first time, under new rules, and where time was set back."""
    done = job_state.reconciled_through(session)
    if done is None or done.policy_hash != ctx.policies.hash or done.on > ctx.today + DAY:
        return job_state.everybody(session)
    return job_state.files_turned(session, done.on, ctx.today) if done.on < ctx.today else None
