"""Cards that wait reach who stands in: once a working day, in the hours of messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.changes.reminders.tasks import open_task
from bot.jobs.pass_on_cards import pass_on_cards
from bot.rules.context import Context
from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.tables import Absence, Card
from tests.jobs.building import a_person, a_provider, later

At = Callable[[str], datetime]


def away(session: Session, ctx: Context, from_on: date, until: date) -> None:
    """A question about Lee waits with Cora, who will be away while Ben stands in."""
    cora = a_person(session, "UCORA", "Cora", role="coordinator")
    ben = a_person(session, "UBEN", "Ben", role="coordinator")
    lee = a_provider(session, owner=cora)
    open_task(session, ctx, lee, "account_deactivated", key="gone", facts={}, at_once=True)
    absence = Absence(person_id=cora, delegate_id=ben, valid_from=from_on, valid_to=until)
    session.add(absence.sqlmodel_update({"recorded_at": database_now(session)}))


def cards(db: Database) -> int:
    with db.reading() as session:
        return len(session.exec(select(Card).where(col(Card.kind) == "task")).all())


def test_it_happens_once_a_working_day_from_nine_on(db: Database, ctx: Context, at: At) -> None:
    """Neither at midnight nor in the evening; another worker finds it done."""
    with db.writing() as session:
        away(session, ctx, date(2026, 11, 24), date(2026, 11, 27))
    moments = ("2026-11-24 00:00", "2026-11-24 09:00", "2026-11-24 09:01", "2026-11-24 20:00", "2026-11-25 09:00")
    assert [pass_on_cards(db, later(ctx, at(moment))) for moment in moments] == [False, True, False, False, True]
    assert cards(db) == 2


def test_what_began_on_a_day_off_is_passed_on_after_it(db: Database, ctx: Context, at: At) -> None:
    """The absence begins on a Saturday; on Monday it is compared with Friday, when this was last done."""
    with db.writing() as session:
        away(session, ctx, date(2026, 11, 28), date(2026, 12, 4))
    done = []
    for moment in ("2026-11-27 10:00", "2026-11-28 10:00", "2026-11-30 10:00"):
        done.append((pass_on_cards(db, later(ctx, at(moment))), cards(db)))
    assert done == [(True, 1), (False, 1), (True, 2)]


def test_what_went_along_already_does_not_go_again(db: Database, ctx: Context, at: At) -> None:
    """The second day of an absence changes nothing."""
    with db.writing() as session:
        away(session, ctx, date(2026, 11, 24), date(2026, 11, 27))
    for moment in ("2026-11-24 10:00", "2026-11-25 10:00"):
        pass_on_cards(db, later(ctx, at(moment)))
    with db.reading() as session:
        wanted = session.exec(select(Card.wanted_version).where(col(Card.kind) == "task")).all()
    assert sorted(wanted) == [2, 2]
