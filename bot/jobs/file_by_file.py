"""A job goes on where one file makes it fail: that one is set aside, and the admins hear of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session

from bot import log
from bot.rules.context import Context
from bot.rules.workspace.quarantine import FileJob
from bot.store.engine import Database, Unavailable
from bot.store.outbox.undeliverable import LIST, todays_list
from bot.store.workspace import quarantine
from bot.store.workspace.processed_events import open_for_admins

logger = log.get(__name__)
Work = Callable[[Session, Sequence[int]], int]
"""The job for these providers in one transaction; what it returns is added up."""


def file_by_file(db: Database, ctx: Context, job: FileJob, provider_ids: Sequence[int], work: Work) -> int:
    """Does it for all at once; where that fails, for ever fewer, until what fails stands alone and is set aside."""
    if not provider_ids:
        return 0
    try:
        return db.transact(lambda session: work(session, provider_ids))
    except Unavailable:
        raise
    except Exception:
        if len(provider_ids) == 1:
            _set_aside(db, ctx, job, provider_ids[0])
            return 0
    half = len(provider_ids) // 2
    parts = provider_ids[:half], provider_ids[half:]
    return sum(file_by_file(db, ctx, job, part, work) for part in parts)


def _set_aside(db: Database, ctx: Context, job: FileJob, provider_id: int) -> None:
    """Called while the error is at hand: the log has it under the reference that the admins read."""
    reference = log.new_reference()
    logger.exception("file_set_aside", reference=reference, provider=provider_id, file_job=job.value)

    def change(session: Session) -> None:
        quarantine.set_aside(session, provider_id, job, reference, ctx.policies.hash)
        open_for_admins(session, ctx.admins, ctx.today, LIST, todays_list(session, ctx.today))

    db.transact(change)
