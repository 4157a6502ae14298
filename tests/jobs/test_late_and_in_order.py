"""After hours in which nothing ran, and after clocks that were set: who is told first, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.jobs.schedule import run_due
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.reminders.card_contents import read_nudge_day
from bot.store.tables import OutboxMessage
from tests.jobs.building import a_license_due, later, said, told

At = Callable[[str], datetime]
NEW_YEARS_EVE = date(2026, 12, 31)


def test_the_oldest_promise_goes_out_first(db: Database, ctx: Context, at: At) -> None:
    """What was due on Wednesday goes before what was due on Thursday, though nobody swept till Monday."""
    a_license_due(db, ctx, date(2027, 2, 24), name="Lee Chen", slack_id="ULEE")
    a_license_due(db, ctx, date(2027, 2, 25), name="Ana Abt", slack_id="UANA")
    a_license_due(db, ctx, date(2027, 2, 23), name="Maya Okafor", slack_id="UMAYA")

    assert sweep(db, later(ctx, at("2026-11-30 10:00"))) == 3

    assert [message.channel for message in said(db, "nudge_day")] == ["person:3", "person:1", "person:2"]


def test_what_has_not_gone_yesterday_is_part_of_todays_message(db: Database, ctx: Context, at: At) -> None:
    """Slack was away since Monday: on Tuesday week there is one message for Lee, with the newest rung of both."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)

    sweep(db, later(ctx, at("2026-12-01 09:05")))

    assert told(db) == [("person:1", "-60", date(2026, 12, 1)), ("person:1", "-30", date(2026, 12, 1))]
    with db.reading() as session:
        (message,) = {row.subject for row in said(db, "nudge_day")}
        assert len(read_nudge_day(session, message, later(ctx, at("2026-12-01 09:05"))).tasks) == 1


@pytest.mark.parametrize("state", ["sending", "uncertain", "asked"])
def test_what_may_have_gone_stays_as_it_is(db: Database, ctx: Context, at: At, state: str) -> None:
    """Nobody looks again at a message of last week: today's reminder gets one of its own."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    with db.writing() as session:
        session.exec(select(OutboxMessage)).one().state = state

    sweep(db, later(ctx, at("2026-12-01 09:05")))

    assert [day for _, _, day in told(db)] == [date(2026, 11, 23), date(2026, 12, 1)]


def test_a_clock_set_back_by_an_hour_says_nothing_twice(db: Database, ctx: Context) -> None:
    """Business time lives through the same hour again, and goes on: one reminder, recorded once."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    for hours in (0, -1, 0, 1):
        run_due(db, lambda hours=hours: later(ctx, ctx.now + timedelta(hours=hours)))  # type: ignore[misc]

    assert len(told(db)) == 1
    assert len(said(db, "nudge_day")) == 1


def test_a_clock_set_back_over_midnight_says_nothing_twice(db: Database, ctx: Context, at: At) -> None:
    """The day that begins twice reconciles and reminds as if it had begun once."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    for moment in ("2026-11-30 23:30", "2026-12-01 00:15", "2026-11-30 23:40", "2026-12-01 09:05", "2026-12-01 08:05"):
        run_due(db, lambda moment=moment: later(ctx, at(moment)))  # type: ignore[misc]
    run_due(db, lambda: later(ctx, at("2026-12-01 10:00")))

    assert [rung for _, rung, _ in told(db)] == ["-30"]


def test_a_clock_an_hour_ahead_says_what_is_due_then(db: Database, ctx: Context, at: At) -> None:
    """Eight o'clock that is taken for nine: the reminder leaves early, once, and nine o'clock has nothing left."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    assert sweep(db, later(ctx, at("2026-12-01 09:00"))) == 1
    assert sweep(db, later(ctx, at("2026-12-01 08:00"))) == 0
    assert sweep(db, later(ctx, at("2026-12-01 09:00"))) == 0
