"""``credbot nudges preview``: what would be sent if nobody acted, and that this is what the sweep then does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import select

from bot.changes.providers.employment import end_provider, go_on_leave, return_provider
from bot.changes.reconcile import reconcile
from bot.jobs.schedule import run_due
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.reminders import on_hold
from bot.store.reminders.preview import MessageCount, PreviewLine, preview
from bot.store.tables import Card
from tests.jobs.building import a_credential, a_license_due, a_person, a_provider, as_person, later, told

At = Callable[[str], datetime]
NEW_YEARS_EVE = date(2026, 12, 31)


def foreseen(db: Database, ctx: Context, from_day: date | None = None, days: int = 7) -> list[str]:
    with db.reading() as session:
        return [str(line) for line in preview(session, ctx, from_day or ctx.today, days)]


def test_a_line_says_when_who_what_and_which_rung(db: Database, ctx: Context) -> None:
    """In the reader's zone, two spaces between the parts, the count last."""
    a_license_due(db, ctx, NEW_YEARS_EVE)

    assert foreseen(db, ctx, date(2026, 12, 1)) == [
        "2026-12-01 09:00 America/New_York  Lee Chen <ULEE>  license NY  -30  due 2026-12-31",
        "1 messages",
    ]


def test_today_counts_from_now(db: Database, ctx: Context) -> None:
    """What is due at ten in the morning leaves at ten."""
    a_license_due(db, ctx, NEW_YEARS_EVE)

    assert foreseen(db, ctx)[0].startswith("2026-11-23 10:00 America/New_York  Lee Chen <ULEE>  license NY  -60")


def test_two_reminders_on_a_day_are_one_message(db: Database, ctx: Context) -> None:
    """Lines are reminders, messages are person-days."""
    with db.writing() as session:
        lee = a_provider(session, zone="America/Los_Angeles")
        a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        a_credential(session, lee, "dea", expires_on=NEW_YEARS_EVE)
        reconcile(session, ctx, [lee])

    lines = foreseen(db, ctx, date(2026, 12, 1), 1)
    assert [line[:36] for line in lines[:2]] == ["2026-12-01 09:00 America/Los_Angeles"] * 2
    assert lines[2] == "1 messages"


def test_what_is_held_says_so_and_counts_for_nothing(db: Database, ctx: Context) -> None:
    """It would not be sent before Start nudging."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
    a_license_due(db, ctx, date(2025, 12, 31))
    with db.writing() as session:
        on_hold.hold_past(session, [1], ctx.today, ctx.now)

    lines = foreseen(db, ctx)
    assert [line.endswith("  held") for line in lines] == [True, True, False]
    assert lines[-1] == "0 messages"


def test_the_teams_channel_is_foreseen_too(db: Database, ctx: Context) -> None:
    """-14 unanswered for three business days: one line for the team, one message."""
    a_license_due(db, ctx, NEW_YEARS_EVE)

    lines = foreseen(db, ctx, date(2026, 12, 22), 1)
    assert lines == [
        "2026-12-22 09:00 America/New_York  the team's channel <CTEAM>  license NY  silence  due 2026-12-31",
        "1 messages",
    ]


def test_a_preview_sends_and_writes_nothing(db: Database, ctx: Context) -> None:
    """It runs in a read-only transaction and leaves every reminder to the sweep."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    foreseen(db, ctx)

    assert sweep(db, ctx) == 1


def test_the_sweep_does_what_the_preview_foresaw(sqlite_db: Database, ctx: Context) -> None:
    """Sixty days of hourly runs of the jobs, through an expiry: the same reminders on the same days."""
    with sqlite_db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator", zone="Europe/Lisbon")
        lee = a_provider(session, zone="America/Los_Angeles")
        a_credential(session, lee, expires_on=date(2026, 12, 12))
        a_credential(session, lee, "bls", state="", expires_on=date(2026, 12, 20), verified=False)
        a_credential(session, lee, "malpractice", state="", expires_on=date(2026, 12, 18))
        reconcile(session, ctx, [lee])
    with sqlite_db.reading() as session:
        lines = preview(session, ctx, ctx.today, 60)
    expected = {
        (line.rung, line.at.date()) for line in lines if isinstance(line, PreviewLine) and line.rung != "silence"
    }

    for hour in range(60 * 24):
        now = later(ctx, ctx.now + timedelta(hours=hour))
        run_due(sqlite_db, lambda now=now: now)  # type: ignore[misc]
        _post(sqlite_db)

    assert {(rung, day) for _, rung, day in told(sqlite_db) if day < ctx.today + timedelta(days=60)} == expected
    assert isinstance(lines[-1], MessageCount)


def _post(db: Database) -> None:
    with db.reading() as session:
        waiting = session.exec(select(Card.id).where(Card.shown_version == 0)).all()
    if not waiting:
        return
    with db.writing() as session:
        for card in session.exec(select(Card)):
            card.ts, card.shown_version = "1.1", card.wanted_version


def test_an_end_to_come_stops_the_preview_on_its_day(db: Database, ctx: Context) -> None:
    """What would be sent until then is foreseen, and nothing after it; so with a leave for the provider's own."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        reconcile(session, ctx, [lee])
        cora = as_person(session, ctx, a_person(session, "UCORA", "Cora Diaz", role="coordinator"))
        end_provider(session, ctx, cora, lee, date(2026, 12, 15), "resigned", "no")

    assert [line[:10] for line in foreseen(db, ctx, days=60)] == ["2026-11-23", "2026-12-01", "2 messages"]
    with db.writing() as session:
        return_provider(session, ctx, cora, lee)
        go_on_leave(session, ctx, cora, lee, date(2026, 12, 1), None)
    assert [line[:10] for line in foreseen(db, ctx, days=20)] == ["2026-11-23", "1 messages"]
