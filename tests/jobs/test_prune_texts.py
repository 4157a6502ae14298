"""Typed forms and sent texts are forgotten after 30 days; what waits keeps all but a closed form."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from bot import policies
from bot.jobs.prune_texts import prune_texts
from bot.rules.context import Context
from bot.rules.reminders.catalog import DeadlineKind, SubjectType
from bot.store import audit
from bot.store.audit.chain_check import ChainVerified, verify
from bot.store.engine import Database
from bot.store.outbox.undeliverable import left_by, read_left_form
from bot.store.tables import AuditEvent, Deadline, Nudge, OutboxMessage
from tests.conftest import KEY, MONDAY, ZONE
from tests.jobs.building import a_provider

OLD, YOUNG = MONDAY - timedelta(days=31), MONDAY - timedelta(days=29)
AT_MONDAY = Context(policies.load(), MONDAY, ZONE)
FORM = {"form": {"blocks": ["license 245871"]}}


def a_message(state: str, at: datetime, kind: str = "left_form", sending_at: datetime | None = None) -> OutboxMessage:
    facts = {"head": f"1:{'a' * 64}"} if kind == "digest" else FORM
    return OutboxMessage(
        kind=kind, subject=0, facts=facts, channel=f"person:{state}{at}{kind}{sending_at}",
        key=f"{state}{at}{kind}{sending_at}", state=state, created_at=at, sending_at=sending_at, sent_text="Lee Chen",
    )  # fmt: skip


def pruned(db: Database, *rows: OutboxMessage) -> list[OutboxMessage]:
    """The same messages after a run of the job on the Monday."""
    with db.writing() as session:
        session.add_all(rows)
    prune_texts(db, AT_MONDAY)
    with db.reading() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))))


@pytest.mark.parametrize("state", ["sent", "dropped"])
def test_what_was_said_and_typed_is_forgotten_after_30_days(db: Database, state: str) -> None:
    """The row stays, as proof of when something was said; its words and the typed form go."""
    old, young = pruned(db, a_message(state, OLD), a_message(state, YOUNG))
    assert (old.state, old.sent_text, old.facts) == (state, None, {})
    assert (young.sent_text, young.facts) == ("Lee Chen", FORM)


@pytest.mark.parametrize("state", ["pending", "claimed", "sending", "uncertain", "asked", "failed"])
def test_what_still_waits_is_never_pruned(db: Database, state: str) -> None:
    """It may be sent, looked for or sent again, however old it is."""
    (waiting,) = pruned(db, a_message(state, OLD, "answer"))
    assert (waiting.sent_text, waiting.facts) == ("Lee Chen", FORM)


@pytest.mark.parametrize("state", ["asked", "failed"])
def test_a_form_that_could_not_be_given_back_is_forgotten_too(db: Database, state: str) -> None:
    """No admin may ever settle its message: what was typed does not stay for that."""
    old, young = pruned(db, a_message(state, OLD), a_message(state, YOUNG))
    assert (old.state, old.facts, young.facts) == (state, {}, FORM)


def test_what_was_said_long_ago_and_sent_yesterday_is_kept(db: Database) -> None:
    """The days count from when it was sent."""
    (late,) = pruned(db, a_message("sent", OLD, sending_at=YOUNG))
    assert late.facts == FORM


def test_a_digest_keeps_the_head_that_it_posted(db: Database) -> None:
    """The audit chain is held against it for ever; the text goes."""
    (digest,) = pruned(db, a_message("sent", OLD, "digest"))
    assert (digest.sent_text, list(digest.facts)) == (None, ["head"])


def test_a_forgotten_form_is_told_from_somebody_elses(db: Database) -> None:
    """**Continue** after 30 days can say what became of it."""
    row = a_message("sent", OLD)
    row.channel = "person:7"
    (row,) = pruned(db, row)
    with db.reading() as session:
        assert read_left_form(session, row.id or 0) == {}
        assert left_by(session, row.id or 0) == "person:7"


@pytest.mark.parametrize(("closed_at", "kept"), [(OLD, False), (YOUNG, True), (None, True)])
def test_the_words_of_a_call_for_help_go_once_it_is_long_answered(
    db: Database, closed_at: datetime | None, *, kept: bool
) -> None:
    """An open call keeps its words, however old; of an answered one only who asked and who helped, and the event."""
    with db.writing() as session:
        lee = a_provider(session, slack_id=None)
        audit.record(session, "cli", "provider_added", f"provider:{lee}")
        expiry = Deadline(
            kind=DeadlineKind.RECREDENTIALING,
            assignee="owner",
            provider_id=lee,
            subject_type=SubjectType.PROVIDER,
            subject_id=lee,
            due_on=OLD.date(),
            opened_on=OLD.date(),
        )
        session.add(expiry)
        session.flush()
        pressed = {"answer": "help", "by": "Lee", "text": "My board is slow"}
        call = Nudge(
            deadline_id=expiry.id, due_on=OLD.date(), rung="help:1", recipient="person:1", at=OLD, answer=pressed
        )
        session.add(call)
        session.flush()
        session.add(
            Deadline(
                kind=DeadlineKind.HELP, assignee="owner", provider_id=lee, subject_type=SubjectType.NUDGE,
                subject_id=call.id, due_on=OLD.date(), opened_on=OLD.date(), closed_at=closed_at,
            )
        )  # fmt: skip
        audit.record(session, "ULEE", "help_asked", f"deadline:{expiry.id}", reason="My board is slow")

    prune_texts(db, AT_MONDAY)

    with db.reading() as session:
        answer = session.exec(select(Nudge.answer)).one() or {}
        asked = session.exec(select(AuditEvent).where(AuditEvent.act == "help_asked")).one()
        assert isinstance(verify(session, (KEY,)), ChainVerified)
    assert ("text" in answer, answer["by"]) == (kept, "Lee")
    assert asked.reason == "My board is slow"
