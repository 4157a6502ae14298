"""What is due, who was told, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, UniqueConstraint, and_, text
from sqlalchemy.sql.roles import ExpressionElementRole
from sqlmodel import Field, SQLModel, col

from bot.rules.reminders.catalog import SubjectType
from bot.store.tables.column_types import LadderColumn, instant, json_column, optional_json, refers_to

_OPEN = text("closed_at IS NULL")


class Deadline(SQLModel, table=True):
    """One wait with a date: an expiry, an owner's task, an approval step. ``next_at`` is when the sweep looks again.

    kind and what it is about: see ``rules/reminders/catalog.py``. No foreign key holds ``subject_id``: what is
    missing, ``store/reminders/missing_subjects.py`` finds.
    assignee: provider, owner, approvers, medical_director.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index("deadlines_to_look_at", "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "one_open_deadline_a_subject",
            "subject_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("deadlines_of_a_subject", "subject_id", "subject_type"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject_type: str
    """credential, term, filing, verification, step, nudge, task, provider: one for each kind."""
    subject_id: int
    provider_id: int = refers_to("provider")
    credential_id: int | None = refers_to("credential", nullable=True)
    """The credential that the subject is, or belongs to; None where it is about none."""
    assignee: str
    due_on: date
    opened_on: date
    ladder: tuple[int, ...] = Field(default=(), sa_column=Column(LadderColumn, nullable=False))
    on_lapse: str | None = None
    next_at: datetime | None = instant(default=None)
    held_at: datetime | None = instant(default=None)
    snoozed_until: date | None = None
    answered_at: datetime | None = instant(default=None)
    """When somebody last answered without ending it: asked for help, still waits, handed it over, is ready."""
    escalated_at: datetime | None = instant(default=None)
    closed_at: datetime | None = instant(default=None)


def is_about(subject: SubjectType, row_id: ExpressionElementRole[Any] | int) -> ColumnElement[bool]:
    """Whether a deadline is about that row."""
    return and_(col(Deadline.subject_type) == subject.value, col(Deadline.subject_id) == row_id)


class Task(SQLModel, table=True):
    """Something that somebody must do about a provider and that does not follow from the file; once a ``key``.

    Its deadline (kind task) says whose turn it is and by when; ``facts`` are what its words and buttons need.
    """

    __tablename__ = "task"

    id: int | None = Field(default=None, primary_key=True)
    provider_id: int = refers_to("provider")
    kind: str
    key: str = Field(unique=True)
    facts: dict[str, Any] = json_column()
    opened_at: datetime = instant()
    opened_by: int | None = refers_to("person", nullable=True, index=False)
    """Whose change opened it; None for the command line and what time does."""
    done_at: datetime | None = instant(default=None)
    done_by: int | None = refers_to("person", nullable=True, index=False)
    answer: dict[str, Any] | None = optional_json()
    """What ended it: {"answer": "done" | …, "by", "at"}."""


class NudgeDay(SQLModel, table=True):
    """The one message a recipient gets on one of their local days. recipient: ``person:12`` or ``team``."""

    __tablename__ = "nudge_day"
    __table_args__ = (UniqueConstraint("recipient", "local_date"),)

    id: int | None = Field(default=None, primary_key=True)
    recipient: str
    local_date: date


class Nudge(SQLModel, table=True):
    """A rung that was reached: told in ``nudge_day_id``'s message, or superseded by a newer one (None)."""

    __tablename__ = "nudge"
    __table_args__ = (UniqueConstraint("deadline_id", "due_on", "rung", "recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = refers_to("deadline", index=False)
    due_on: date
    rung: str
    recipient: str
    nudge_day_id: int | None = refers_to("nudge_day", nullable=True)
    at: datetime = instant()
    answer: dict[str, Any] | None = optional_json()
    """What they pressed: {"answer": "renewed" | "submitted" | "not_yet" | "help" | …, "by", "at", "text"?}."""
    refused_at: datetime | None = instant(default=None)
    """When Slack refused the message it stood in: the rung counts as not said, and goes to somebody else."""
