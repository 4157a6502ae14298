"""The sweep beside the owner: backup, admins, medical director; and before a lapse, the supervisor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.changes.people.absences import go_away
from bot.changes.people.assignments import assign
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import still_waiting
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.reminders import preview
from bot.store.reminders.card_contents import read_nudge_day
from bot.store.tables import Deadline, NudgeDay, ProviderRow, RoleAssignment
from tests.jobs.building import (
    HIRED,
    a_credential,
    a_filing,
    a_grant,
    a_person,
    a_provider,
    as_person,
    gone_out,
    later,
    told,
)

At = Callable[[str], datetime]


@pytest.fixture
def staff(db: Database) -> dict[str, int]:
    """Cora owns, Ben backs up, Ada is an admin, Ruth the medical director, Sue supervises; Lee's file is theirs."""
    with db.writing() as session:
        ids = {
            "cora": a_person(session, "UCORA", "Cora", role="coordinator"),
            "ben": a_person(session, "UBEN", "Ben", role="coordinator"),
            "ada": a_person(session, "UADA", "Ada", role="admin"),
            "ruth": a_person(session, "URUTH", "Ruth"),
            "sue": a_person(session, "USUE", "Sue", role="supervisor"),
        }
        director = {"role": "approver", "body": "medical_director"}
        session.add(
            RoleAssignment(person_id=ids["ruth"], valid_from=HIRED, recorded_at=database_now(session), **director)
        )
        ids["file"] = a_provider(session, owner=ids["cora"])
        session.get_one(ProviderRow, ids["file"]).supervisor_id = ids["sue"]
    return ids


def to_verify(db: Database, ctx: Context, staff: dict[str, int]) -> None:
    with db.writing() as session:
        a_credential(session, staff["file"], expires_on=date(2028, 12, 31), verified=False)
        reconcile(session, ctx, [staff["file"]])


def lives_until(db: Database, ctx: Context, end: datetime) -> None:
    """The sweep looks every working hour until then."""
    now = ctx.now
    while now < end:
        if 13 <= now.hour <= 23:
            sweep(db, later(ctx, now))
            gone_out(db)
        now += timedelta(hours=1)


def named(db: Database, staff: dict[str, int], rungs: tuple[str, ...]) -> list[tuple[str, str, date]]:
    names = {f"person:{person_id}": name for name, person_id in staff.items() if name != "file"}
    return [(names[who], rung, day) for who, rung, day in told(db) if rung in rungs and who in names]


BESIDE = ("backup", "manager", "medical_director", "supervisor")


def test_a_task_goes_up_where_nobody_acts(db: Database, ctx: Context, at: At, staff: dict[str, int]) -> None:
    """Reported on Monday, due on Thursday: each level two business days after the one before, once."""
    to_verify(db, ctx, staff)
    lives_until(db, ctx, at("2026-12-20 12:00"))

    assert named(db, staff, BESIDE) == [
        ("ben", "backup", date(2026, 11, 30)),
        ("ada", "manager", date(2026, 12, 2)),
        ("ruth", "medical_director", date(2026, 12, 4)),
    ]
    assert [who for who, rung, _ in told(db) if rung in ("-3", "0", "+1", "+3")] == [f"person:{staff['cora']}"] * 4


def test_the_sweep_does_what_the_preview_said(db: Database, ctx: Context, at: At, staff: dict[str, int]) -> None:
    """Asked on Monday, the preview names the same levels on the same days."""
    to_verify(db, ctx, staff)
    sweep(db, ctx)
    with db.reading() as session:
        lines = [str(line) for line in preview.preview(session, ctx, date(2026, 11, 23), 20)]
    lives_until(db, ctx, at("2026-12-12 12:00"))

    foreseen = [(line[:10], line.split("  ")[3]) for line in lines if line.split("  ")[3:4] and "due" in line]
    happened = [(day.isoformat(), rung) for _, rung, day in sorted(told(db)[1:], key=lambda one: (one[2], one[1]))]
    assert sorted(foreseen) == sorted(happened)


def test_an_answer_stops_it(db: Database, ctx: Context, at: At, staff: dict[str, int]) -> None:
    """Cora is asked about an issuer and says still waiting: Ben hears only of the week that she leaves unanswered."""
    with db.writing() as session:
        credential = a_credential(session, staff["file"], expires_on=date(2027, 12, 31))
        a_filing(session, credential, filed_on=date(2026, 11, 20))
        reconcile(session, ctx, [staff["file"]])
    sweep(db, ctx)
    with db.writing() as session:
        cora = as_person(session, ctx, staff["cora"])
        task = session.exec(select(Deadline.id).where(Deadline.kind == "issuer")).one()
        still_waiting(session, later(ctx, ctx.now + timedelta(hours=2)), cora, task or 0)

    lives_until(db, ctx, at("2026-11-30 08:00"))
    assert named(db, staff, BESIDE) == []
    lives_until(db, later(ctx, at("2026-11-30 09:00")), at("2026-12-03 12:00"))
    assert named(db, staff, BESIDE) == [("ben", "backup", date(2026, 12, 2))]


def test_another_owner_begins_anew(db: Database, ctx: Context, at: At, staff: dict[str, int]) -> None:
    """Assigned to Ben on the day that Ben would be asked: his own weeks count, and Cora is his backup."""
    to_verify(db, ctx, staff)
    lives_until(db, ctx, at("2026-11-27 12:00"))
    with db.writing() as session:
        ada = as_person(session, ctx, staff["ada"])
        assign(session, later(ctx, at("2026-11-27 12:30")), ada, [staff["file"]], staff["ben"])
    lives_until(db, later(ctx, at("2026-11-27 13:00")), at("2026-12-05 12:00"))

    beside = named(db, staff, BESIDE)
    assert beside[0] == ("cora", "backup", date(2026, 12, 3))


def test_nobody_is_asked_about_their_own_file(db: Database, ctx: Context, at: At, staff: dict[str, int]) -> None:
    """The admin's own license: the backup hears, then the medical director, and the admin never."""
    with db.writing() as session:
        session.get_one(ProviderRow, staff["file"]).person_id = staff["ada"]
    to_verify(db, ctx, staff)
    lives_until(db, ctx, at("2026-12-20 12:00"))

    assert [(who, rung) for who, rung, _ in named(db, staff, BESIDE)] == [
        ("ben", "backup"),
        ("ruth", "medical_director"),
    ]


def warned(db: Database, ctx: Context, staff: dict[str, int]) -> None:
    """Lee's license ends in a week, and a privilege rests on it."""
    with db.writing() as session:
        a_credential(session, staff["file"], expires_on=date(2026, 11, 30))
        a_credential(session, staff["file"], "dea", expires_on=date(2028, 12, 31))
        a_credential(session, staff["file"], "malpractice", expires_on=date(2028, 12, 31), state="")
        a_credential(session, staff["file"], "residency", expires_on=None, state="")
        a_grant(session, staff["file"], "psychiatry_core", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))
        reconcile(session, ctx, [staff["file"]])
    sweep(db, ctx)


def shown_to(db: Database, ctx: Context, person_id: int) -> tuple[bool, str | None, tuple[str, ...]]:
    with db.reading() as session:
        day = session.exec(select(NudgeDay.id).where(NudgeDay.recipient == f"person:{person_id}")).one()
        task = next(t for t in read_nudge_day(session, day or 0, ctx).tasks if t.kind == "lapse_warning")
    return task.dates_only, task.beside, task.asked_before


def test_a_warning_reaches_backup_and_supervisor(db: Database, ctx: Context, staff: dict[str, int]) -> None:
    """With the owner, once; the supervisor sees dates only."""
    warned(db, ctx, staff)
    sweep(db, ctx)

    monday = ctx.today
    assert named(db, staff, ("-7", *BESIDE)) == [
        ("cora", "-7", monday),
        ("ben", "backup", monday),
        ("sue", "supervisor", monday),
    ]
    assert shown_to(db, ctx, staff["ben"]) == (False, "Cora", ("Cora",))
    assert shown_to(db, ctx, staff["sue"])[:2] == (True, "Cora")


def test_an_absent_backup_has_somebody_too(db: Database, ctx: Context, at: At, staff: dict[str, int]) -> None:
    """Ben is away and Ada stands in for him: she is asked as the backup, and not again as an admin."""
    with db.writing() as session:
        ben = as_person(session, ctx, staff["ben"])
        go_away(session, ctx, ben, ctx.today, date(2026, 12, 31), staff["ada"])
    to_verify(db, ctx, staff)
    lives_until(db, ctx, at("2026-12-20 12:00"))

    assert [(who, rung) for who, rung, _ in named(db, staff, BESIDE)] == [
        ("ada", "backup"),
        ("ruth", "medical_director"),
    ]
