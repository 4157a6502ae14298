"""How fast each method of Slack's may be called: kept in the database, so that all workers share one pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from bot.store.conflicts import insert_missing
from bot.store.moment import database_now
from bot.store.tables import Rate

CREDIT = timedelta(seconds=1)
"""A slot that was not used in time is good for so long: whoever polls loses no pace."""


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
    rows = [(_row(session, method, ""), gap.workspace)]
    if conversation:
        rows.append((_row(session, method, conversation), gap.conversation))
    if any(row.next_at > now for row, _ in rows):
        return False
    for row, seconds in rows:
        row.next_at = max(row.next_at + timedelta(seconds=seconds), now - CREDIT)
    return True


def hold(session: Session, method: str, conversation: str, seconds: float) -> None:
    """No call for so long: of this method (conversation '' = anywhere), or in one conversation."""
    row = _row(session, method, conversation)
    row.next_at = max(row.next_at, database_now(session) + timedelta(seconds=seconds))


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
