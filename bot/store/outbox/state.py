"""What became of a message that was claimed.

pending → claimed → sending → sent | uncertain | asked | failed | dropped. A claim is good for its lease in real
time; ``attempts`` tells it from a later claim of the same row. Cards are locked before messages. A message that waits
with an ``error`` is one that Slack refuses for now: with that word, since its ``sending_at``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.rules.people.recipients import person_in
from bot.store.database_time import database_now, has_come
from bot.store.outbox.claim import IN_FLIGHT, Claim
from bot.store.outbox.messages import wait_again, want_again
from bot.store.tables import Card, OutboxMessage, PersonRow
from bot.store.tables.column_types import required

PASSES_WITHIN = timedelta(hours=1)
"""What Slack refuses for longer than this, real time, an admin must look at."""


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message that failed together with its conversation."""

    id: int
    kind: str
    subject: int
    conversation: str


def start_sending(session: Session, claimed: Claim, lease: timedelta) -> bool:
    """Says, just before the one call, that it is under way. False: the claim has lapsed; do not call."""
    message = _ours(session, claimed, ("claimed",))
    if message is None:
        return False
    now = database_now(session)
    message.state, message.sending_at, message.lease = "sending", _since(message, now), now + lease
    return True


def wanted_version(session: Session, card_id: int | None) -> int | None:
    """The version of the card that this view of the database shows; None for what is no card."""
    return None if card_id is None else session.exec(select(Card.wanted_version).where(Card.id == card_id)).one()


def sent(session: Session, claimed: Claim, ts: str, text: str, shown: tuple[int, str] | None) -> None:
    """Slack has it. ``shown``: the version of the card that went out, and its payload's hash."""
    message = _ours(session, claimed, ("sending", "uncertain"))
    if message is None:
        return
    message.state, message.lease, message.error = "sent", None, None
    message.sent_ts, message.sent_text = ts, text
    card = locked_card(session, claimed.card_id)
    if card is not None and shown is not None:
        card.ts, card.shown_version, card.shown_hash = ts, *shown
        catch_up(session, card, claimed.id)


def dropped(session: Session, claimed: Claim, why: str, version: int | None) -> None:
    """It is no longer true, or (a card) looks the same already in ``version``."""
    message = _ours(session, claimed, ("claimed",))
    if message is None:
        return
    message.state, message.lease, message.error = "dropped", None, why
    card = locked_card(session, claimed.card_id)
    if card is not None and version is not None:
        card.shown_version = version
        catch_up(session, card, claimed.id)


def turned_over(session: Session, claimed: Claim, reason: str) -> None:
    """Slack refuses this person: what the message held is said to somebody else."""
    message = _ours(session, claimed, ("claimed", "sending"))
    if message is not None:
        message.state, message.lease, message.error = "dropped", None, reason


def failed(session: Session, claimed: Claim, reason: str) -> bool:
    """It cannot be sent as things are. False: it is not ours any more."""
    message = _ours(session, claimed, ("claimed", "sending"))
    if message is None:
        return False
    message.state, message.lease, message.error = "failed", None, reason
    return True


def fail_conversation(
    session: Session, conversation: str, reason: str, elsewhere: str | None = None
) -> list[FailedMessage]:
    """Nothing that waits for this conversation can be sent, since it cannot be opened; what failed.

    ``elsewhere``: the kind of message whose content is said to somebody else, so that it is only dropped.
    """
    waiting = select(OutboxMessage).where(OutboxMessage.channel == conversation, OutboxMessage.state == "pending")
    messages = session.exec(waiting.order_by(col(OutboxMessage.id)).with_for_update(skip_locked=True)).all()
    for message in messages:
        message.state, message.error = ("dropped" if message.kind == elsewhere else "failed"), reason
    failed = [message for message in messages if message.state == "failed"]
    return [FailedMessage(required(message.id), message.kind, message.subject, conversation) for message in failed]


def not_sent(session: Session, claimed: Claim) -> None:
    """Slack certainly has nothing; it keeps its place among the waiting."""
    message = _ours(session, claimed, ("claimed", "sending"))
    if message is not None:
        wait_again(session, message)


def refused_for_now(session: Session, claimed: Claim, reason: str) -> bool:
    """Slack's word may pass: it keeps its place among the waiting. False: it has been so for an hour."""
    message = _ours(session, claimed, ("claimed", "sending"))
    return message is None or try_later(session, message, reason)


def try_later(session: Session, message: OutboxMessage, reason: str) -> bool:
    """Puts it back among the waiting, with since when Slack has refused it. False, and untouched, after an hour."""
    now = database_now(session)
    since = _since(message, now)
    if now - since >= PASSES_WITHIN:
        return False
    wait_again(session, message)
    if message.state == "pending":
        message.error, message.sending_at = reason, since
    return True


def dm_refused_for_now(session: Session, claimed: Claim, reason: str) -> bool:
    """The same for a DM that cannot be opened now, kept with the message that asked for it."""
    waiting = select(OutboxMessage).where(OutboxMessage.id == claimed.id, OutboxMessage.state == "pending")
    message = session.exec(waiting.with_for_update(key_share=True)).first()
    if message is None:
        return True
    now = database_now(session)
    message.sending_at, message.error = _since(message, now), reason
    return now - message.sending_at < PASSES_WITHIN


def unanswered(session: Session, claimed: Claim, reason: str | None) -> None:
    """Slack may have it: to be looked for right away. ``reason``: Slack's word, if it said one that may pass."""
    message = _ours(session, claimed, ("sending",))
    if message is not None:
        message.state, message.lease, message.error = "uncertain", database_now(session), reason


def post_anew(session: Session, claimed: Claim) -> None:
    """The card's message, or the one that a reply belongs under, is gone: the card is posted once more."""
    message = _ours(session, claimed, ("sending",))
    if message is None:
        return
    card = locked_card(session, claimed.card_id or claimed.after_card)
    if card is not None and card.ts is not None:
        card.replaced_ts, card.ts, card.shown_hash = card.ts, None, None
        if claimed.card_id is None:
            want_again(session, card, claimed.id)
    wait_again(session, message)


def store_dm(session: Session, conversation: str, channel: str) -> None:
    """Remembers the DM of ``person:12``."""
    person = session.get(PersonRow, person_in(conversation))
    if person is not None:
        person.dm_channel = channel


def settle_lapsed(session: Session) -> bool:
    """Frees one message whose claim lapsed: not called yet, it waits again; otherwise it is uncertain."""
    lapsed = (
        col(OutboxMessage.state).in_(IN_FLIGHT),
        col(OutboxMessage.state) != "uncertain",
        has_come(OutboxMessage.lease, database_now(session)),
    )
    found = session.exec(select(OutboxMessage.id, OutboxMessage.card_id).where(*lapsed).limit(1)).first()
    if found is None:
        return False
    card = locked_card(session, found[1])
    mine = select(OutboxMessage).where(OutboxMessage.id == found[0], *lapsed).with_for_update(key_share=True)
    message = session.exec(mine.execution_options(populate_existing=True)).first()
    if message is not None and (message.state == "claimed" or (card is not None and card.ts is not None)):
        wait_again(session, message)
    elif message is not None:
        message.state, message.lease = "uncertain", database_now(session)
    return True


def locked_card(session: Session, card_id: int | None) -> Card | None:
    if card_id is None:
        return None
    locked = select(Card).where(Card.id == card_id).with_for_update(key_share=True)
    return session.exec(locked.execution_options(populate_existing=True)).one()


def _since(message: OutboxMessage, now: datetime) -> datetime:
    """When the first of the calls went out that Slack has refused one after the other; now for a call of its own."""
    return message.sending_at if message.error and message.sending_at else now


def _ours(session: Session, claimed: Claim, states: tuple[str, ...]) -> OutboxMessage | None:
    """The message, if this claim of it still holds. Its card is locked first: cards come before messages."""
    locked_card(session, claimed.card_id or claimed.after_card)
    mine = select(OutboxMessage).where(
        OutboxMessage.id == claimed.id,
        OutboxMessage.attempts == claimed.attempts,
        col(OutboxMessage.state).in_(states),
    )
    return session.exec(mine.with_for_update(key_share=True)).first()


def catch_up(session: Session, card: Card, message_id: int) -> None:
    if card.wanted_version > card.shown_version:
        want_again(session, card, message_id)
