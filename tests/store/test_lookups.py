"""The way back from an id that came to whose file it is in, on both databases."""

from __future__ import annotations

import pytest

from bot.rules.context import Context
from bot.rules.reminders.catalog import DeadlineKind
from bot.store import lookups
from bot.store.engine import Database
from tests.support.credentials import Office, open_office

NO_ROW = 99_999
BEYOND_THE_COLUMN = 999_999_999_999_999


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def test_a_row_leads_to_its_file_and_what_does_not_exist_to_nobodys(office: Office) -> None:
    """Many are asked for at once, and one too large for its column is only one more that does not exist."""
    held = office.license(verified=True)
    with office.db.reading() as session:
        of_credentials = lookups.providers_of_credentials(session, [held.credential_id, NO_ROW, BEYOND_THE_COLUMN])
        of_terms = lookups.providers_of_terms(session, [held.term_id, NO_ROW])
        of_looks = lookups.providers_of_verifications(session, [1, NO_ROW])
        there = lookups.people_there(session, [office.lee.id, NO_ROW])

    assert of_credentials == {held.credential_id: office.file_id}
    assert of_terms == {held.term_id: office.file_id}
    assert of_looks == {1: office.file_id}
    assert there == {office.lee.id}


def test_a_deadline_says_what_it_waits_for_and_for_whom(office: Office) -> None:
    """A reported license waits for its verification, which is the owner's turn."""
    office.license()
    with office.db.reading() as session:
        found = lookups.waits(session, range(1, 10))

    assert lookups.DeadlineFacts(office.file_id, DeadlineKind.VERIFY, "owner", None) in found.values()
