"""What waits to be said in Slack. It commits with the change that it tells of, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.tables import Card, OutboxMessage
from bot.store.tables.column_types import required

SAID = "outbox"
REFRESHED = "cards to refresh"


def say(
    session: Session,
    kind: str,
    subject: int,
    channel: str,
    *,
    key: str,
    facts: Mapping[str, Any] | None = None,
    after_card: int | None = None,
    not_before: datetime | None = None,
) -> None:
    """Says something once: a ``key`` that was said before is not said again.

    ``channel`` is a channel id, or ``person:12`` for that person's DM. ``after_card`` puts it into that card's
    thread, once the card is posted. ``not_before`` is real time. A conversation reads in the order of saying.
    """
    _collect(
        session,
        OutboxMessage(
            kind=kind,
            subject=subject,
            facts=dict(facts or {}),
            channel=channel,
            after_card=after_card,
            key=key,
            not_before=not_before,
            created_at=database_now(session),
        ),
    )


def open_card(session: Session, kind: str, subject: int, channel: str) -> int:
    """The id of the subject's card in this channel, which will be posted if there was none."""
    session.execute(
        insert_missing(session, Card), [Card(kind=kind, subject=subject, channel=channel).model_dump(exclude={"id"})]
    )
    found = select(Card).where(Card.kind == kind, Card.subject == subject, Card.channel == channel)
    card = session.exec(found.with_for_update(key_share=True)).one()
    if card.shown_version == 0:
        _collect(session, _showing(session, card, str(card.wanted_version)))
    return required(card.id)


def refresh(session: Session, kind: str, subject: int) -> None:
    """Has every card of this subject shown anew, in the state that is committed when it is sent."""
    session.info.setdefault(REFRESHED, set()).add((kind, subject))


def flush(session: Session) -> None:
    """Writes what was collected: cards first, so that stale buttons go at once, then messages.

    Called by ``writing()`` just before the seal.
    """
    said: list[OutboxMessage] = session.info.pop(SAID, [])
    for kind, subject in sorted(session.info.pop(REFRESHED, ())):
        _want_newer(session, kind, subject)
    rows: list[OutboxMessage] = [*session.info.pop(SAID, []), *said]
    if rows:
        _insert(session, rows)


def want_again(session: Session, card: Card, after: int) -> None:
    """One more row for a card that changed while message ``after`` was on its way."""
    _collect(session, _showing(session, card, f"after:{after}"))


def wait_again(session: Session, message: OutboxMessage) -> None:
    """Back among the waiting; for a card whose newer row waits already, that one is enough."""
    if message.card_id is not None:
        session.exec(select(Card).where(Card.id == message.card_id).with_for_update(key_share=True)).one()
        waiting = select(OutboxMessage.id).where(
            OutboxMessage.card_id == message.card_id, OutboxMessage.state == "pending"
        )
        if session.exec(waiting).first() is not None:
            message.state, message.error = "dropped", "a newer row shows this card"
            return
    message.state, message.lease, message.search_attempts, message.error = "pending", None, 0, None


def it_arrived(session: Session, message_id: int) -> bool:
    """An admin saw the message in Slack. False: nobody is asking about it any more."""
    message = _stuck(session, message_id, {"asked"})
    if message is not None:
        message.state = "sent"
    return message is not None


def send_again(session: Session, message_id: int) -> bool:
    """An admin wants an uncertain or failed message to be sent again. False: it is settled already."""
    message = _stuck(session, message_id, {"asked", "failed"})
    if message is not None:
        wait_again(session, message)
    return message is not None


def drop(session: Session, message_id: int) -> bool:
    """An admin gives an uncertain or failed message up. False: it is settled already."""
    message = _stuck(session, message_id, {"asked", "failed"})
    if message is not None:
        message.state = "dropped"
    return message is not None


def _collect(session: Session, row: OutboxMessage) -> None:
    session.info.setdefault(SAID, []).append(row)


def _want_newer(session: Session, kind: str, subject: int) -> None:
    of_subject = select(Card).where(Card.kind == kind, Card.subject == subject).order_by(col(Card.id))
    newest = of_subject.with_for_update(key_share=True).execution_options(populate_existing=True)
    for card in session.exec(newest).all():
        card.wanted_version += 1
        _collect(session, _showing(session, card, str(card.wanted_version)))
    session.flush()


def _showing(session: Session, card: Card, version: str) -> OutboxMessage:
    return OutboxMessage(
        kind=card.kind,
        subject=card.subject,
        channel=card.channel,
        card_id=required(card.id),
        key=f"card:{card.id}:{version}",
        created_at=database_now(session),
    )


def _insert(session: Session, rows: list[OutboxMessage]) -> None:
    if session.get_bind().dialect.name == "postgresql":
        for row, number in zip(rows, _numbers(session, len(rows)), strict=True):
            row.id = number
        rows = sorted(rows, key=lambda row: row.key)  # one lock order: without it, writers wait for each other
    without_id = {"id"} if rows[0].id is None else set()
    session.execute(insert_missing(session, OutboxMessage), [row.model_dump(exclude=without_id) for row in rows])


def _numbers(session: Session, count: int) -> Iterable[int]:
    """Ids in the order of saying, so that sorting by key does not change the order of a conversation."""
    drawn = text("SELECT nextval(pg_get_serial_sequence('outbox_message', 'id')) FROM generate_series(1, :count)")
    return sorted(session.execute(drawn, {"count": count}).scalars())


def _stuck(session: Session, message_id: int, states: set[str]) -> OutboxMessage | None:
    found = select(OutboxMessage).where(OutboxMessage.id == message_id, col(OutboxMessage.state).in_(states))
    return session.exec(found.with_for_update(key_share=True)).first()
