"""The sweep: which reminder reaches whom, on which day, and that it is said once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

from sqlmodel import col, select

from bot.changes.reconcile import reconcile
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import Card, CredentialTerm, Deadline, Nudge, PersonRow
from tests.jobs.building import (
    a_credential,
    a_license_due,
    a_person,
    a_provider,
    a_term,
    later,
    said,
    supersede,
    told,
)

At = Callable[[str], datetime]
NEW_YEARS_EVE = date(2026, 12, 31)
MONDAY = date(2026, 11, 23)


def test_only_the_newest_due_rung_is_said(db: Database, ctx: Context) -> None:
    """On November 23 -60 has come for December 31; -90 is recorded as superseded, never sent."""
    a_license_due(db, ctx, NEW_YEARS_EVE)

    assert sweep(db, ctx) == 1

    assert told(db) == [("person:1", "-60", MONDAY)]
    with db.reading() as session:
        silent = session.exec(select(Nudge.rung).where(col(Nudge.nudge_day_id).is_(None))).all()
    assert silent == ["-90"]


def test_an_earlier_hour_of_the_day_can_be_asked_about(db: Database, ctx: Context) -> None:
    """``nudges run --at`` this morning says what is due this morning, though the file was recorded since."""
    a_license_due(db, ctx, NEW_YEARS_EVE)

    assert sweep(db, later(ctx, ctx.now - timedelta(minutes=30))) == 1


def test_a_reminder_is_a_card_in_the_readers_dm(db: Database, ctx: Context) -> None:
    """One message waits to be posted for the day."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)

    with db.reading() as session:
        card = session.exec(select(Card)).one()
    assert (card.kind, card.channel, card.ts) == ("nudge_day", "person:1", None)
    assert [(m.card_id, m.channel, m.state, m.facts) for m in said(db, "nudge_day")] == [
        (card.id, "person:1", "pending", {})
    ]


def test_sweeping_again_says_nothing(db: Database, ctx: Context) -> None:
    """Nothing is due until the next rung, and the sweep need not even look."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)

    assert sweep(db, ctx) == 0
    assert len(told(db)) == 1
    with db.reading() as session:
        assert session.exec(select(Deadline.next_at)).one() == datetime.fromisoformat("2026-12-01T14:00:00+00:00")


def test_all_that_is_due_comes_in_one_message(db: Database, ctx: Context) -> None:
    """A license and a DEA registration: two reminders, one card."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        a_credential(session, lee, "dea", expires_on=date(2026, 12, 20))
        reconcile(session, ctx, [lee])

    assert sweep(db, ctx) == 2
    assert len(said(db, "nudge_day")) == 1


def _post_cards(db: Database) -> None:
    with db.writing() as session:
        for card in session.exec(select(Card)):
            card.ts, card.shown_version = "1.1", card.wanted_version


def test_what_becomes_due_after_todays_message_waits(db: Database, ctx: Context, at: At) -> None:
    """A second credential recorded at eleven is reminded of tomorrow at nine."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    _post_cards(db)
    eleven = later(ctx, at("2026-11-23 11:00"))
    with db.writing() as session:
        a_credential(session, 1, "dea", expires_on=date(2026, 12, 20))
        reconcile(session, eleven, [1])

    assert sweep(db, eleven) == 0
    assert sweep(db, later(ctx, at("2026-11-24 08:59"))) == 0
    assert sweep(db, later(ctx, at("2026-11-24 09:00"))) == 1
    assert told(db)[-1] == ("person:1", "-30", date(2026, 11, 24))


def test_a_message_that_has_not_gone_takes_more_in(db: Database, ctx: Context) -> None:
    """While Slack is away, today's message grows instead of making a second one."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    with db.writing() as session:
        a_credential(session, 1, "dea", expires_on=date(2026, 12, 20))
        reconcile(session, ctx, [1])

    assert sweep(db, ctx) == 1
    assert len({message.card_id for message in said(db, "nudge_day")}) == 1
    assert len(said(db, "nudge_day")) == 1


def test_nothing_leaves_at_night(db: Database, ctx: Context, at: At) -> None:
    """Found at 22:00 it leaves at nine, in the reader's own zone: Los Angeles, so noon in New York."""
    night = later(ctx, at("2026-11-23 22:00"))
    a_license_due(db, night, NEW_YEARS_EVE, zone="America/Los_Angeles")

    assert sweep(db, night) == 0
    assert sweep(db, later(ctx, at("2026-11-24 11:59"))) == 0
    assert sweep(db, later(ctx, at("2026-11-24 12:00"))) == 1


def test_a_rung_on_a_week_end_leaves_on_monday(db: Database, ctx: Context, at: At) -> None:
    """Fourteen days before Saturday, December 26 is Saturday the 12th, so Monday the 14th."""
    a_license_due(db, ctx, date(2026, 12, 26))
    sweep(db, ctx)

    assert sweep(db, later(ctx, at("2026-12-12 10:00"))) == 0
    assert sweep(db, later(ctx, at("2026-12-14 09:00"))) == 1
    assert told(db)[-1] == ("person:1", "-14", date(2026, 12, 14))


def test_nine_stays_nine_when_summer_time_ends(db: Database, ctx: Context, at: At) -> None:
    """-90 of January 31, 2027 is Monday November 2, 2026, the day after clocks went back: 14:00 UTC."""
    october = later(ctx, at("2026-10-30 12:00"))
    a_license_due(db, october, date(2027, 1, 31))
    sweep(db, october)

    assert sweep(db, later(ctx, datetime.fromisoformat("2026-11-02T13:59:00+00:00"))) == 0
    assert sweep(db, later(ctx, datetime.fromisoformat("2026-11-02T14:00:00+00:00"))) == 1


def test_after_the_expiry_come_one_three_seven_then_mondays(db: Database, ctx: Context, at: At) -> None:
    """Nobody acts on a license that ran out on Monday, November 23; from +7 on the owner hears it weekly."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
    a_license_due(db, ctx, MONDAY)
    for day in range(23, 31):
        now = later(ctx, at(f"2026-11-{day} 10:00"))
        with db.writing() as session:
            reconcile(session, now, [1])
        sweep(db, now)
    sweep(db, later(ctx, at("2026-12-07 10:00")))
    sweep(db, later(ctx, at("2026-12-14 10:00")))

    assert [(who, rung) for who, rung, _ in told(db)] == [
        *(("person:2", rung) for rung in ("0", "+1", "+3", "+7")),
        ("person:1", "monday:2026-12-07"),
        ("person:1", "monday:2026-12-14"),
    ]


def test_whom_slack_cannot_reach_the_owner_hears_at_once(db: Database, ctx: Context) -> None:
    """No linked account: the same reminder goes to the provider's owner."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        mo = a_person(session, "UMO", "Mo Okafor", role="coordinator")
    a_license_due(db, ctx, NEW_YEARS_EVE, slack_id=None, owner=mo)
    sweep(db, ctx)

    assert told(db) == [("person:2", "-60", MONDAY)]


def test_a_deactivated_account_is_no_address(db: Database, ctx: Context) -> None:
    """The coordinator who was granted first answers for providers without an owner."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        session.get_one(PersonRow, 1).deactivated_at = ctx.now
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
    sweep(db, ctx)

    assert told(db) == [("person:2", "-60", MONDAY)]


def test_where_nobody_answers_for_a_provider_the_team_does(db: Database, ctx: Context) -> None:
    """The team's channel gets the day's message."""
    a_license_due(db, ctx, NEW_YEARS_EVE, slack_id=None)
    sweep(db, ctx)

    assert told(db) == [("team", "-60", MONDAY)]
    assert [message.channel for message in said(db, "nudge_day")] == ["CTEAM"]


def test_a_reminder_without_any_reader_is_not_lost(db: Database, ctx: Context, at: At) -> None:
    """It is tried again at the next slot, and reaches the coordinator who has come since."""
    alone = Context(ctx.policies, ctx.now, ctx.zone)
    a_license_due(db, alone, NEW_YEARS_EVE, slack_id=None)
    assert sweep(db, alone) == 0
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")

    assert sweep(db, later(alone, at("2026-11-24 09:00"))) == 1


def test_the_team_hears_of_silence_once(db: Database, ctx: Context, at: At) -> None:
    """-14 on Thursday, December 17; three business days later, Tuesday the 22nd, and never again for that date."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    for words in ("2026-12-01 09:00", "2026-12-17 09:00", "2026-12-22 08:59"):
        sweep(db, later(ctx, at(words)))
    assert said(db, "silence") == []

    for words in ("2026-12-22 09:00", "2026-12-24 09:00", "2026-12-30 09:00", "2027-01-11 09:00"):
        sweep(db, later(ctx, at(words)))
    assert [(message.subject, message.channel) for message in said(db, "silence")] == [(1, "CTEAM")]


def test_what_an_import_held_is_not_said(db: Database, ctx: Context) -> None:
    """Held deadlines wait for Start nudging."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        session.get_one(Deadline, 1).held_at = ctx.now

    assert sweep(db, ctx) == 0


def test_what_was_said_stays_said_when_a_renewal_is_sent_back(db: Database, ctx: Context, at: At) -> None:
    """The reopened ladder goes on with the next rung."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    with db.writing() as session:
        reported = a_term(session, credential, expires_on=date(2028, 12, 31))
        reconcile(session, ctx, [1])
        supersede(session, session.get_one(CredentialTerm, reported))
        reconcile(session, ctx, [1])

    assert sweep(db, later(ctx, at("2026-11-30 10:00"))) == 0
    assert sweep(db, later(ctx, at("2026-12-01 09:00"))) == 1


def test_two_sweeps_at_once_say_it_once(postgres_db: Database, ctx: Context) -> None:
    """Eight workers, twenty providers: one reminder and one message each."""
    with postgres_db.writing() as session:
        for number in range(20):
            lee = a_provider(session, f"Lee {number}", slack_id=f"ULEE{number}")
            a_credential(session, lee, expires_on=NEW_YEARS_EVE)
        reconcile(session, ctx, range(1, 21))
    start = Barrier(8)
    workers = [Thread(target=lambda: (start.wait(), sweep(postgres_db, ctx))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(who for who, _, _ in told(postgres_db)) == sorted(f"person:{n}" for n in range(1, 21))
    assert len(said(postgres_db, "nudge_day")) == 20
