"""People whom Slack does not let us write to: what was for them goes to whoever comes next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from bot.rules.people.recipients import person_in
from bot.store import audit
from bot.store.bulk import table
from bot.store.database_time import database_now
from bot.store.reminders.daily_messages import KIND as DAY_MESSAGE
from bot.store.tables import Card, Deadline, Nudge, NudgeDay, PersonRow

NUDGE, DEADLINE, DAY, CARD = table(Nudge), table(Deadline), table(NudgeDay), table(Card)
REFUSALS = frozenset(
    {
        "cannot_dm_bot", "channel_is_limited_access", "channel_not_found", "is_archived", "is_inactive",
        "no_slack_account", "not_in_channel", "user_disabled", "user_not_found", "user_not_visible", "users_not_found",
    }
)  # fmt: skip
"""Slack's words about this person or their DM. Others are about the app, and an admin mends them."""


def dm_refused(session: Session, conversation: str, reason: str, now: datetime) -> bool:
    """Marks ``person:12`` as out of reach, and gives back every rung that their unsent messages of a day hold.

    ``now`` is business time: the next sweep says those rungs to somebody else. False: the reason is no refusal.
    """
    person_id = person_in(conversation)
    if reason not in REFUSALS or person_id is None:
        return False
    person = session.get(PersonRow, person_id, with_for_update={"key_share": True})
    if person is None:
        return False
    if person.dm_refused_at is None:
        person.dm_refused_at = database_now(session)
        audit.record(session, "slack", "dm_refused", conversation, reason=reason)
    session.flush()
    _give_back(session, conversation, now)
    return True


def seen_again(session: Session, person_id: int) -> None:
    """They came to us, so that a direct message can reach them."""
    person = session.get_one(PersonRow, person_id, with_for_update={"key_share": True})
    if person.dm_refused_at is not None:
        person.dm_refused_at = None
        audit.record(session, "slack", "dm_possible_again", f"person:{person_id}")


def _give_back(session: Session, conversation: str, now: datetime) -> None:
    unsent = (
        select(NUDGE.c.id, NUDGE.c.deadline_id)
        .join(DAY, DAY.c.id == NUDGE.c.nudge_day_id)
        .join(CARD, (CARD.c.subject == DAY.c.id) & (CARD.c.kind == DAY_MESSAGE))
        .where(DAY.c.recipient == conversation, CARD.c.ts.is_(None), CARD.c.replaced_ts.is_(None))
    )
    rows = session.connection().execute(unsent).all()
    again = update(DEADLINE).where(
        DEADLINE.c.id.in_([row.deadline_id for row in rows]),
        DEADLINE.c.closed_at.is_(None),
        DEADLINE.c.held_at.is_(None),
    )
    session.connection().execute(again.values(next_at=now))
    refused = update(NUDGE).where(NUDGE.c.id.in_([row.id for row in rows]))
    session.connection().execute(refused.values(refused_at=database_now(session), nudge_day_id=None))
