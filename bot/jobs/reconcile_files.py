"""When a day begins, or new rules are in force: what that alone changes in files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlmodel import Session

from bot.changes.reconcile import reconcile
from bot.jobs.file_by_file import file_by_file
from bot.rules.context import Context
from bot.rules.workspace.quarantine import FileJob
from bot.store.engine import Database
from bot.store.workspace import job_state, quarantine
from bot.store.workspace.job_state import ReconciledThrough

BATCH = 500
DAY = timedelta(days=1)
AHEAD = "ahead"
"""Stands for the rules where files were reconciled for a day that has not come: the next run takes everybody."""


def reconcile_day(db: Database, ctx: Context) -> int:
    """Reconciles the files that the day's turn may change, if that is not done yet; returns how many it did.

    The day is recorded last: whoever stops half-way begins again, and reconciling twice changes nothing. A file that
    cannot be reconciled is set aside, and tried again when it changes, or under other rules.
    """
    with db.reading() as session:
        files = _files_due(session, ctx)
        again = quarantine.to_try_again(session, FileJob.RECONCILE, ctx.policies.hash)
    wanted = sorted({*(files or ()), *again})
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    done = sum(file_by_file(db, ctx, FileJob.RECONCILE, batch, partial(_reconcile, ctx)) for batch in batches)
    if files is not None:
        through = ReconciledThrough(ctx.today, AHEAD if ctx.ahead else ctx.policies.hash)
        db.transact(partial(job_state.record_reconciled, now=through))
    return done


def _reconcile(ctx: Context, session: Session, provider_ids: Sequence[int]) -> int:
    reconcile(session, ctx, provider_ids)
    return len(provider_ids)


def _files_due(session: Session, ctx: Context) -> Sequence[int] | None:
    """None: done for today. Everybody, the first time, under new rules, and where time was set back."""
    done = job_state.reconciled_through(session)
    if done is None or done.policy_hash != ctx.policies.hash or done.on > ctx.today + DAY:
        return job_state.everybody(session)
    return job_state.files_turned(session, done.on, ctx.today) if done.on < ctx.today else None
