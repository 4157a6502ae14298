"""Every answer and every meeting's note is kept by its round; so far only the newest stood beside its request."""

import re
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

AT = sa.DateTime(timezone=True)
MEETING = re.compile(r"Meeting of (\d{4}-\d{2}-\d{2}): (.*)", re.DOTALL)


def upgrade() -> None:
    table = op.create_table(
        "another_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("after IN ('answer', 'meeting')", name="another_round_after"),
        sa.ForeignKeyConstraint(["step_id"], ["review_step.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("step_id", "round"),
    )
    op.bulk_insert(table, list(_told_so_far(op.get_bind())))


def _told_so_far(connection: sa.Connection) -> Iterator[dict[str, object]]:
    """The audit events have all of them, in the order of the rounds that they opened."""
    rounds = connection.execute(
        sa.text(
            "SELECT review_line.review_id, review_step.id, review_step.round FROM review_step "
            "JOIN review_line ON review_line.id = review_step.line_id ORDER BY review_step.position"
        )
    ).all()
    told = connection.execute(
        sa.text(
            "SELECT audit_event.subject, audit_event.reason, audit_event.at, person.id FROM audit_event "
            "LEFT JOIN person ON person.slack_user_id = audit_event.actor "
            "WHERE audit_event.act IN ('return_answered', 'request_reopened') ORDER BY audit_event.seq"
        ).columns(at=AT)
    ).all()
    for review_id in {review_id for review_id, _, _ in rounds}:
        opened = [(step, n) for of, step, last in rounds if of == review_id for n in range(2, last + 1)]
        mine = [event for event in told if event.subject == f"review:{review_id}"]
        for (step_id, number), event in zip(opened, mine, strict=False):
            yield {"step_id": step_id, "round": number, "person_id": event.id, "at": event.at, **_said(event.reason)}


def _said(reason: str) -> dict[str, object]:
    meeting = MEETING.fullmatch(reason)
    if meeting:
        return {"after": "meeting", "held_on": date.fromisoformat(meeting[1]), "text": meeting[2]}
    return {"after": "answer", "held_on": None, "text": reason}
