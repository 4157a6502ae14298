"""The one message a person (or the team's channel) gets on a day: whether it has gone, and opening many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, case, cast, exists, literal, select
from sqlmodel import Session

from bot.rules.people.recipients import TEAM
from bot.store.bulk import among, insert_rows, insert_selected, ranked, table, update_rows
from bot.store.database_time import database_now
from bot.store.outbox.claim import IN_FLIGHT, PENDING
from bot.store.tables import Card, NudgeDay, OutboxMessage

KIND = "nudge_day"
"""The card's kind; its subject is the day."""

DAY, CARD, MESSAGE = table(NudgeDay), table(Card), table(OutboxMessage)
Day = tuple[str, date]
"""A recipient (``person:12`` or ``team``), and the day in their own zone."""


@dataclass(frozen=True, slots=True)
class DayMessage:
    """``new``: opened just now. ``gone``: Slack has it; what has not gone yet can still take more in."""

    id: int
    new: bool
    gone: bool


def bring_forward(session: Session, days: Collection[Day]) -> None:
    """What waits since an earlier day, and certainly has not gone (Slack was away), becomes the message of this day.

    So nobody reads two of them at once. Where this day has its own already, both stay.
    """
    for day in sorted({day for _, day in days}):
        today, doubtful = DAY.alias(), MESSAGE.alias()
        has_own = exists().where(today.c.recipient == DAY.c.recipient, today.c.local_date == day)
        in_doubt = exists().where(doubtful.c.card_id == CARD.c.id, doubtful.c.state.in_([*IN_FLIGHT, "asked"]))
        waiting = (
            select(DAY.c.id, DAY.c.recipient)
            .select_from(MESSAGE)
            .join(CARD, CARD.c.id == MESSAGE.c.card_id)
            .join(DAY, DAY.c.id == CARD.c.subject)
            .where(MESSAGE.c.state == PENDING, MESSAGE.c.kind == KIND)
            .where(among(session, DAY.c.recipient, {recipient for recipient, on in days if on == day}))
            .where(DAY.c.local_date < day, CARD.c.ts.is_(None), CARD.c.replaced_ts.is_(None), ~has_own, ~in_doubt)
            .order_by(DAY.c.id)
        )
        newest = {recipient: day_id for day_id, recipient in session.connection().execute(waiting)}
        update_rows(session, DAY, [{"id": day_id, "local_date": day} for day_id in sorted(newest.values())])


def messages_for(session: Session, days: Collection[Day], team_channel: str | None) -> dict[Day, DayMessage]:
    """The message of each of these days; where there was none, one is opened and will be posted."""
    insert_rows(session, DAY, [{"recipient": recipient, "local_date": day} for recipient, day in sorted(days)])
    there = messages_of(session, days)
    opened = [message.id for message in there.values() if message.new]
    if opened:
        _open_cards(session, opened, team_channel)
    return there


def messages_of(session: Session, days: Collection[Day]) -> dict[Day, DayMessage]:
    """Those of these days that exist."""
    query = (
        select(DAY.c.id, DAY.c.recipient, DAY.c.local_date, CARD.c.id, CARD.c.ts, CARD.c.replaced_ts)
        .outerjoin(CARD, (CARD.c.subject == DAY.c.id) & (CARD.c.kind == KIND))
        .where(
            among(session, DAY.c.recipient, {recipient for recipient, _ in days}),
            DAY.c.local_date.in_({day for _, day in days}),
        )
    )
    found = {}
    for day_id, recipient, day, card_id, ts, replaced_ts in session.connection().execute(query):
        found[recipient, day] = DayMessage(day_id, card_id is None, ts is not None or replaced_ts is not None)
    return {day: found[day] for day in days if day in found}


def _open_cards(session: Session, day_ids: Sequence[int], team_channel: str | None) -> None:
    """What ``messages.open_card`` does for one, in two statements for thousands; the first of these goes out first."""
    first = ranked(session, day_ids)
    conversation = case((DAY.c.recipient == TEAM, literal(team_channel or TEAM)), else_=DAY.c.recipient)
    cards = select(literal(KIND), DAY.c.id, conversation, literal(1), literal(0))
    cards = cards.join(first, first.c.value == DAY.c.id).order_by(first.c.key)
    insert_selected(session, CARD, ["kind", "subject", "channel", "wanted_version", "shown_version"], cards)
    rows = (
        select(
            CARD.c.kind,
            CARD.c.subject,
            literal({}, MESSAGE.c.facts.type),
            CARD.c.channel,
            CARD.c.id,
            literal("card:") + cast(CARD.c.id, String) + literal(":") + cast(CARD.c.wanted_version, String),
            literal("pending"),
            literal(0),
            literal(0),
            literal(database_now(session), MESSAGE.c.created_at.type),
        )
        .where(CARD.c.kind == KIND, among(session, CARD.c.subject, day_ids))
        .order_by(CARD.c.id)
    )
    columns = [
        "kind",
        "subject",
        "facts",
        "channel",
        "card_id",
        "key",
        "state",
        "attempts",
        "search_attempts",
        "created_at",
    ]
    insert_selected(session, MESSAGE, columns, rows)
