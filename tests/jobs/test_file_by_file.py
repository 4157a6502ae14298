"""One file that makes a job fail stays one file: it is set aside, told of, and tried again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.changes import reconcile
from bot.jobs import reconcile_files, schedule, send_nudges
from bot.jobs.reconcile_files import reconcile_day
from bot.jobs.schedule import run_due
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.rules.workspace.quarantine import FileJob
from bot.store.engine import Database
from bot.store.tables import Deadline, OutboxMessage, QuarantinedFile
from bot.store.workspace import quarantine
from tests.jobs.building import a_credential, a_person, a_provider, told

SOON = date(2026, 12, 23)
NAMES = ("Ana Ruiz", "Ben Ito", "Cy Hall", "Dee Kim", "Eli Roy")


@pytest.fixture
def files(db: Database) -> list[int]:
    """Five files with a license that ends in a month, and an admin."""
    with db.writing() as session:
        a_person(session, "UADMIN", "Ada Novak", role="admin")
        found = [a_provider(session, name, slack_id=f"U{name[:3].upper()}") for name in NAMES]
        for provider_id in found:
            a_credential(session, provider_id, expires_on=SOON)
    return found


def fails_with(provider_id: int, really: Callable[..., Any], place: int) -> Callable[..., Any]:
    """The same function, which a bug keeps from working with one file."""

    def broken(*args: Any, **named: Any) -> Any:
        ids = named.get("provider_ids", args[place] if len(args) > place else ())
        if provider_id in ids:
            raise KeyError("Dee Kim's license")
        return really(*args, **named)

    return broken


def set_aside(db: Database) -> list[tuple[int, str]]:
    with db.reading() as session:
        return [(row.provider_id, row.job) for row in session.exec(select(QuarantinedFile))]


def with_deadlines(db: Database) -> set[int]:
    with db.reading() as session:
        return set(session.exec(select(Deadline.provider_id)))


def test_a_file_that_cannot_be_settled_is_set_aside(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other four are reconciled, and the day counts as done."""
    monkeypatch.setattr(reconcile_files, "reconcile", fails_with(files[3], reconcile.reconcile, 2))

    assert reconcile_day(db, ctx) == 4
    assert with_deadlines(db) == {*files} - {files[3]}
    assert set_aside(db) == [(files[3], "reconcile")]
    assert reconcile_day(db, ctx) == 0


def test_a_change_of_the_file_brings_it_back(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever changes a file brings it in line; that it could be is known at once."""
    with monkeypatch.context() as bug:
        bug.setattr(reconcile_files, "reconcile", fails_with(files[3], reconcile.reconcile, 2))
        reconcile_day(db, ctx)

    db.transact(lambda session: reconcile.reconcile(session, ctx, [files[3]]))

    assert (set_aside(db), files[3] in with_deadlines(db)) == ([], True)


@pytest.mark.parametrize("change", ["policies", "process"])
def test_other_rules_or_another_process_try_it_again(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A new policy version, or a restart that may have brought a version without the bug."""
    with monkeypatch.context() as bug:
        bug.setattr(reconcile_files, "reconcile", fails_with(files[3], reconcile.reconcile, 2))
        reconcile_day(db, ctx)

    if change == "policies":
        ctx = replace(ctx, policies=ctx.policies.model_copy(update={"hash": "another"}))
    else:
        db.transact(quarantine.try_all_again)
    reconcile_day(db, ctx)

    assert (set_aside(db), files[3] in with_deadlines(db)) == ([], True)


def test_a_file_that_fails_again_keeps_the_day_since_when(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the newest reference of the log."""
    monkeypatch.setattr(reconcile_files, "reconcile", fails_with(files[3], reconcile.reconcile, 2))
    reconcile_day(db, ctx)
    with db.reading() as session:
        first = session.exec(select(QuarantinedFile)).one()
    db.transact(quarantine.try_all_again)
    reconcile_day(db, ctx)

    with db.reading() as session:
        second = session.exec(select(QuarantinedFile)).one()
    assert second.since == first.since
    assert second.error_reference != first.error_reference


def test_a_file_that_cannot_be_reminded_of_stops_nobody_elses_reminders(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four people hear in the same minute; the fifth as soon as their file changes."""
    reconcile_day(db, ctx)
    with monkeypatch.context() as bug:
        readers = send_nudges.readers_of

        def broken(session: Session, ctx: Context, found: Collection[Any]) -> Any:
            if files[3] in {one.provider_id for one in found}:
                raise KeyError("Dee Kim's license")
            return readers(session, ctx, found)

        bug.setattr(send_nudges, "readers_of", broken)
        assert sweep(db, ctx) == 4
        assert set_aside(db) == [(files[3], "remind")]
        assert sweep(db, ctx) == 0

    assert sweep(db, ctx) == 0
    db.transact(lambda session: reconcile.reconcile(session, ctx, [files[3]]))
    assert sweep(db, ctx) == 1


def test_the_admins_read_who_and_where_to_look(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list in the admin's DM names the file; the text of the error, which may hold data, stands nowhere."""
    monkeypatch.setattr(reconcile_files, "reconcile", fails_with(files[3], reconcile.reconcile, 2))
    reconcile_day(db, ctx)

    with db.reading() as session:
        (listed,), count = quarantine.read_quarantine(session)
        said = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "stuck")).one()
    assert (listed.name, listed.job, count) == ("Dee Kim", FileJob.RECONCILE, 1)
    assert said.channel.startswith("person:")
    assert "license" not in repr(listed)


@pytest.mark.parametrize("part", ["reconcile_day", "pass_on_cards", "tell_the_week"])
def test_each_part_of_the_minutes_job_runs_although_another_fails(
    db: Database, ctx: Context, files: list[int], monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """The reminders are written; what failed is named, and an admin is told once a day."""
    reconcile_day(db, ctx)

    def fails(*_: object) -> int:
        raise KeyError("a bug")

    monkeypatch.setitem(schedule.PARTS, part, fails)
    first, again = run_due(db, lambda: ctx), run_due(db, lambda: ctx)

    assert (first.reminders, first.failed) == (5, (part,))
    assert again.failed == (part,)
    assert len(told(db)) == 5
    with db.reading() as session:
        alarms = session.exec(select(OutboxMessage.facts).where(OutboxMessage.kind == "alarm")).all()
    assert [facts["code"] for facts in alarms] == ["bug"]
