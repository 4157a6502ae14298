"""Deadlines as reconcile compares them with what the rules want, and the cards that show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session

from bot.rules.policy import OnLapse
from bot.rules.reminders.catalog import DeadlineKind, kinds_where
from bot.rules.reminders.ladder import instant
from bot.store.bulk import Row, among, insert_rows, table, update_rows
from bot.store.outbox import messages
from bot.store.tables import Deadline, Nudge, ProviderRow

DEADLINE, NUDGE, PROVIDER = table(Deadline), table(Nudge), table(ProviderRow)
OF_THE_FILE = kinds_where(lambda reminder: reminder.of_the_file)


@dataclass(frozen=True, slots=True)
class StoredDeadline:
    """A deadline as it is, open or closed."""

    id: int
    provider_id: int
    kind: DeadlineKind
    subject_id: int
    credential_id: int | None
    assignee: str
    due_on: date
    ladder: tuple[int, ...]
    on_lapse: OnLapse | None
    is_open: bool
    held: bool


def of_files(session: Session, provider_ids: Collection[int]) -> list[StoredDeadline]:
    """What these files have or had open, in one query; a subject has at most one deadline of a kind."""
    what = ("id", "provider_id", "kind", "subject_id", "credential_id", "assignee", "due_on", "ladder", "on_lapse")
    query = (
        select(*(DEADLINE.c[name] for name in what), DEADLINE.c.closed_at, DEADLINE.c.held_at)
        .where(among(session, DEADLINE.c.provider_id, provider_ids), DEADLINE.c.kind.in_(OF_THE_FILE))
        .order_by(DEADLINE.c.id)
    )
    return [_stored(row) for row in session.connection().execute(query)]


def open_deadlines(session: Session, rows: Sequence[Row]) -> None:
    """Inserts deadlines; every row names the same columns."""
    insert_rows(session, DEADLINE, rows)


def change_deadlines(session: Session, rows: Sequence[Row]) -> None:
    """Updates deadlines by ``id``, in the order of their ids; every row names the same columns."""
    update_rows(session, DEADLINE, sorted(rows, key=lambda row: int(row["id"])))


def close_deadlines(session: Session, deadline_ids: Collection[int], at: datetime) -> None:
    change_deadlines(session, [{"id": found, "closed_at": at, "next_at": None} for found in deadline_ids])


def bring_forward(
    session: Session, person_id: int, was: ZoneInfo, zone: ZoneInfo, now: datetime, *, everything: bool
) -> None:
    """Somebody reads in another zone: what was to be said when their old day begins is looked at when the new one does.

    Never later than planned: a look too early says nothing, one too late would miss the day. ``everything``: not
    only what their own file waits for, but all that an owner may be told.
    """
    query = select(DEADLINE.c.id, DEADLINE.c.next_at).where(DEADLINE.c.closed_at.is_(None), DEADLINE.c.next_at > now)
    if not everything:
        own = select(PROVIDER.c.id).where(PROVIDER.c.person_id == person_id)
        query = query.where(DEADLINE.c.provider_id.in_(own))
    planned = [(row.id, row.next_at) for row in session.connection().execute(query)]
    looks = {found: max(now, instant(at.astimezone(was).date(), zone)) for found, at in planned}
    change_deadlines(session, [{"id": found, "next_at": looks[found]} for found, at in planned if looks[found] < at])


def refresh_messages(session: Session, deadline_ids: Collection[int]) -> None:
    """Brings every earlier message that shows one of these deadlines in line with it."""
    if not deadline_ids:
        return
    query = (
        select(NUDGE.c.nudge_day_id)
        .where(among(session, NUDGE.c.deadline_id, deadline_ids), NUDGE.c.nudge_day_id.is_not(None))
        .distinct()
    )
    for (nudge_day_id,) in session.connection().execute(query):
        messages.refresh(session, "nudge_day", nudge_day_id)


def _stored(row: Any) -> StoredDeadline:
    return StoredDeadline(
        id=row.id,
        provider_id=row.provider_id,
        kind=DeadlineKind(row.kind),
        subject_id=row.subject_id,
        credential_id=row.credential_id,
        assignee=row.assignee,
        due_on=row.due_on,
        ladder=tuple(row.ladder),
        on_lapse=OnLapse(row.on_lapse) if row.on_lapse else None,
        is_open=row.closed_at is None,
        held=row.held_at is not None,
    )
