"""The day's turn: whose files it reconciles, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, select

from bot.jobs.reconcile_files import reconcile_day
from bot.jobs.schedule import run_due
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import PrivilegeLapse
from tests.jobs.building import a_credential, a_grant, a_license_due, a_person, a_provider, later, open_kinds, told

At = Callable[[str], datetime]
TODAY = date(2026, 11, 23)


def two_providers(session: Session) -> None:
    """One whose license ends today, one whose license ends next year."""
    for name, expires_on in (("Lee Chen", TODAY), ("Ana Ruiz", date(2027, 6, 30))):
        provider = a_provider(session, name, slack_id=f"U{name[:3].upper()}")
        a_credential(session, provider, expires_on=expires_on)


def test_the_first_time_every_file_is_settled(db: Database, ctx: Context) -> None:
    """And once a day is enough."""
    with db.writing() as session:
        two_providers(session)

    assert reconcile_day(db, ctx) == 2
    assert reconcile_day(db, ctx) == 0


def test_a_new_day_settles_only_what_it_can_change(db: Database, ctx: Context, at: At) -> None:
    """Yesterday was the last day of one license; the other file is left alone."""
    with db.writing() as session:
        two_providers(session)
    reconcile_day(db, ctx)

    assert reconcile_day(db, later(ctx, at("2026-11-23 23:59"))) == 0
    assert reconcile_day(db, later(ctx, at("2026-11-24 00:00"))) == 1


def test_days_that_nobody_ran_are_made_up_for(db: Database, ctx: Context, at: At) -> None:
    """The bot was down for a week in which the license lapsed."""
    with db.writing() as session:
        two_providers(session)
    reconcile_day(db, ctx)

    assert reconcile_day(db, later(ctx, at("2026-11-30 08:00"))) == 1
    with db.reading() as session:
        assert open_kinds(session)["lapsed"] == TODAY


def test_new_rules_settle_every_file(db: Database, ctx: Context) -> None:
    """Another policy version is in force since."""
    with db.writing() as session:
        two_providers(session)
    reconcile_day(db, ctx)
    changed = replace(ctx, policies=ctx.policies.model_copy(update={"hash": "another"}))

    assert reconcile_day(db, changed) == 2
    assert reconcile_day(db, changed) == 0


def test_time_set_back_by_more_than_a_day_settles_every_file(db: Database, ctx: Context, at: At) -> None:
    """After `nudges run --at` next year, tomorrow is reconciled again as tomorrow."""
    with db.writing() as session:
        two_providers(session)
    reconcile_day(db, later(ctx, at("2027-12-01 12:00")))

    assert reconcile_day(db, ctx) == 2
    with db.reading() as session:
        assert "lapsed" not in open_kinds(session)


def test_a_lapse_overnight_makes_a_privilege_inactive(db: Database, ctx: Context, at: At) -> None:
    """Good through the end of the last day, inactive from midnight in the organization's zone."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, expires_on=TODAY)
        a_credential(session, lee, "malpractice", state="", expires_on=date(2027, 6, 30))
        a_grant(session, lee, "psychotherapy_core", starts_on=date(2026, 1, 5), ends_on=date(2028, 1, 4))
    reconcile_day(db, later(ctx, at("2026-11-23 23:59")))
    with db.reading() as session:
        assert session.exec(select(PrivilegeLapse)).all() == []

    reconcile_day(db, later(ctx, at("2026-11-24 00:00")))
    with db.reading() as session:
        assert session.exec(select(PrivilegeLapse.credential_type)).all() == ["license"]


def test_running_what_is_due_settles_before_it_sweeps(db: Database, ctx: Context, at: At) -> None:
    """On the Monday after +7 the owner's task is opened by the day's turn and said in the same run."""
    with db.writing() as session:
        a_person(session, "UCORA", "Cora Diaz", role="coordinator")
    a_license_due(db, ctx, TODAY)
    run_due(db, lambda: ctx)
    run_due(db, lambda: later(ctx, at("2026-12-07 09:00")))

    assert ("person:1", "monday:2026-12-07", date(2026, 12, 7)) in told(db)
