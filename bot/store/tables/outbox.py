"""What goes out to Slack, in which order and how fast; and what came in already."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.tables.column_types import instant, json_column, optional_json, refers_to

_IN_FLIGHT = text("state IN ('claimed', 'sending', 'uncertain')")
_WAITING = text("state = 'pending'")
_FOR_A_PERSON = text("state IN ('asked', 'failed')")


class Card(SQLModel, table=True):
    """A message that follows its subject's state. ``channel``: a channel id, or ``person:12`` for a DM."""

    __tablename__ = "card"
    __table_args__ = (UniqueConstraint("kind", "subject", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: int
    channel: str
    ts: str | None = None
    wanted_version: int = 1
    shown_version: int = 0
    shown_hash: str | None = None
    replaced_ts: str | None = None


class OutboxMessage(SQLModel, table=True):
    """What to say, never how; rendered when sent. ``card_id``: posts or updates that card."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint(
            "state IN ('pending', 'claimed', 'sending', 'sent', 'uncertain', 'asked', 'failed', 'dropped')",
            name="outbox_state",
        ),
        Index(
            "one_in_flight_a_conversation",
            "channel",
            unique=True,
            sqlite_where=_IN_FLIGHT,
            postgresql_where=_IN_FLIGHT,
        ),
        Index("one_waiting_row_a_card", "card_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("outbox_waiting", "not_before", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("outbox_for_a_person", "id", sqlite_where=_FOR_A_PERSON, postgresql_where=_FOR_A_PERSON),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: int
    facts: dict[str, Any] = json_column()
    channel: str
    card_id: int | None = refers_to("card", nullable=True, index=False)
    after_card: int | None = refers_to("card", nullable=True, index=False)
    """A reply: goes into this card's thread, once the card is posted."""
    key: str = Field(unique=True)
    state: str = "pending"
    attempts: int = 0
    created_at: datetime = instant()
    not_before: datetime | None = instant(default=None)
    lease: datetime | None = instant(default=None)
    """claimed, sending: until when; uncertain: when to look (again)."""
    sending_at: datetime | None = instant(default=None)
    search_attempts: int = 0
    """How many times an uncertain message was looked for and not found."""
    sent_ts: str | None = None
    sent_text: str | None = None
    error: str | None = None
    answer: dict[str, Any] | None = optional_json()


class Pace(SQLModel, table=True):
    """When the next call of a method (``channel`` '' = workspace-wide) may go out."""

    __tablename__ = "pace"

    method: str = Field(primary_key=True)
    channel: str = Field(default="", primary_key=True)
    next_at: datetime = instant()


class ProcessedEvent(SQLModel, table=True):
    """A payload of Slack's whose change is committed; a repeat gets ``result``."""

    __tablename__ = "processed_event"

    key: str = Field(primary_key=True)
    result: dict[str, Any] = json_column()
    at: datetime = instant(index=True)
