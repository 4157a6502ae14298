"""Workers that claim at the same time never get the same message, nor two of one conversation."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from bot.store.engine import Database
from bot.store.outbox import claim as outbox_claim
from bot.store.outbox import messages, pace
from bot.store.outbox.claim import Claim

WORKERS = 6
LEASE = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace would keep the workers apart: here they are to collide."""
    monkeypatch.setattr(pace, "GAPS", {method: pace.Gap(0) for method in pace.GAPS})


def say(db: Database, count: int, conversations: int) -> None:
    with db.writing() as session:
        for number in range(count):
            messages.say(session, "note", number, f"C{number % conversations}", key=f"{number}")


def claim_together(db: Database, rounds: int) -> list[Claim]:
    """What six workers claim, all starting each round at the same time."""
    barrier = Barrier(WORKERS)

    def work(_: int) -> list[Claim]:
        got = []
        for _round in range(rounds):
            barrier.wait()
            claimed = db.transact(lambda session: outbox_claim.claim(session, LEASE))
            got += [claimed] if claimed else []
        return got

    with ThreadPoolExecutor(WORKERS) as pool:
        return [claimed for got in pool.map(work, range(WORKERS)) for claimed in got]


def wait_until_blocked(db: Database) -> None:
    """Until somebody waits for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with db.reading() as session:
            if session.execute(waiting).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waited for a lock.")


def test_no_message_is_claimed_twice(db: Database) -> None:
    """Six workers claim sixty messages of sixty conversations: each message once, none left out."""
    say(db, 60, conversations=60)

    claimed = claim_together(db, rounds=30)

    assert Counter(claim.subject for claim in claimed) == Counter(range(60))


def test_one_message_of_a_conversation_is_in_flight(db: Database) -> None:
    """Of three conversations with many messages each, six workers get the oldest of each and no more."""
    say(db, 30, conversations=3)

    claimed = claim_together(db, rounds=10)

    assert sorted(claim.subject for claim in claimed) == [0, 1, 2]


def test_two_workers_share_one_pace(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many workers ask, a method's slots are handed out once: here one a minute."""
    monkeypatch.setattr(pace, "GAPS", {"users.info": pace.Gap(60)})
    barrier = Barrier(WORKERS)

    def ask(_: int) -> list[bool]:
        barrier.wait()
        return [db.transact(lambda session: pace.take(session, "users.info")) for _ in range(3)]

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = [slot for slots in pool.map(ask, range(WORKERS)) for slot in slots]

    assert sum(taken) == 1


def test_an_older_message_that_commits_late_waits_its_turn(postgres_db: Database) -> None:
    """A message drawn first but committed last finds its conversation taken: the claim is lost, and it waits."""
    older, newer, taking = postgres_db.writing(), postgres_db.writing(), postgres_db.writing()
    with ThreadPoolExecutor(1) as pool, taking as claiming:
        with older as first:
            messages.say(first, "note", 1, "C1", key="1")
            messages.flush(first)
            with newer as second:
                messages.say(second, "note", 2, "C1", key="2")
            claimed = outbox_claim.claim(claiming, LEASE)
        rival = pool.submit(postgres_db.transact, lambda session: outbox_claim.claim(session, LEASE))
        wait_until_blocked(postgres_db)
        claiming.commit()

        assert claimed is not None
        assert claimed.subject == 2
        assert isinstance(rival.exception(timeout=30), outbox_claim.LostError)
