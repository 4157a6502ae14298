"""Privilege requests, their steps and votes, and the privileges that came of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.column_types import hashed_json, instant, points_back_at, refers_to


class PrivilegeRequest(SQLModel, table=True):
    """A request as a person made it; people see R-``number``."""

    __tablename__ = "privilege_request"
    __table_args__ = (CheckConstraint("kind IN ('request', 'reinstatement')", name="request_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = "request"
    number: int = Field(unique=True)
    provider_id: int = refers_to("provider")
    requester_id: int | None = refers_to("person", nullable=True)
    reason: str | None = None
    asked_on: date
    policy_hash: str
    state: str = "open"
    grant_id: int | None = points_back_at("privilege_grant")
    """The grant that a reinstatement would bring back."""


class RequestLine(SQLModel, table=True):
    """One privilege of a request; granted or not by itself."""

    __tablename__ = "request_line"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'granted', 'not_eligible', 'returned', 'referred', 'withdrawn')", name="line_state"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = refers_to("privilege_request")
    privilege: str
    site: str | None = None
    state: str = "open"
    reason: str | None = None
    snapshot_id: int | None = refers_to("evidence_snapshot", nullable=True, index=False)


class ApprovalStep(SQLModel, table=True):
    """One body's turn. Its ``version`` is raised by every change, which locks the row first."""

    __tablename__ = "approval_step"
    __table_args__ = (
        UniqueConstraint("line_id", "position"),
        CheckConstraint("state IN ('open', 'passed', 'stopped')", name="step_state"),
        CheckConstraint("mode IN ('recommend', 'grant')", name="step_mode"),
    )

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = refers_to("request_line", index=False)
    position: int
    body: str
    mode: str
    quorum: int
    round: int = 1
    state: str = "open"
    version: int = 0
    due_at: date


class ApprovalRound(SQLModel, table=True):
    """What opened a stopped step again: the requester's answer, or the note of the meeting ``held_on``."""

    __tablename__ = "approval_round"
    __table_args__ = (
        UniqueConstraint("step_id", "round"),
        CheckConstraint("after IN ('answer', 'meeting')", name="approval_round_after"),
    )

    id: int | None = Field(default=None, primary_key=True)
    step_id: int = refers_to("approval_step", index=False)
    round: int
    after: str
    held_on: date | None = None
    text: str
    person_id: int | None = refers_to("person", nullable=True, index=False)
    at: datetime = instant()


class VoteRow(SQLModel, table=True):
    """One person's word in one round of one step; never changed."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("step_id", "round", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    step_id: int = refers_to("approval_step", index=False)
    round: int
    person_id: int = refers_to("person")
    choice: str
    reason: str | None = None
    snapshot_id: int = refers_to("evidence_snapshot", index=False)
    at: datetime = instant()


class EvidenceSnapshot(SQLModel, table=True):
    """What somebody saw when they decided: canonical JSON, kept once per content."""

    __tablename__ = "evidence_snapshot"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    content: dict[str, Any] = hashed_json()


class PrivilegeGrant(SQLModel, table=True):
    """``ends_on`` is the last day; site None means everywhere."""

    __tablename__ = "privilege_grant"

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = refers_to("request_line", unique=True)
    provider_id: int = refers_to("provider")
    privilege: str
    site: str | None = None
    starts_on: date
    ends_on: date


class PrivilegeLapse(SQLModel, table=True):
    """An administrative lapse of a grant: why it does not work, from when, until when. Never a sanction."""

    __tablename__ = "privilege_lapse"

    id: int | None = Field(default=None, primary_key=True)
    grant_id: int = refers_to("privilege_grant")
    credential_type: str
    because_term_id: int | None = refers_to("credential_term", nullable=True, index=False)
    from_on: date
    from_at: datetime = instant()
    withheld: bool = False
    """Something adverse is the cause, which is not said."""
    lifted_at: datetime | None = instant(default=None)
    lifted_by_request_id: int | None = refers_to("privilege_request", nullable=True, index=False)
    superseded_at: datetime | None = instant(default=None)
    """When it turned out never to have been one: a renewal filed on time was confirmed after the expiry."""
