"""What the database knows of the bot's own health."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlmodel import Session

from bot.rules.workspace.health import Trouble
from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.outbox import messages as outbox_messages
from bot.store.outbox import undeliverable
from bot.store.tables import OutboxMessage, Setting
from bot.store.workspace import health

BUSINESS = datetime(2030, 1, 7, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def messages(db: Database, *rows: dict[str, object]) -> None:
    """Messages in the order of saying; ``ago``: how long ago they were said, ``sent_ago``: sent."""
    with db.writing() as session:
        now = database_now(session)
        for number, row in enumerate(rows):
            said, sent = row.pop("ago", timedelta()), row.pop("sent_ago", None)
            named = {"kind": "note", "subject": 1, "channel": f"C{number}", "key": str(number), **row}
            session.add(OutboxMessage(created_at=now - said, sending_at=now - sent if sent else None, **named))
            session.flush()


def swept(db: Database, as_of: datetime = BUSINESS) -> None:
    db.transact(lambda session: health.record_sweep(session, as_of))


def aged(db: Database, age: timedelta) -> None:
    """The last sweep as if it had been so long ago."""
    with db.writing() as session:
        session.execute(update(Setting).values(at=database_now(session) - age))


def troubles(db: Database) -> tuple[Trouble, ...]:
    with db.reading() as session:
        return health.read_health(session).troubles


def test_connections_beside_ours_are_a_trouble_until_they_are_gone(db: Database) -> None:
    """The newest count holds, and none is a count, too."""
    swept(db)
    for count, expected in ((1, (Trouble.OTHERS,)), (2, (Trouble.OTHERS,)), (0, ())):
        db.transact(lambda session, count=count: health.record_others(session, count))  # type: ignore[misc]
        assert troubles(db) == expected


def test_a_sweep_is_known_by_real_and_by_business_time(db: Database) -> None:
    """When it ended, and which moment it went by, are told apart."""
    swept(db)
    with db.reading() as session:
        found = health.read_health(session)
    assert found.swept_as_of == BUSINESS
    assert found.swept_at is not None
    assert found.at - found.swept_at < HOUR
    assert found.troubles == ()


@pytest.mark.parametrize(("age", "noted"), [(timedelta(seconds=5), False), (HOUR, True), (-HOUR, True)])
def test_a_sweep_is_noted_once_a_minute_whoever_sweeps(db: Database, age: timedelta, noted: bool) -> None:
    """A second worker's sweep in the same minute writes nothing; after the clock was set back it is noted."""
    swept(db)
    aged(db, age)
    swept(db, BUSINESS + HOUR)
    with db.reading() as session:
        assert (health.read_health(session).swept_as_of == BUSINESS + HOUR) is noted


@pytest.mark.parametrize("age", [None, HOUR])
def test_sweeps_that_never_were_or_stopped_are_a_trouble(db: Database, age: timedelta | None) -> None:
    """Nothing looks for what is due."""
    if age:
        swept(db)
        aged(db, age)
    assert troubles(db) == (Trouble.NO_SWEEP,)


def test_a_message_that_does_not_leave_is_a_trouble(db: Database) -> None:
    """It is the oldest that waits, nobody went before it for an hour, and nothing holds it back."""
    swept(db)
    messages(
        db, {"state": "sent", "sent_ago": HOUR}, {"ago": HOUR}, {"state": "sent", "sent_ago": timedelta(seconds=1)}
    )
    assert troubles(db) == (Trouble.UNDELIVERED,)


@pytest.mark.parametrize(
    "waiting",
    [
        pytest.param([{"ago": timedelta(minutes=5)}], id="not for long"),
        pytest.param([{"state": "sent", "sent_ago": timedelta(minutes=1)}, {"ago": HOUR}], id="the queue moves"),
        pytest.param([{"ago": HOUR, "not_before": datetime(2100, 1, 1, tzinfo=UTC)}], id="its time has not come"),
        pytest.param([{"ago": HOUR, "state": "sent"}, {"ago": HOUR, "state": "dropped"}], id="nothing waits"),
    ],
)
def test_a_queue_that_moves_is_none(db: Database, waiting: list[dict[str, object]]) -> None:
    """A backlog that goes out at Slack's pace, and what waits for its time, need nobody."""
    swept(db)
    messages(db, *[dict(row) for row in waiting])
    assert troubles(db) == ()


def test_an_answer_that_is_looked_for_in_vain_is_a_trouble(db: Database) -> None:
    """A message in flight for an hour is undelivered, too."""
    swept(db)
    messages(db, {"ago": HOUR, "state": "uncertain"})
    assert troubles(db) == (Trouble.UNDELIVERED,)


def test_a_reply_that_waits_for_its_card_is_not_the_oldest(db: Database) -> None:
    """The failed card is what needs a person; the reply goes once the card is there."""
    swept(db)

    def said(session: Session) -> None:
        card = outbox_messages.open_card(session, "request", 1, "C1")
        outbox_messages.say(session, "vote", 1, "C1", key="vote", after_card=card)

    db.transact(said)
    with db.writing() as session:
        session.execute(update(OutboxMessage).values(created_at=database_now(session) - HOUR))
        session.execute(update(OutboxMessage).where(OutboxMessage.kind == "request").values(state="failed"))  # type: ignore[arg-type]
    assert troubles(db) == (Trouble.STUCK,)
    with db.reading() as session:
        assert len(undeliverable.stuck_messages(session)) == health.read_health(session).stuck == 1


def test_messages_are_counted_while_they_are_on_their_way(db: Database) -> None:
    """Waiting and in flight; not what was sent, dropped, or waits for a person."""
    states = ("pending", "claimed", "sending", "uncertain", "sent", "dropped", "asked", "failed")
    messages(db, *({"state": state} for state in states))
    with db.reading() as session:
        found = health.read_health(session)
    assert (found.waiting, found.stuck) == (4, 2)


def test_stuck_messages_are_found_by_an_index_of_their_own(db: Database) -> None:
    """Counting and listing them read none of the thousands that were sent, as both databases plan it."""
    messages(db, *({"state": "failed" if number == 700 else "sent"} for number in range(1_400)))
    with db.engine.connect() as connection, connection.begin():
        connection.execute(text("ANALYZE outbox_message"))
    plans = explained(db, lambda session: (health.read_health(session), undeliverable.stuck_messages(session)))

    assert len(plans) == 2
    assert all("outbox_for_a_person" in plan for plan in plans), plans


def explained(db: Database, read: Callable[[Session], object]) -> list[str]:
    """How the database plans each statement of ``read`` that asks for failed messages."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    with db.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        read(session)
        event.remove(connection, "before_cursor_execute", note)
        words = "EXPLAIN QUERY PLAN" if db.on_sqlite else "EXPLAIN"
        about = [one for one in asked if "'failed'" in one[0]]
        return [str(connection.exec_driver_sql(f"{words} {statement}", given).all()) for statement, given in about]
