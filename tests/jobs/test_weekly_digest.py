"""The week's digest is said once, whoever's clock comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from bot import policies
from bot.jobs.weekly_digest import tell_the_week
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import OutboxMessage
from tests.jobs.building import a_provider, later

MONDAY = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def ctx() -> Context:
    return Context(policies.load(), MONDAY, ZoneInfo("America/New_York"), team_channel="C0TEAM")


def said(db: Database) -> list[str]:
    with db.reading() as session:
        return [row.key for row in session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id)))]


def test_two_workers_say_it_once(db: Database, ctx: Context) -> None:
    """The second finds it said, and next week has a digest of its own."""
    db.transact(a_provider)
    assert [tell_the_week(db, ctx), tell_the_week(db, ctx)] == [True, False]
    tell_the_week(db, later(ctx, MONDAY + WEEK))
    assert said(db) == ["digest:2026-11-30", "digest:2026-12-07"]


def test_nobody_is_told_where_no_file_is_kept(db: Database, ctx: Context) -> None:
    """A workspace that has just begun hears nothing."""
    tell_the_week(db, ctx)
    assert said(db) == []


def test_without_a_team_channel_there_is_no_digest(db: Database, ctx: Context) -> None:
    """It is a channel's message; without one nothing is said, and nothing fails."""
    db.transact(a_provider)
    assert not tell_the_week(db, Context(ctx.policies, ctx.now, ctx.zone))
    assert said(db) == []
