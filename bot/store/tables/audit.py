"""Settings, policy versions, and the audit chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from bot.store.tables.column_types import hashed_json, instant


class Setting(SQLModel, table=True):
    """What an admin changed, or a job remembers."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str
    by: str
    at: datetime = instant()


class PolicyVersion(SQLModel, table=True):
    """The policies as they were in force, by their hash."""

    __tablename__ = "policy_version"

    hash: str = Field(primary_key=True)
    content: dict[str, Any] = hashed_json()
    at: datetime = instant()


class AuditEvent(SQLModel, table=True):
    """Who did what to what, when and why; chained by HMAC-SHA-256 over the previous event's hash."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    seq: int = Field(unique=True)
    at: datetime = instant()
    actor: str
    act: str
    subject: str
    before: dict[str, Any] | None = hashed_json(optional=True)
    after: dict[str, Any] | None = hashed_json(optional=True)
    reason: str | None = None
    previous_hash: str
    hash: str
    key_id: str


class AuditHead(SQLModel, table=True):
    """One row: the newest event. Locked by every writer, so that the chain cannot fork."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    seq: int
    hash: str
    key_id: str | None = None
    """Which key sealed that event; None before the first."""
