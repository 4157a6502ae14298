"""What people press on their reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlmodel import Session, select

from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import Snoozed, StillWaiting, mark_answer, not_yet, start_nudging, still_waiting
from bot.changes.reminders.help_requests import HelpAsked, HelpGiven, ask_for_help, help_done
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.rules.people.models import CLI
from bot.rules.refusals import CommonRefusal, Invalid, Refused, ReminderRefusal
from bot.store.engine import Database
from bot.store.privileges.grants import hold_files
from bot.store.reminders import on_hold
from bot.store.tables import AuditEvent, Deadline, Nudge
from tests.jobs.building import (
    a_credential,
    a_filing,
    a_license_due,
    a_person,
    a_provider,
    a_term,
    as_person,
    later,
    open_kinds,
    said,
    told,
)

At = Callable[[str], datetime]
NEW_YEARS_EVE = date(2026, 12, 31)
LEE = 1


def press_not_yet(db: Database, ctx: Context, person: int = LEE) -> Snoozed | Refused:
    with db.writing() as session:
        return not_yet(session, ctx, as_person(session, ctx, person), 1)


@pytest.mark.parametrize(
    ("today", "until"),
    [
        ("2026-11-09 10:00", date(2026, 11, 16)),  # in seven days
        ("2026-11-27 10:00", date(2026, 12, 1)),  # -30 comes before
        ("2026-12-22 10:00", date(2026, 12, 24)),  # seven days before the due date, where -7 is
    ],
)
def test_not_yet_asks_again_at_the_earliest_of_three_days(
    sqlite_db: Database, ctx: Context, at: At, today: str, until: date
) -> None:
    """Seven days, the next rung, or seven days before the due date."""
    now = later(ctx, at(today))
    a_license_due(sqlite_db, now, NEW_YEARS_EVE)

    assert press_not_yet(sqlite_db, now) == Snoozed(until)


def test_a_snoozed_reminder_comes_again_on_its_day(db: Database, ctx: Context, at: At) -> None:
    """Pressed on Monday the 9th, it is said again on Monday the 16th, and the ladder goes on after it."""
    now = later(ctx, at("2026-11-09 10:00"))
    a_license_due(db, now, NEW_YEARS_EVE)
    sweep(db, now)
    press_not_yet(db, now)

    for day in ("2026-11-13 10:00", "2026-11-16 09:00", "2026-11-30 10:00", "2026-12-01 09:00"):
        sweep(db, later(ctx, at(day)))
    assert [rung for _, rung, _ in told(db)] == ["-60", "snooze:2026-11-16", "-30"]


def test_not_yet_brings_the_card_in_line(db: Database, ctx: Context) -> None:
    """The reminder keeps what was pressed, by whom, and until when."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    press_not_yet(db, ctx)

    with db.reading() as session:
        answer = session.exec(select(Nudge.answer).where(Nudge.rung == "-60")).one()
    assert answer == {"answer": "not_yet", "by": "Lee Chen", "at": ctx.now.isoformat(), "until": "2026-11-30"}


def test_not_yet_is_not_for_the_last_week(db: Database, ctx: Context, at: At) -> None:
    """Seven days before the due date there is no later to ask again."""
    now = later(ctx, at("2026-12-24 10:00"))
    a_license_due(db, now, NEW_YEARS_EVE)

    assert press_not_yet(db, now) == Refused(ReminderRefusal.TOO_LATE_TO_SNOOZE, {"due_on": NEW_YEARS_EVE})


def test_not_yet_twice_changes_nothing_more(db: Database, ctx: Context, at: At) -> None:
    """A double click, or another click two days later: the first answer stands."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    press_not_yet(db, ctx)

    assert press_not_yet(db, later(ctx, at("2026-11-25 10:00"))) == Snoozed(date(2026, 11, 30))
    with db.reading() as session:
        assert len(session.exec(select(AuditEvent.id).where(AuditEvent.act == "snoozed")).all()) == 1


def test_nobody_answers_for_somebody_else(db: Database, ctx: Context) -> None:
    """Another provider's click is refused, and recorded."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        a_provider(session, "Ana Ruiz", slack_id="UANA")

    refused = press_not_yet(db, ctx, person=2)
    assert isinstance(refused, Refused)
    assert refused.code == "not_yours"
    with db.reading() as session:
        assert session.exec(select(AuditEvent.reason).where(AuditEvent.act == "refused")).all() == ["not_yours"]


def test_a_stale_click_learns_who_was_first(db: Database, ctx: Context) -> None:
    """The renewal was reported meanwhile: the reminder is answered already."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    report_renewal(db, ctx, credential)

    assert press_not_yet(db, ctx) == Refused(CommonRefusal.ALREADY_DONE, {"by": "Lee Chen", "at": ctx.now})


def report_renewal(db: Database, ctx: Context, credential: int) -> None:
    with db.writing() as session:
        hold_files(session, [1])
        a_term(session, credential, expires_on=date(2028, 12, 31))
        mark_answer(session, ctx, as_person(session, ctx, LEE), [credential], "renewed")
        reconcile(session, ctx, [1])


def test_an_answer_brings_every_earlier_card_in_line(db: Database, ctx: Context, at: At) -> None:
    """Two messages showed the license; both are shown anew."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, ctx)
    sweep(db, later(ctx, at("2026-12-01 09:00")))
    shown_before = {m.card_id: m.id for m in said(db, "nudge_day")}
    with db.writing() as session:
        session.connection().exec_driver_sql("UPDATE outbox_message SET state = 'sent'")
    report_renewal(db, ctx, credential)

    with db.reading() as session:
        answers = [a["answer"] for a in session.exec(select(Nudge.answer)).all() if a]
    assert answers == ["renewed", "renewed"]
    assert [m.card_id for m in said(db, "nudge_day") if m.state == "pending"] == sorted(k for k in shown_before if k)


def test_not_yet_counts_as_silence(db: Database, ctx: Context, at: At) -> None:
    """-14 on Thursday, Not yet on Friday: on Tuesday the team hears all the same."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, later(ctx, at("2026-12-17 09:00")))
    press_not_yet(db, later(ctx, at("2026-12-18 10:00")))
    sweep(db, later(ctx, at("2026-12-22 09:00")))

    assert len(said(db, "silence")) == 1


def ask(session: Session, ctx: Context, text: str = "The board's site is down.") -> HelpAsked | Refused | Invalid:
    return ask_for_help(session, ctx, as_person(session, ctx, LEE), 1, text)


def test_help_reaches_the_owner_at_once(db: Database, ctx: Context) -> None:
    """A card in the coordinator's DM, and a task until it is done."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        asked = ask(session, ctx)

    assert isinstance(asked, HelpAsked)
    assert [(m.subject, m.channel) for m in said(db, "help")] == [(asked.nudge_id, f"person:{cora}")]
    with db.reading() as session:
        assert open_kinds(session) == {"expiry": NEW_YEARS_EVE, "help": date(2026, 11, 26)}


def test_help_counts_as_an_answer(db: Database, ctx: Context, at: At) -> None:
    """The rungs go on, but the team does not hear of silence."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    sweep(db, later(ctx, at("2026-12-17 09:00")))
    with db.writing() as session:
        ask(session, later(ctx, at("2026-12-18 10:00")))
    for day in ("2026-12-22 09:00", "2026-12-24 09:00"):
        sweep(db, later(ctx, at(day)))

    assert said(db, "silence") == []
    assert told(db)[-1][1] == "-7"


def test_help_needs_words(db: Database, ctx: Context) -> None:
    """An empty text is asked for again."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        assert ask(session, ctx, "  \n") == Invalid("text", CommonRefusal.TEXT_MISSING)


def test_calls_for_help_bury_nobody(db: Database, ctx: Context) -> None:
    """Of 50 about one deadline three reach the owner; the next is refused by name, and goes once one is done."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
    asked = [db.transact(lambda session: ask(session, ctx)) for _ in range(50)]
    assert [isinstance(one, HelpAsked) for one in asked] == [True] * 3 + [False] * 47
    assert asked[-1] == Refused(ReminderRefusal.HELP_ASKED_ALREADY, {"owner": "Cora Diaz", "n": 3, "about_this": True})
    with db.writing() as session:
        first = session.exec(select(Deadline.id).where(Deadline.kind == "help")).first()
        assert first
        help_done(session, ctx, as_person(session, ctx, cora), first)
    assert isinstance(db.transact(lambda session: ask(session, ctx)), HelpAsked)
    assert len(said(db, "help")) == 4


def test_help_is_done_once(db: Database, ctx: Context) -> None:
    """The coordinator presses Done; the second click learns that it is done."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        ask(session, ctx)
        task = session.exec(select(Deadline.id).where(Deadline.kind == "help")).one()
        assert task
    with db.writing() as session:
        assert help_done(session, ctx, as_person(session, ctx, cora), task) == HelpGiven(task)
    with db.writing() as session:
        again = help_done(session, ctx, as_person(session, ctx, cora), task)

    assert isinstance(again, Refused)
    assert again.code == "already_done"


def test_only_a_coordinator_closes_a_call_for_help(db: Database, ctx: Context) -> None:
    """Not the provider who asked."""
    a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        ask(session, ctx)
        refused = help_done(session, ctx, as_person(session, ctx, LEE), 2)

    assert isinstance(refused, Refused)
    assert refused.code == "not_yours"


def test_an_issuer_is_asked_about_every_week(db: Database, ctx: Context, at: At) -> None:
    """Still waiting answers this week's question; the next one comes in a week."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        a_filing(session, credential, filed_on=ctx.today)
        reconcile(session, ctx, [1])
    sweep(db, ctx)
    with db.writing() as session:
        assert still_waiting(session, ctx, as_person(session, ctx, cora), 3) == StillWaiting(3)
    sweep(db, later(ctx, at("2026-11-27 10:00")))
    sweep(db, later(ctx, at("2026-11-30 10:00")))

    assert [rung for _, rung, _ in told(db)] == ["w:2026-11-23", "w:2026-11-30"]


def test_who_answers_in_the_queue_first_is_not_asked_by_todays_message(db: Database, ctx: Context, at: At) -> None:
    """**Not yet** and **Still waiting** pressed before the sweep: nothing is said until the day that they named."""
    credential = a_license_due(db, ctx, NEW_YEARS_EVE)
    press_not_yet(db, ctx)
    assert sweep(db, ctx) == 0
    assert sweep(db, later(ctx, at("2026-11-30 10:00"))) == 1
    with db.writing() as session:
        cora = a_person(session, "UCORA", "Cora Diaz", role="coordinator")
        a_filing(session, credential, filed_on=ctx.today)
        reconcile(session, ctx, [1])
        assert still_waiting(session, ctx, as_person(session, ctx, cora), 3) == StillWaiting(3)

    assert sweep(db, later(ctx, at("2026-11-27 10:00"))) == 0
    assert sweep(db, later(ctx, at("2026-11-30 11:00"))) == 1


def held_licenses(db: Database, ctx: Context) -> None:
    """One that expired last year, and one that is due soon, as an import brings them in."""
    with db.writing() as session:
        lee, ana = a_provider(session), a_provider(session, "Ana Ruiz", slack_id="UANA")
        a_credential(session, lee, expires_on=date(2025, 12, 31))
        a_credential(session, ana, expires_on=NEW_YEARS_EVE)
        reconcile(session, ctx, [lee, ana])
        on_hold.hold_past(session, [lee, ana], ctx.today, ctx.now)


def test_an_import_holds_only_what_is_past(db: Database, ctx: Context) -> None:
    """The license that expired last year waits; the one that is due soon starts with its newest rung."""
    held_licenses(db, ctx)

    assert sweep(db, ctx) == 1
    with db.reading() as session:
        view = on_hold.backlog_view(session)
    assert (view.held, view.people, view.oldest_due_on, view.released_by) == (1, 1, date(2025, 12, 31), None)


def test_start_nudging_releases_what_is_held(db: Database, ctx: Context) -> None:
    """Expiry and the owner's Monday: said by the next sweep, and the card says who started it."""
    held_licenses(db, ctx)
    with db.writing() as session:
        assert start_nudging(session, ctx, CLI) == 2

    assert sweep(db, ctx) == 3
    with db.reading() as session:
        assert on_hold.backlog_view(session).released_by == "cli"


def test_a_provider_does_not_start_the_nudging(db: Database, ctx: Context) -> None:
    """That is for coordinators."""
    held_licenses(db, ctx)
    with db.writing() as session:
        refused = start_nudging(session, ctx, as_person(session, ctx, LEE))

    assert isinstance(refused, Refused)
    assert refused.code == "coordinators_only"
