"""Absences: planned, replaced, cut short; and who is told in the meantime."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import col

from bot.changes.people.absences import AbsenceEnded, AbsenceRecorded, come_back, go_away
from bot.rules.context import Context
from bot.rules.people.models import Person, Responsible
from bot.rules.refusals import Invalid, PeopleRefusal, Refused
from bot.store import tables
from bot.store.engine import Database
from bot.store.people import accounts
from tests.support.credentials import RECORDED, TODAY, Office, a_person, open_office

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def staff(office: Office, name: str, role: str = "coordinator") -> Person:
    with office.db.writing() as session:
        person_id = a_person(session, name, role=role)
    with office.db.reading() as session:
        found = accounts.person(session, person_id, on=TODAY)
    assert found
    return found


def whose(office: Office, on: date = TODAY) -> Responsible:
    with office.db.reading() as session:
        return accounts.responsible_for(session, [office.file_id], on=on)[office.file_id]


def acting(office: Office, on: date = TODAY) -> str | None:
    found = whose(office, on).acting
    return found.name if found else None


def says(office: Office, kind: str) -> list[str]:
    return [row.channel for row in office.rows(tables.OutboxMessage, tables.OutboxMessage.kind == kind)]


def test_a_delegate_acts_from_the_first_day_to_the_last(office: Office) -> None:
    """It begins and ends by itself; the owner stays the owner."""
    ben = staff(office, "Ben")
    done = office.does(go_away, TODAY + timedelta(1), FRIDAY, ben.id)
    assert isinstance(done, AbsenceRecorded)
    days = [TODAY, TODAY + timedelta(1), FRIDAY, FRIDAY + timedelta(1)]
    assert [acting(office, day) for day in days] == ["Cora", "Ben", "Ben", "Cora"]
    found = whose(office, FRIDAY)
    assert found.owner
    assert (found.owner.name, found.away_until) == ("Cora", FRIDAY)
    assert says(office, "standing_in") == [f"person:{ben.id}"]
    assert office.acts()[-1] == "away_planned"


def test_a_delegate_who_is_away_passes_it_on(office: Office) -> None:
    """Ben stands in for Cora, and Dora for Ben; the answer says that Ben is away too."""
    ben, dora = staff(office, "Ben"), staff(office, "Dora")
    office.does(go_away, TODAY, FRIDAY, dora.id, by=ben)
    done = office.does(go_away, TODAY, FRIDAY, ben.id)
    assert isinstance(done, AbsenceRecorded)
    assert done.delegate_away
    assert done.delegate_away.name == "Ben"
    assert acting(office) == "Dora"


def test_two_who_name_each_other_leave_the_backup(office: Office) -> None:
    """No loop: it goes to the next who is there."""
    ben, dora = staff(office, "Ben"), staff(office, "Dora")
    office.does(go_away, TODAY, FRIDAY, office.cora.id, by=ben)
    office.does(go_away, TODAY, FRIDAY, ben.id)
    assert acting(office) == "Dora"
    assert dora


def test_nobody_stands_in_for_their_own_file(office: Office) -> None:
    """Lee is a coordinator now and stands in for Cora, but not where his own file is concerned."""
    with office.db.writing() as session:
        session.add(
            tables.RoleAssignment(person_id=office.lee.id, role="coordinator", valid_from=TODAY, recorded_at=RECORDED)
        )
    staff(office, "Ben")
    office.does(go_away, TODAY, FRIDAY, office.lee.id)
    assert acting(office) == "Ben"


def test_everybody_away_leaves_the_owner(office: Office) -> None:
    """Somebody must be told, and nobody else is there."""
    ben = staff(office, "Ben")
    office.does(go_away, TODAY, FRIDAY, office.cora.id, by=ben)
    office.does(go_away, TODAY, FRIDAY, ben.id)
    assert acting(office) == "Cora"


def test_the_backup_is_never_the_one_who_acts(office: Office) -> None:
    """Ben stands in for Cora and is her backup: nobody is asked twice."""
    ben = staff(office, "Ben")
    office.does(go_away, TODAY, FRIDAY, ben.id)
    found = whose(office)
    assert (found.backup, found.backup_acting) == (found.acting, None)


def test_an_absence_replaces_what_it_overlaps(office: Office) -> None:
    """The one stated last counts; whoever would have stood in hears that it is over."""
    ben, dora = staff(office, "Ben"), staff(office, "Dora")
    office.does(go_away, TODAY, FRIDAY, ben.id)
    done = office.does(go_away, FRIDAY, FRIDAY + timedelta(7), dora.id)
    assert isinstance(done, AbsenceRecorded)
    assert [old.until for old in done.replaced] == [FRIDAY]
    assert (acting(office), acting(office, FRIDAY)) == ("Cora", "Dora")
    assert says(office, "standing_in_over") == [f"person:{ben.id}"]


def test_twelve_absences_are_planned_at_most(office: Office) -> None:
    """The next is refused, though it would replace none; one that replaces another is taken."""
    ben = staff(office, "Ben")
    days = [TODAY + timedelta(3 * n) for n in range(13)]
    planned = [office.does(go_away, day, day, ben.id) for day in days]
    assert [isinstance(one, AbsenceRecorded) for one in planned] == [True] * 12 + [False]
    assert planned[-1] == Refused(PeopleRefusal.TOO_MANY_ABSENCES, {"most": 12})
    assert isinstance(office.does(go_away, days[0], days[0] + timedelta(1), ben.id), AbsenceRecorded)
    assert len(says(office, "standing_in")) == 13


def test_nobody_is_told_of_sixty_changes(office: Office) -> None:
    """Planned over and over, each in the place of the last: after twenty within an hour the delegate has peace."""
    ben = staff(office, "Ben")
    done = [office.does(go_away, TODAY, TODAY + timedelta(n), ben.id) for n in range(60)]
    assert [isinstance(one, AbsenceRecorded) for one in done] == [True] * 20 + [False] * 40
    assert done[-1] == Refused(PeopleRefusal.ABSENCES_TOO_OFTEN)
    assert len(says(office, "standing_in")) == 20


def test_coming_back_early_keeps_the_days_that_were(office: Office) -> None:
    """On Wednesday she is back: Monday and Tuesday stay a fact, and nothing is deleted."""
    ben = staff(office, "Ben")
    office.does(go_away, TODAY, FRIDAY, ben.id)
    wednesday = replace(office, ctx=replace(office.ctx, now=office.ctx.now + timedelta(2)))
    absence = office.rows(tables.Absence)[0]
    assert isinstance(wednesday.does(come_back, absence.id), AbsenceEnded)
    tuesday = TODAY + timedelta(1)
    assert [acting(office, day) for day in (TODAY, tuesday, TODAY + timedelta(2))] == ["Ben", "Ben", "Cora"]
    assert len(office.rows(tables.Absence, col(tables.Absence.superseded_at).is_not(None))) == 1
    assert says(office, "standing_in_over") == [f"person:{ben.id}"]


def test_an_absence_is_cancelled_once_and_by_oneself(office: Office) -> None:
    """Ben cannot end Cora's, and nobody ends one twice."""
    ben = staff(office, "Ben")
    office.does(go_away, FRIDAY, FRIDAY, ben.id)
    absence = office.rows(tables.Absence)[0]
    refused = office.does(come_back, absence.id, by=ben)
    office.does(come_back, absence.id)
    again = office.does(come_back, absence.id)
    assert [one.code for one in (refused, again) if isinstance(one, Refused)] == ["no_such_absence", "no_such_absence"]


def test_an_approver_names_nobody(office: Office) -> None:
    """Votes are not delegated: the absence stands without anybody in their place."""
    ruth = staff(office, "Ruth", role="approver")
    done = office.does(go_away, TODAY, FRIDAY, None, by=ruth)
    assert isinstance(done, AbsenceRecorded)
    assert (done.votes, done.absence.delegate_id) == (True, None)


def test_what_is_wrong_is_said_at_its_field(office: Office) -> None:
    """Dates the wrong way round, over, too long, missing; nobody, oneself, no coordinator to stand in."""
    ben = staff(office, "Ben")
    noah = staff(office, "Noah", role="auditor")
    tried = [
        (FRIDAY, TODAY, ben.id),
        (TODAY - timedelta(9), TODAY - timedelta(1), ben.id),
        (TODAY, TODAY + timedelta(400), ben.id),
        (None, FRIDAY, ben.id),
        (TODAY, None, ben.id),
        (TODAY, FRIDAY, None),
        (TODAY, FRIDAY, office.cora.id),
        (TODAY, FRIDAY, noah.id),
        (TODAY, FRIDAY, 99),
    ]
    answers = [office.does(go_away, *one) for one in tried]
    assert [(one.field, one.code) for one in answers if isinstance(one, Invalid)] == [
        ("until", "away_ends_before_start"),
        ("until", "away_is_over"),
        ("until", "away_too_long"),
        ("from_on", "date_missing"),
        ("until", "date_missing"),
        ("delegate", "delegate_missing"),
        ("delegate", "delegate_is_oneself"),
        ("delegate", "no_coordinator"),
        ("delegate", "unknown_person"),
    ]


def test_a_provider_needs_nobody_to_stand_in(office: Office) -> None:
    """Lee keeps no files and votes on nothing; the attempt is recorded."""
    refused = office.does(go_away, TODAY, FRIDAY, office.cora.id, by=office.lee)
    assert isinstance(refused, Refused)
    assert (refused.code, office.acts()[-1]) == ("nothing_to_stand_in_for", "refused")
