"""The pace of calls, shared through the database."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from bot.store.engine import Database
from bot.store.outbox import pace
from bot.store.tables import Pace

POST = "chat.postMessage"


def taken(db: Database, conversation: str) -> bool:
    with db.writing() as session:
        return pace.take(session, POST, conversation)


def a_pause(db: Database) -> None:
    """Nothing goes out for a minute."""
    with db.writing() as session:
        for row in session.exec(select(Pace)):
            row.next_at -= timedelta(minutes=1)


def test_after_a_pause_two_go_at_once_and_no_third(db: Database) -> None:
    """Slack forgives a short burst in a conversation, and counts what it was slow to take along with it."""
    taken(db, "C1")
    a_pause(db)

    assert [taken(db, "C1") for _ in range(3)] == [True, True, False]


def test_other_conversations_have_their_own_pace(db: Database) -> None:
    """Only the workspace's own pace binds several conversations together."""
    taken(db, "C1")
    a_pause(db)
    taken(db, "C1")
    taken(db, "C1")

    assert not taken(db, "C1")
    assert taken(db, "C2")
