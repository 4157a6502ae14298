"""Forgets which payloads of Slack's were acted on, once Slack repeats them no more (hourly retries for 24 hours)."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.workspace.maintenance import forget_payloads

KEPT_FOR = timedelta(hours=48)
"""Real time, as Slack's retries are."""
BATCH = 1_000


def purge_events(db: Database) -> int:
    """Deletes what is older than two days, some at a time so that nobody waits long; returns how many."""
    deleted = 0
    while True:
        batch = db.transact(_forget_some)
        deleted += batch
        if batch < BATCH:
            return deleted


def _forget_some(session: Session) -> int:
    return forget_payloads(session, database_now(session) - KEPT_FOR, BATCH)
