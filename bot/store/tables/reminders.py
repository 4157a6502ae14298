"""What is due, who was told, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import LadderColumn, instant, json_column, optional_json, points_back_at, refers_to

SUBJECTS = (
    *("credential_id", "term_id", "filing_id", "verification_id", "step_id", "nudge_id", "task_id"),
    "file_id",
)
_ONE_SUBJECT = " + ".join(f"(CASE WHEN {subject} IS NULL THEN 0 ELSE 1 END)" for subject in SUBJECTS)


def _one_open(subject: str) -> Index:
    where = text(f"closed_at IS NULL AND {subject} IS NOT NULL")
    return Index(
        f"one_open_deadline_a_{subject}", "kind", subject, unique=True, sqlite_where=where, postgresql_where=where
    )


class Deadline(SQLModel, table=True):
    """One wait with a date: an expiry, an owner's task, an approval step. ``next_at`` is when the sweep looks again.

    kind: expiry, prepare, lapse_warning, lapsed (credential) · verify (term) · issuer (submission) · discrepancy
    (verification) · step (step) · help (nudge) · task (task) · recredentialing (file).
    assignee: provider, owner, approvers, medical_director.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint(f"{_ONE_SUBJECT} = 1", name="deadline_has_one_subject"),
        Index(
            "deadlines_to_look_at",
            "next_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        *(_one_open(subject) for subject in SUBJECTS),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    assignee: str
    provider_id: int = refers_to("provider")
    credential_id: int | None = refers_to("credential", nullable=True)
    term_id: int | None = refers_to("credential_term", nullable=True)
    filing_id: int | None = refers_to("renewal_filing", nullable=True)
    verification_id: int | None = refers_to("verification", nullable=True)
    step_id: int | None = refers_to("approval_step", nullable=True)
    nudge_id: int | None = points_back_at("nudge")
    task_id: int | None = refers_to("task", nullable=True)
    file_id: int | None = refers_to("provider", nullable=True, index=False)
    """The provider whose whole file is to be decided again."""
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
