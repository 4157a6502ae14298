"""How the bot itself is: the last sweep, what waits to be sent, and what waits for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, update
from sqlmodel import Session, col, select

from bot.rules.workspace.health import Health, Trouble
from bot.store.bulk.upsert import insert_missing, remember
from bot.store.database_time import database_now
from bot.store.outbox.claim import IN_FLIGHT, PENDING, ready
from bot.store.outbox.undeliverable import FOR_A_PERSON
from bot.store.tables import OutboxMessage, Setting
from bot.store.tables.column_types import required
from bot.store.workspace import quarantine

SWEPT, OTHERS = "swept_at", "other_connections"
APART = timedelta(seconds=50)
"""Real time between two notes of a sweep, however many workers sweep."""
BEFORE_IT = 1_000
"""Messages said before the oldest that waits; the newest of them to go shows that the queue moves."""
OPEN = (col(OutboxMessage.state) == PENDING, col(OutboxMessage.state).in_(IN_FLIGHT))
"""Waiting, and on their way: each in the words of its partial index."""


def record_sweep(session: Session, as_of: datetime) -> None:
    """Notes that a sweep ended, in real time, and the business time it went by; at most once in 50 seconds."""
    now = database_now(session)
    note = {"value": as_of.isoformat(), "by": "credbot", "at": now}
    old = or_(col(Setting.at) <= now - APART, col(Setting.at) > now)  # the latter: the clock was set back
    if not session.connection().execute(update(Setting).where(col(Setting.key) == SWEPT, old).values(note)).rowcount:
        session.execute(insert_missing(session, Setting).values(key=SWEPT, **note))


def record_others(session: Session, count: int) -> None:
    """Notes how many connections Slack counts beside ours; none is a note too."""
    remember(session, OTHERS, str(count))


def read_health(session: Session) -> Health:
    """All that tells whether somebody must look."""
    stuck = select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.state).in_(FOR_A_PERSON))
    return replace(read_pulse(session), stuck=session.exec(stuck).one(), set_aside=quarantine.count(session))


def read_pulse(session: Session) -> Health:
    """The same without what stands in a list of its own: stuck messages, and files set aside."""
    now = database_now(session)
    swept, others = session.get(Setting, SWEPT), session.get(Setting, OTHERS)
    oldest = _oldest(session, now)
    since = max(oldest.created_at, oldest.not_before or oldest.created_at) if oldest else None
    return Health(
        at=now,
        swept_at=swept.at if swept else None,
        swept_as_of=datetime.fromisoformat(swept.value) if swept else None,
        waiting=sum(session.exec(select(func.count()).select_from(OutboxMessage).where(which)).one() for which in OPEN),
        oldest_since=since,
        head_since=max(since, _left_before(session, oldest) or since) if oldest and since else None,
        others=int(others.value) if others else 0,
    )


def all_out(session: Session) -> bool:
    """Whether nothing waits to be sent and nothing is on its way; quicker than to ask when the next may go."""
    return not any(session.exec(select(OutboxMessage.id).where(which).limit(1)).first() for which in OPEN)


def turned(session: Session, trouble: Trouble, *, bad: bool) -> int | None:
    """Which time it turned bad (or, after that time, well), if it just has; one of several workers gets the answer."""
    key, now = f"trouble:{trouble}", database_now(session)
    first = Setting(key=key, value="well 0", by="credbot", at=now)
    session.execute(insert_missing(session, Setting), [first.model_dump()])
    row = session.exec(select(Setting).where(Setting.key == key).with_for_update()).one()
    was, _, episode = row.value.partition(" ")
    if (was == "bad") is bad:
        return None
    number = int(episode) + bad
    row.value, row.at = f"{'bad' if bad else 'well'} {number}", now
    return number


def was_told(session: Session, trouble: str, episode: int, admin_id: int) -> bool:
    """Whether an admin read that it turned bad; it may have been well again before that could be sent."""
    key = f"trouble:{trouble}:{episode}:{admin_id}"
    return session.exec(select(OutboxMessage.state).where(OutboxMessage.key == key)).first() == "sent"


def _oldest(session: Session, now: datetime) -> OutboxMessage | None:
    """The first that could have gone: not one that waits for its time, for its card, or for a person's answer."""
    first = select(OutboxMessage).order_by(col(OutboxMessage.id)).limit(1)
    could = (ready(OutboxMessage, now), OPEN[1])
    found = [message for which in could if (message := session.exec(first.where(which)).first())]
    return min(found, key=lambda message: required(message.id), default=None)


def _left_before(session: Session, oldest: OutboxMessage) -> datetime | None:
    before = col(OutboxMessage.id).between(required(oldest.id) - BEFORE_IT, required(oldest.id) - 1)
    return session.exec(select(func.max(OutboxMessage.sending_at)).where(before)).one()
