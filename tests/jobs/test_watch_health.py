"""Admins hear when the bot itself is not well: once when it turns, once when it is well again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.jobs.watch_health import watch_health
from bot.rules.context import Context
from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.tables import OutboxMessage, Setting
from bot.store.workspace import health
from tests.jobs.building import a_person, said


@pytest.fixture
def admins(db: Database) -> Database:
    """Two admins with Slack accounts, and somebody who is none."""
    with db.writing() as session:
        a_person(session, "UADMIN", "Ada Novak")
        a_person(session, "UBEA", "Bea Lind", role="admin")
        a_person(session, "UNOAH", "Noah Berg")
    return db


def swept(db: Database, ctx: Context, ago: timedelta = timedelta()) -> None:
    with db.writing() as session:
        health.record_sweep(session, ctx.now)
        session.flush()
        session.execute(update(Setting).where(Setting.key == health.SWEPT).values(at=database_now(session) - ago))  # type: ignore[arg-type]


def turns(db: Database) -> list[tuple[str, str, int]]:
    """What was said: kind, code, and which time it turned; one line an admin."""
    rows = [*said(db, "trouble"), *said(db, "trouble_over")]
    return [(row.kind, row.facts["code"], row.facts["episode"]) for row in sorted(rows, key=lambda row: row.id or 0)]


def test_every_admin_hears_once_of_each_turn(admins: Database, ctx: Context) -> None:
    """However often it is looked at, and each time it turns anew."""
    hour = timedelta(hours=1)
    for ago in (timedelta(), hour, hour, timedelta(), timedelta(), hour):
        swept(admins, ctx, ago)
        watch_health(admins, ctx)

    told = [("trouble", "no_sweep", 1), ("trouble_over", "no_sweep", 1), ("trouble", "no_sweep", 2)]
    assert turns(admins) == [line for line in told for _admin in range(2)]


def test_a_message_that_does_not_leave_is_told(admins: Database, ctx: Context) -> None:
    """It waits at the head of the queue for an hour, in a conversation of its own."""
    swept(admins, ctx)
    with admins.writing() as session:
        waits = database_now(session) - timedelta(hours=1)
        session.add(OutboxMessage(kind="note", subject=1, channel="C1", key="1", created_at=waits))
    watch_health(admins, ctx)

    assert turns(admins) == [("trouble", "undelivered", 1)] * 2


def test_nothing_is_said_while_all_is_well(admins: Database, ctx: Context) -> None:
    """A stuck message neither: its own question went out when it got stuck."""
    swept(admins, ctx)
    with admins.writing() as session:
        now = database_now(session)
        session.add(OutboxMessage(kind="note", subject=1, channel="C1", key="1", state="failed", created_at=now))
    watch_health(admins, ctx)

    assert turns(admins) == []


def test_two_workers_that_look_at_once_tell_once(admins: Database, ctx: Context) -> None:
    """The turn is claimed in the database."""
    swept(admins, ctx, timedelta(hours=1))
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        watch_health(admins, ctx)

    workers = [threading.Thread(target=look) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert turns(admins) == [("trouble", "no_sweep", 1)] * 2
