"""The database's own clock is set: what waits for real time goes on, and nothing goes out twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.store.engine import Database
from bot.store.outbox import claim, messages, pace, recovery, state
from bot.store.tables import OutboxMessage, Pace

HOUR, LEASE = timedelta(hours=1), timedelta(seconds=60)
POST = "chat.postMessage"


def say(db: Database) -> None:
    with db.writing() as session:
        messages.say(session, "note", 1, "C00000001", key="1")


def message(session: Session) -> OutboxMessage:
    return session.exec(select(OutboxMessage)).one()


def set_the_clock(db: Database, by: timedelta) -> None:
    """Setting the clock by an hour is the same as moving every instant that was written by an hour the other way."""
    with db.writing() as session:
        for rate in session.exec(select(Pace)):
            rate.next_at -= by
        row = message(session)
        row.lease = row.lease - by if row.lease else None
        row.sending_at = row.sending_at - by if row.sending_at else None


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_the_pace_goes_on(db: Database, by: timedelta) -> None:
    """An hour forward or back, the next message need not wait for it."""
    say(db)
    with db.writing() as session:
        assert pace.take(session, POST, "C00000001")
        pace.hold(session, POST, "", 5)
    set_the_clock(db, by)

    with db.writing() as session:
        assert claim.waiting(session)
        assert claim.claim(session, LEASE) is not None


def test_what_slack_asked_for_is_waited_for(db: Database) -> None:
    """A Retry-After of minutes is no clock set back."""
    with db.writing() as session:
        pace.hold(session, POST, "", 600)
    with db.writing() as session:
        assert not pace.take(session, POST)


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_claim_whose_worker_died_is_freed(db: Database, by: timedelta) -> None:
    """Its lease is over after an hour forward; after an hour back it cannot be believed."""
    say(db)
    with db.writing() as session:
        assert claim.claim(session, LEASE) is not None
    set_the_clock(db, by)

    with db.writing() as session:
        assert state.settle_lapsed(session)
    with db.reading() as session:
        assert message(session).state == "pending"


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_call_under_way_is_looked_for_and_still_counts(db: Database, by: timedelta) -> None:
    """A message that is being sent while the clock is set becomes uncertain; its answer still settles it."""
    say(db)
    with db.writing() as session:
        claimed = claim.claim(session, LEASE)
    assert claimed is not None
    with db.writing() as session:
        assert state.start_sending(session, claimed, LEASE)
    set_the_clock(db, by)

    with db.writing() as session:
        assert state.settle_lapsed(session)
    with db.writing() as session:
        assert recovery.take_look(session, LEASE) is not None
    with db.writing() as session:
        assert recovery.take_look(session, LEASE) is None, "the second look waits a lease, by the clock as it is now"
        state.sent(session, claimed, "1.2", "note", None)
    with db.reading() as session:
        assert message(session).state == "sent"
