"""Messages of which nobody knows whether Slack has them: looked for in the conversation before anything is resent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.rules.people.recipients import person_in
from bot.store.database_time import database_now, has_come
from bot.store.outbox import pace
from bot.store.outbox.claim import IN_FLIGHT
from bot.store.outbox.messages import wait_again, want_again
from bot.store.outbox.state import PASSES_WITHIN, locked_card, try_later
from bot.store.tables import Card, OutboxMessage, PersonRow
from bot.store.tables.column_types import required

BEFORE = timedelta(minutes=2)
"""Our database's clock and Slack's differ by less."""
ENOUGH = 2
"""So many looks, a lease apart, that find nothing mean that it is not there."""


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """What to look for: our row's id, in ``channel`` (in a thread: ``thread_ts``), posted after ``since``."""

    id: int
    card_id: int | None
    kind: str
    subject: int
    conversation: str
    channel: str
    thread_ts: str | None
    since: datetime
    search_attempts: int
    lease: timedelta

    @property
    def method(self) -> str:
        """Replies are listed under their parent only."""
        return _method(self.thread_ts)


def take_look(session: Session, lease: timedelta) -> SearchTarget | None:
    """The next message to look for, if its time has come; nobody else looks for it during the lease."""
    now = database_now(session)
    thread = aliased(Card)
    found = session.exec(
        select(OutboxMessage, thread.ts)
        .join(thread, col(thread.id) == col(OutboxMessage.after_card), isouter=True)
        .where(col(OutboxMessage.state).in_(IN_FLIGHT), OutboxMessage.state == "uncertain")
        .where(has_come(OutboxMessage.lease, now))
        .order_by(col(OutboxMessage.lease))
        .limit(1)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    ).first()
    if found is None:
        return None
    message, thread_ts = found
    if not pace.take(session, _method(thread_ts)):
        return None
    message.lease = now + lease
    return SearchTarget(
        id=required(message.id),
        card_id=message.card_id,
        kind=message.kind,
        subject=message.subject,
        conversation=message.channel,
        channel=_channel(session, message.channel),
        thread_ts=thread_ts,
        since=(message.sending_at or message.created_at) - BEFORE,
        search_attempts=message.search_attempts,
        lease=lease,
    )


def found(session: Session, look: SearchTarget, ts: str) -> None:
    """It had arrived. A card is shown anew: what went out then may be older than its state now."""
    card = locked_card(session, look.card_id)
    message = _uncertain(session, look)
    if message is None:
        return
    message.state, message.lease, message.error, message.sent_ts = "sent", None, None, ts
    if card is not None:
        card.ts = ts
        want_again(session, card, look.id)


def not_found(session: Session, look: SearchTarget) -> str | None:
    """It is not there; the second look comes a lease after this one ended, and then it is sent again.

    Unless Slack has refused to take it for an hour: then it has failed, and Slack's word for it is returned.
    """
    locked_card(session, look.card_id)
    message = _uncertain(session, look)
    if message is None:
        return None
    message.search_attempts = look.search_attempts + 1
    message.lease = database_now(session) + look.lease
    if message.search_attempts < ENOUGH:
        return None
    if message.error is None:
        wait_again(session, message)
    elif not try_later(session, message, message.error):
        message.state, message.lease = "failed", None
        return message.error
    return None


def looked_long_enough(session: Session, look: SearchTarget) -> bool:
    """Whether what hinders the look has had the time in which it passes, if it does."""
    return database_now(session) - look.since >= PASSES_WITHIN + BEFORE


def unreadable(session: Session, look: SearchTarget, reason: str) -> bool:
    """Only a person can tell. False: it was settled meanwhile."""
    message = _uncertain(session, look)
    if message is None:
        return False
    message.state, message.lease, message.error = "asked", None, reason
    return True


def _method(thread_ts: str | None) -> str:
    return "conversations.replies" if thread_ts else "conversations.history"


def _uncertain(session: Session, look: SearchTarget) -> OutboxMessage | None:
    mine = select(OutboxMessage).where(
        OutboxMessage.id == look.id,
        OutboxMessage.state == "uncertain",
        OutboxMessage.search_attempts == look.search_attempts,
    )
    return session.exec(mine.with_for_update(key_share=True)).first()


def _channel(session: Session, conversation: str) -> str:
    person_id = person_in(conversation)
    if person_id is None:
        return conversation
    person = session.get(PersonRow, person_id)
    return (person.dm_channel if person else None) or ""
