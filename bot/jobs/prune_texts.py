"""Forgets what people typed and read in messages, after 30 days; files and the audit chain keep theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.workspace.maintenance import forget_help_texts, forget_sent_texts, forget_typed_forms

KEPT_FOR = timedelta(days=30)
"""Business time."""
BATCH = 1_000


def prune_texts(db: Database, ctx: Context) -> int:
    """Forgets in batches, so that nobody waits long; returns how many rows it emptied."""
    before = ctx.now - KEPT_FOR
    return sum(_in_batches(db, before, forget) for forget in (forget_sent_texts, forget_typed_forms, forget_help_texts))


def _in_batches(db: Database, before: datetime, forget: Callable[[Session, datetime, int], int]) -> int:
    emptied = 0
    while True:
        batch = db.transact(lambda session: forget(session, before, BATCH))
        emptied += batch
        if batch < BATCH:
            return emptied
