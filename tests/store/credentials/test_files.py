"""Files as values: true on a day, known at an instant, many at the price of one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from bot.changes.credentials.renewals import renew_term
from bot.rules.context import Context
from bot.store import tables
from bot.store.credentials import files
from bot.store.engine import Database
from tests.support.credentials import LATER, SOON, TODAY, Office, open_office


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def test_history_is_part_of_the_file_the_oldest_expiry_first(office: Office) -> None:
    """What is open-ended comes last."""
    first = office.license(SOON)
    office.does(renew_term, first.credential_id, number=None, issued_on=None, expires_on=LATER)

    assert [t.expires_on for t in office.credential(first.credential_id).terms] == [SOON, LATER]


def test_what_was_corrected_later_is_still_known_to_have_been_believed(office: Office) -> None:
    """At the instant before the correction, the old number was on file."""
    first = office.license(SOON)
    before = datetime.now(UTC)
    office.does(
        renew_term, first.credential_id, number="A-101", issued_on=None, expires_on=SOON, correction=True, why="a slip"
    )

    with office.db.reading() as session:
        then = files.read_file(session, office.file_id, TODAY, known_at=before)
        now = files.read_file(session, office.file_id, TODAY)
    assert [f.credentials[0].terms[0].number for f in (then, now)] == ["A-100", "A-101"]


def test_a_filing_is_not_there_before_it_was_filed(office: Office) -> None:
    """True on a day means filed on or before it."""
    held = office.license(SOON)
    with office.db.writing() as session:
        facts = {"filed_on": date(2026, 11, 20), "valid_from": date(2026, 11, 20), "recorded_at": datetime.now(UTC)}
        session.add(tables.RenewalFilingRow(credential_id=held.credential_id, term_id=held.term_id, **facts))

    with office.db.reading() as session:
        days = [files.read_file(session, office.file_id, date(2026, 11, day)) for day in (19, 20)]
    assert [file.credentials[0].filing is None for file in days] == [True, False]


def test_many_files_cost_as_many_queries_as_one(office: Office) -> None:
    """A hundred providers are read in the statements that one takes."""
    office.license(SOON)
    with office.db.writing() as session:
        session.add_all(tables.ProviderRow(name=f"P {n}", type="lcsw") for n in range(100))
    counted: list[int] = []
    for ids in ([office.file_id], list(range(1, 102))):
        said: list[str] = []
        with office.db.reading() as session:
            listener = _note(said)
            event.listen(session.get_bind(), "before_cursor_execute", listener)
            assert len(files.read_files(session, ids, TODAY)) == len(ids)
            event.remove(session.get_bind(), "before_cursor_execute", listener)
        counted.append(len([s for s in said if s.startswith("SELECT provider") or " FROM " in s]))
    assert counted[0] == counted[1] <= 5


def test_no_such_file_is_an_error(office: Office) -> None:
    """An id comes from a row: one that leads nowhere is a bug."""
    with office.db.reading() as session, pytest.raises(LookupError):
        files.read_file(session, 4711, TODAY)


def _note(said: list[str]):
    def listener(connection, cursor, statement, parameters, context, executemany) -> None:
        said.append(statement)

    return listener
