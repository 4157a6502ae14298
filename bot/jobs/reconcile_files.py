"""When a day begins, or new rules are in force: what that alone changes in files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlmodel import Session

from bot.changes.context import Context
from bot.changes.reconcile import settle
from bot.jobs.file_by_file import file_by_file
from bot.rules.workspace.quarantine import FileJob
from bot.store.engine import Database
from bot.store.workspace import job_state, quarantine
from bot.store.workspace.job_state import ReconciledThrough

BATCH = 500
DAY = timedelta(days=1)
AHEAD = "ahead"
"""Stands for the rules where files were settled for a day that has not come: the next run settles everybody."""


def settle_day(db: Database, ctx: Context) -> int:
    """Settles the files that the day's turn may change, if that is not done yet; returns how many were settled.

    The day is recorded last: whoever stops half-way begins again, and settling twice changes nothing. A file that
    cannot be settled is set aside, and tried again when it changes, or under other rules.
    """
    with db.reading() as session:
        files = _files_due(session, ctx)
        again = quarantine.to_try_again(session, FileJob.RECONCILE, ctx.policies.hash)
    wanted = sorted({*(files or ()), *again})
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    settled = sum(file_by_file(db, ctx, FileJob.RECONCILE, batch, partial(_settle, ctx)) for batch in batches)
    if files is not None:
        through = ReconciledThrough(ctx.today, AHEAD if ctx.ahead else ctx.policies.hash)
        db.transact(partial(job_state.record_settled, now=through))
    return settled


def _settle(ctx: Context, session: Session, provider_ids: Sequence[int]) -> int:
    settle(session, ctx, provider_ids)
    return len(provider_ids)


def _files_due(session: Session, ctx: Context) -> Sequence[int] | None:
    """None: done for today. Everybody, the first time, under new rules, and where time was set back."""
    done = job_state.settled(session)
    if done is None or done.policy_hash != ctx.policies.hash or done.on > ctx.today + DAY:
        return job_state.everybody(session)
    return job_state.files_turned(session, done.on, ctx.today) if done.on < ctx.today else None
