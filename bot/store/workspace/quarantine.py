"""Files that a job leaves out because it failed with them: until the file, the policies or the process change."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from bot.rules.workspace.quarantine import FileJob, SetAside
from bot.store.bulk import among, table
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.outbox.messages import refresh
from bot.store.outbox.undeliverable import LIST, newest_list
from bot.store.tables import ProviderRow, QuarantinedFile

MOST = 10
"""So many are listed; the others are counted."""
QUARANTINED = table(QuarantinedFile)


def set_aside(session: Session, provider_id: int, job: FileJob, reference: str, policy_hash: str) -> None:
    """Leaves the file out of this job. One that failed before keeps the day since when."""
    error = {"error_reference": reference, "policy_hash": policy_hash}
    new = QuarantinedFile(provider_id=provider_id, job=job.value, since=database_now(session), **error)
    session.execute(insert_missing(session, QuarantinedFile), [new.model_dump()])
    there = (col(QuarantinedFile.provider_id) == provider_id, col(QuarantinedFile.job) == job.value)
    session.execute(update(QuarantinedFile).where(*there).values(error))


def release(session: Session, provider_ids: Collection[int]) -> None:
    """These files were brought in line: every job tries them again, and the admins' list no longer names them."""
    gone = delete(QuarantinedFile).where(among(session, QUARANTINED.c.provider_id, provider_ids))
    if session.connection().execute(gone).rowcount:
        refresh(session, LIST, newest_list(session) or 0)


def try_all_again(session: Session) -> None:
    """A process has begun, perhaps of a version that can."""
    session.execute(update(QuarantinedFile).values(policy_hash=""))


def to_try_again(session: Session, job: FileJob, policy_hash: str) -> list[int]:
    """Files that failed under other rules, or in a process before; provider ids in order."""
    query = select(QuarantinedFile.provider_id).where(
        QuarantinedFile.job == job.value, QuarantinedFile.policy_hash != policy_hash
    )
    return sorted(session.exec(query))


def read_quarantine(session: Session) -> tuple[tuple[SetAside, ...], int]:
    """The files set aside, the longest first, at most ``MOST``; and how many there are."""
    query = (
        select(ProviderRow.name, QuarantinedFile)
        .join(ProviderRow, col(ProviderRow.id) == col(QuarantinedFile.provider_id))
        .order_by(col(QuarantinedFile.since), col(QuarantinedFile.provider_id), col(QuarantinedFile.job))
        .limit(MOST)
    )
    listed = tuple(
        SetAside(name, FileJob(row.job), row.since, row.error_reference) for name, row in session.exec(query)
    )
    return listed, count(session) if len(listed) == MOST else len(listed)


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(QuarantinedFile)).one()
