"""What an import held: deadlines that were past on its day wait until somebody presses **Start nudging**."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import CursorResult, exists, func, select, update
from sqlmodel import Session

from bot.rules.reminders.deadlines import DeadlineKind
from bot.rules.reminders.models import BacklogView
from bot.store.bulk import among, table
from bot.store.bulk.upsert import remember
from bot.store.tables import Deadline, Nudge, Setting

CARD, SUBJECT = "backlog", 0
"""The one card about it."""
STARTED = "nudging_started_by"

DEADLINE, NUDGE = table(Deadline), table(Nudge)


def hold_past(session: Session, provider_ids: Collection[int], today: date, now: datetime) -> int:
    """Holds the deadlines of these files that are past and of which nothing was said; how many. After reconcile."""
    nothing_said = ~exists().where(NUDGE.c.deadline_id == DEADLINE.c.id, NUDGE.c.due_on == DEADLINE.c.due_on)
    past = (
        update(DEADLINE)
        .where(
            among(session, DEADLINE.c.provider_id, provider_ids),
            DEADLINE.c.closed_at.is_(None),
            DEADLINE.c.held_at.is_(None),
            DEADLINE.c.due_on < today,
            nothing_said,
        )
        .values(held_at=now, next_at=None)
    )
    return _changed(session.connection().execute(past))


def release(session: Session, next_at: datetime, by: str) -> int:
    """Lets the sweep look at all that is held, from ``next_at`` on; how many deadlines that were."""
    held = update(DEADLINE).where(DEADLINE.c.held_at.is_not(None), DEADLINE.c.closed_at.is_(None))
    released = _changed(session.connection().execute(held.values(held_at=None, next_at=next_at)))
    if released:
        remember(session, STARTED, by, by)
    return released


def backlog_view(session: Session) -> BacklogView:
    """How many dates are held, of how many people; once none is, who started it."""
    query = select(func.count(), func.count(DEADLINE.c.provider_id.distinct()), func.min(DEADLINE.c.due_on)).where(
        DEADLINE.c.held_at.is_not(None),
        DEADLINE.c.closed_at.is_(None),
        DEADLINE.c.kind != DeadlineKind.LAPSED,  # the owner's part of the same date
    )
    held, people, oldest = session.connection().execute(query).one()
    started = session.get(Setting, STARTED)
    return BacklogView(held, people, oldest, started.value if started and not held else None)


def _changed(result: CursorResult[tuple[()]]) -> int:
    return result.rowcount
