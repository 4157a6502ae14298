"""How fast each method of Slack's may be called: kept in the database, so that all workers share one pace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.store.bulk import table
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import LONGEST_WAIT_AHEAD, database_now, not_too_far_ahead
from bot.store.tables import Pace
from bot.store.tables.column_types import Instant

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


RATE: Final = table(Pace)
LOCKED: Final = (
    select(RATE.c.channel, RATE.c.next_at)
    .where(RATE.c.method == bindparam("method"), RATE.c.channel.in_(bindparam("channels", expanding=True)))
    .order_by(RATE.c.channel)
    .with_for_update()
)
WRITTEN: Final = (
    update(RATE)
    .where(RATE.c.method == bindparam("of_method"), RATE.c.channel == bindparam("of_channel"))
    .values(next_at=bindparam("at", type_=Instant))
)


def take(session: Session, method: str, conversation: str = "") -> bool:
    """Takes the next slot; False when the pace, or a 429, does not allow a call yet."""
    now, gap = database_now(session), GAPS[method]
    paces = {"": (timedelta(seconds=gap.workspace), CREDIT)}
    if conversation:
        paces[conversation] = timedelta(seconds=gap.conversation), timedelta()
    free_at = {channel: not_too_far_ahead(at, now) for channel, at in _held(session, method, paces).items()}
    if any(at > now for at in free_at.values()):
        return False
    _write(session, method, {key: max(free_at[key] + wait, now - credit) for key, (wait, credit) in paces.items()})
    return True


def hold(session: Session, method: str, conversation: str, seconds: float) -> None:
    """No call for so long: of this method (conversation '' = anywhere), or in one conversation."""
    now = database_now(session)
    free_at = not_too_far_ahead(_held(session, method, [conversation])[conversation], now)
    _write(session, method, {conversation: max(free_at, now + min(timedelta(seconds=seconds), LONGEST_WAIT_AHEAD))})


def next_at(session: Session, method: str) -> datetime | None:
    """When the method may be called again anywhere; None before its first call."""
    query = select(RATE.c.next_at).where(RATE.c.method == method, RATE.c.channel == "")
    return session.connection().execute(query).scalar()


def _held(session: Session, method: str, channels: Collection[str]) -> Mapping[str, datetime]:
    """When each may go next, locked until the transaction ends."""
    asked = {"method": method, "channels": sorted(channels)}
    found = {row.channel: row.next_at for row in session.connection().execute(LOCKED, asked)}
    if missing := [channel for channel in channels if channel not in found]:
        first = database_now(session) - CREDIT
        rows = [{"method": method, "channel": channel, "next_at": first} for channel in missing]
        session.connection().execute(insert_missing(session, Pace), rows)
        return _held(session, method, channels)
    return found


def _write(session: Session, method: str, after: Mapping[str, datetime]) -> None:
    rows = [{"of_method": method, "of_channel": channel, "at": at} for channel, at in after.items()]
    session.connection().execute(WRITTEN, rows)
