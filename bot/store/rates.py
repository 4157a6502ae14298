"""How fast each method of Slack's may be called: kept in the database, so that all workers share one pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from bot.store.conflicts import insert_missing
from bot.store.moment import BELIEVED, believed, database_now
from bot.store.tables import Rate

CREDIT = timedelta(seconds=1)
"""A slot that was not used in time is good for so long: whoever polls loses no pace.

Not in a conversation: after a pause two may go at once there. With a third, and a call that Slack was slow to take
before them, it counts four in a second.
"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Seconds between two calls: in the whole workspace, and in one conversation."""

    workspace: float
    conversation: float = 0


GAPS: Final = {
    "chat.postMessage": Gap(workspace=60 / 240, conversation=1.1),
    "chat.update": Gap(workspace=60 / 50),
    "conversations.open": Gap(workspace=60 / 50),
    "conversations.history": Gap(workspace=60 / 50),
    "conversations.replies": Gap(workspace=60 / 50),
    "users.info": Gap(workspace=60 / 100),
    "users.lookupByEmail": Gap(workspace=60 / 50),
}
"""Slack's documented limits, somewhat below where it names no exact number (docs.slack.dev, Rate limits)."""


def take(session: Session, method: str, conversation: str = "") -> bool:
    """Takes the next slot; False when the pace, or a 429, does not allow a call yet."""
    now = database_now(session)
    gap = GAPS[method]
    rows = [(_row(session, method, ""), gap.workspace, CREDIT)]
    if conversation:
        rows.append((_row(session, method, conversation), gap.conversation, timedelta()))
    if any(believed(row.next_at, now) > now for row, _, _ in rows):
        return False
    for row, seconds, credit in rows:
        row.next_at = max(believed(row.next_at, now) + timedelta(seconds=seconds), now - credit)
    return True


def hold(session: Session, method: str, conversation: str, seconds: float) -> None:
    """No call for so long: of this method (conversation '' = anywhere), or in one conversation."""
    row, now = _row(session, method, conversation), database_now(session)
    row.next_at = max(believed(row.next_at, now), now + min(timedelta(seconds=seconds), BELIEVED))


def next_at(session: Session, method: str) -> datetime | None:
    """When the method may be called again anywhere; None before its first call."""
    return session.exec(select(Rate.next_at).where(Rate.method == method, Rate.channel == "")).first()


def _row(session: Session, method: str, conversation: str) -> Rate:
    found = select(Rate).where(Rate.method == method, col(Rate.channel) == conversation)
    locked = found.with_for_update().execution_options(populate_existing=True)
    row = session.exec(locked).first()
    if row is None:
        first = Rate(method=method, channel=conversation, next_at=database_now(session) - CREDIT)
        session.execute(insert_missing(session, Rate), [first.model_dump()])
        row = session.exec(locked).one()
    return row
