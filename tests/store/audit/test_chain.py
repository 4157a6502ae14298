"""The audit chain: nothing is changed, removed or inserted unseen."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from bot.store import audit
from bot.store.audit import Head
from bot.store.audit.chain_check import ChainBroken, ChainVerified, verify
from bot.store.engine import Database
from tests.conftest import KEY


def written(db: Database, count: int = 3) -> Head:
    for number in range(count):
        with db.writing() as session:
            audit.record(session, "cli", "term_recorded", f"term:{number}", after={"number": number}, reason="a test")
    with db.reading() as session:
        return audit.head(session)


def checked(db: Database, keys: tuple[str, ...] = (KEY,), copied: Head | None = None) -> Head | ChainBroken:
    """The present head where the chain holds."""
    with db.reading() as session:
        found = verify(session, keys, copied)
    return found.head if isinstance(found, ChainVerified) else found


def spoil(db: Database, statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_untouched_chain_verifies_to_its_head(db: Database) -> None:
    """Verification answers the present head."""
    head = written(db)

    assert checked(db) == head


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE audit_event SET reason = 'another' WHERE seq = 2", 2),
        ("UPDATE audit_event SET actor = 'somebody' WHERE seq = 1", 1),
        ("DELETE FROM audit_event WHERE seq = 2", 2),
        ("DELETE FROM audit_event WHERE seq = 4", 3),
    ],
)
def test_the_first_event_that_was_tampered_with_is_named(db: Database, statement: str, seq: int) -> None:
    """A changed or missing event breaks the chain where it stands, also at its end."""
    written(db)
    spoil(db, statement)

    broken = checked(db)

    assert isinstance(broken, ChainBroken)
    assert broken.seq == seq


def test_a_head_copied_earlier_lies_in_the_chain(db: Database) -> None:
    """Yesterday's head, as posted to the team, is found on the way to today's."""
    earlier = written(db)
    written(db)

    assert isinstance(checked(db, copied=earlier), Head)


def test_a_head_that_was_never_in_the_chain_means_history_was_rewritten(db: Database) -> None:
    """A chain that verifies by itself is still refused where a copied head is missing from it."""
    written(db)

    assert isinstance(checked(db, copied=Head(2, "f" * 64)), ChainBroken)


def test_a_chain_sealed_with_another_key_is_not_believed(db: Database) -> None:
    """Who lacks the key can neither verify nor forge."""
    written(db)

    broken = checked(db, keys=("another key",))

    assert isinstance(broken, ChainBroken)
    assert "CREDBOT_SECRET_KEY" in broken.why


def test_nothing_is_recorded_without_a_key(sqlite_db: Database) -> None:
    """A change without its audit event is no change."""
    keyless = Database(sqlite_db.url)

    with pytest.raises(RuntimeError, match="CREDBOT_SECRET_KEY"), keyless.writing() as session:
        audit.record(session, "cli", "term_recorded", "term:1")

    assert checked(sqlite_db) == Head(0, audit.START)


def test_writers_at_the_same_time_do_not_fork_the_chain(db: Database) -> None:
    """Ten writers, ten events after the one that begins it, one chain."""
    writers = [threading.Thread(target=written, args=(db, 1)) for _ in range(10)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    head = checked(db)

    assert isinstance(head, Head)
    assert head.seq == 11


def test_events_of_a_transaction_that_fails_leave_no_trace(db: Database) -> None:
    """The audit event commits with its change, or not at all."""
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        audit.record(session, "cli", "term_recorded", "term:1")
        _ = 1 / 0

    assert checked(db) == Head(0, audit.START)
