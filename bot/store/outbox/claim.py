"""Taking messages to send: the oldest of a conversation first, one in flight per conversation, at Slack's pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.rules.people.recipients import PERSON
from bot.store.bulk import table
from bot.store.database_time import LONGEST_WAIT_AHEAD, database_now, not_too_far_ahead, over
from bot.store.outbox import pace
from bot.store.tables import Card, OutboxMessage, Pace, PersonRow
from bot.store.tables.column_types import Instant

POST, UPDATE, OPEN = "chat.postMessage", "chat.update", "conversations.open"
PENDING: ColumnElement[str] = literal_column("'pending'")
IN_FLIGHT: tuple[ColumnElement[str], ...] = tuple(
    literal_column(f"'{state}'") for state in ("claimed", "sending", "uncertain")
)
"""Written out in the SQL: SQLite uses a partial index only for a literal."""

Now = datetime | ColumnElement[Any]
Thread = aliased(Card, name="thread")
MESSAGE = table(OutboxMessage)
SHOWN: tuple[Any, ...] = (
    *(MESSAGE.c[name] for name in ("id", "kind", "subject", "facts", "channel", "attempts", "card_id", "after_card")),
    Card.ts, Card.replaced_ts, Card.shown_hash, col(Thread.ts).label("thread_ts"),
    PersonRow.dm_channel, PersonRow.slack_user_id,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send. ``method`` POST and UPDATE send it; OPEN first needs the person's DM.

    ``conversation`` is as it was said (``person:12``), ``channel`` the Slack id, ``user`` whose DM is missing.
    """

    id: int
    kind: str
    subject: int
    facts: Mapping[str, Any]
    conversation: str
    channel: str
    attempts: int
    method: str
    card_id: int | None = None
    after_card: int | None = None
    ts: str | None = None
    thread_ts: str | None = None
    replaced_ts: str | None = None
    shown_hash: str | None = None
    user: str | None = None


class LostError(Exception):
    """Another worker took an older message of this conversation that was committed only just now: take nothing."""


def waiting(session: Session) -> bool:
    """A quick look: whether anything might go out right now."""
    return _is_any(session, _pending())


def left_behind(session: Session) -> bool:
    """A quick look: whether a claim has lapsed, or an uncertain message is to be looked for."""
    return _is_any(session, _lapsed())


def _is_any(session: Session, which: Any) -> bool:
    now = database_now(session)
    return session.connection().execute(which, {"now": now, "far": now + LONGEST_WAIT_AHEAD}).first() is not None


def claim(session: Session, lease: timedelta) -> Claim | None:
    """The oldest message that may go now, with its slot of the pace; None when there is none. Raises LostError."""
    now = database_now(session)
    found = session.connection().execute(_next(), {"now": now, "far": now + LONGEST_WAIT_AHEAD}).first()
    if found is None:
        return None
    taken = _claim(found)
    if not pace.take(session, taken.method, taken.conversation):
        return None
    tried: dict[str, Any] = {"attempts": taken.attempts}
    if taken.method == OPEN:
        pace.hold(session, OPEN, taken.conversation, lease.total_seconds())  # nobody else opens the same DM
    else:
        tried |= {"state": "claimed", "lease": now + lease}
    _write(session, taken.id, tried)
    return taken


def next_due(session: Session) -> datetime | None:
    """When the next message may go, or the next claim lapses; None when nothing waits for time alone."""
    now = database_now(session)
    paced = select(func.max(Pace.next_at)).where(col(Pace.method) == _method(), _paces()).scalar_subquery()
    heads = _heads(now).with_only_columns(func.coalesce(paced, now).label("at")).subquery()
    later = select(func.min(OutboxMessage.not_before)).where(
        col(OutboxMessage.state) == PENDING, col(OutboxMessage.not_before) > now
    )
    leases = select(func.min(OutboxMessage.lease)).where(col(OutboxMessage.state).in_(IN_FLIGHT))
    paced_until, leased_until = (session.exec(query).one() for query in (select(func.min(heads.c.at)), leases))
    instants = [not_too_far_ahead(at, now) if at else None for at in (paced_until, leased_until)]
    instants.append(session.exec(later).one())
    return min((instant for instant in instants if instant is not None), default=None)


def left(session: Session) -> tuple[int, int]:
    """How many messages wait, and how many are uncertain."""
    waiting = select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.state) == PENDING)
    uncertain = (
        select(func.count())
        .select_from(OutboxMessage)
        .where(col(OutboxMessage.state).in_(IN_FLIGHT), OutboxMessage.state == "uncertain")
    )
    return session.exec(waiting).one(), session.exec(uncertain).one()


NOW: ColumnElement[Any] = bindparam("now", type_=Instant)
FAR: ColumnElement[Any] = bindparam("far", type_=Instant)
"""Of statements that are put together once: SQLAlchemy takes longer for that than the database to answer them."""


@cache
def _pending() -> Any:
    return select(OutboxMessage.id).where(col(OutboxMessage.state) == PENDING, _not_later(OutboxMessage, NOW)).limit(1)


@cache
def _lapsed() -> Any:
    lapsed = over(OutboxMessage.lease, NOW, FAR)
    return select(OutboxMessage.id).where(col(OutboxMessage.state).in_(IN_FLIGHT), lapsed).limit(1)


@cache
def _next() -> Any:
    free = over(Pace.next_at, NOW, FAR)
    return (
        _heads(NOW)
        .where(~exists().where(col(Pace.method) == _method(), _paces(), not_(free)))
        .order_by(col(OutboxMessage.id))
        .limit(1)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    )


def _not_later(table: type[OutboxMessage], now: Now) -> ColumnElement[bool]:
    return or_(col(table.not_before).is_(None), col(table.not_before) <= now)


def ready(table: type[OutboxMessage], now: Now) -> ColumnElement[bool]:
    """What does not wait for a time, for its card's post, or for an admin's answer about its card."""
    card, asked = aliased(Card), aliased(OutboxMessage)
    asked_about = select(asked.card_id).where(col(asked.state) == "asked", col(asked.card_id).is_not(None))
    return and_(
        col(table.state) == PENDING,
        _not_later(table, now),
        or_(
            col(table.after_card).is_(None),
            exists().where(col(card.id) == col(table.after_card), col(card.ts).is_not(None)),
        ),
        or_(col(table.card_id).is_(None), col(table.card_id).not_in(asked_about)),
    )


def _heads(now: Now) -> Any:
    """The oldest ready message of each conversation that has none in flight."""
    flying, waiting = aliased(OutboxMessage), aliased(OutboxMessage)
    oldest = select(func.min(waiting.id)).where(ready(waiting, now)).group_by(col(waiting.channel))
    return (
        select(*SHOWN)
        .join(Card, col(Card.id) == col(OutboxMessage.card_id), isouter=True)
        .join(Thread, col(Thread.id) == col(OutboxMessage.after_card), isouter=True)
        .join(PersonRow, col(PersonRow.id) == _addressee(), isouter=True)
        .where(
            col(OutboxMessage.state) == PENDING,
            col(OutboxMessage.id).in_(oldest),
            ~exists().where(col(flying.channel) == col(OutboxMessage.channel), col(flying.state).in_(IN_FLIGHT)),
        )
    )


def _addressee() -> ColumnElement[int | None]:
    """The person's id in ``person:12``."""
    number = func.substr(OutboxMessage.channel, len(PERSON) + 1)
    return case((col(OutboxMessage.channel).startswith(PERSON), cast(number, Integer)), else_=None)


def _method() -> ColumnElement[str]:
    to_a_person = col(OutboxMessage.channel).startswith(PERSON)
    return case(
        (and_(to_a_person, col(PersonRow.dm_channel).is_(None)), literal(OPEN)),
        (col(Card.ts).is_not(None), literal(UPDATE)),
        else_=literal(POST),
    )


def _paces() -> ColumnElement[bool]:
    return col(Pace.channel).in_(("", col(OutboxMessage.channel)))


def _claim(row: Row[*tuple[Any, ...]]) -> Claim:
    to_a_person = row.channel.startswith(PERSON)
    channel = row.dm_channel if to_a_person else row.channel
    return Claim(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        facts=row.facts,
        conversation=row.channel,
        channel=channel or "",
        attempts=row.attempts + 1,
        method=OPEN if channel is None else UPDATE if row.ts else POST,
        card_id=row.card_id,
        after_card=row.after_card,
        ts=row.ts,
        thread_ts=row.thread_ts or row.facts.get("thread_ts"),
        replaced_ts=row.replaced_ts,
        shown_hash=row.shown_hash,
        user=row.slack_user_id,
    )


def _write(session: Session, message_id: int, changed: Mapping[str, Any]) -> None:
    try:
        session.connection().execute(update(MESSAGE).where(MESSAGE.c.id == message_id).values(changed))
    except IntegrityError as error:
        raise LostError from error
