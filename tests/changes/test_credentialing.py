"""A body's decision on a whole file, recorded by a coordinator: it starts the recredentialing clock anew."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from bot.changes.credentialing import AGAIN, INITIAL, Decided, DecisionKept, record_decision
from bot.rules.context import Context
from bot.rules.refusals import Invalid, Refused
from bot.rules.reminders.catalog import DeadlineKind
from bot.store import tables
from bot.store.engine import Database
from bot.store.providers import profiles
from tests.support.credentials import Office, open_office

FIRST, SECOND = date(2024, 1, 10), date(2026, 11, 18)


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def decided(on: date, kind: str = AGAIN, **facts: object) -> Decided:
    known = {"body": "credentials_committee", "reference": "CC minutes, item 4", **facts}
    return Decided(on, kind, **known)  # type: ignore[arg-type]


def deadline(office: Office) -> tables.Deadline | None:
    with office.db.reading() as session:
        return session.exec(
            select(tables.Deadline).where(tables.Deadline.kind == DeadlineKind.RECREDENTIALING)
        ).one_or_none()


def test_a_decision_opens_the_deadline_of_the_next(office: Office) -> None:
    """36 months later, the owner's; one audit event says who decided and where the minutes are."""
    done = office.does(record_decision, office.file_id, decided(FIRST, INITIAL))
    assert isinstance(done, DecisionKept)
    assert done.due_on == date(2027, 1, 10)
    opened = deadline(office)
    assert opened is not None
    assert (opened.assignee, opened.due_on, opened.subject_id) == ("owner", date(2027, 1, 10), office.file_id)
    assert office.acts().count("file_decided") == 1


def test_the_next_decision_moves_the_deadline(office: Office) -> None:
    """The old decision stays on record beside the new one."""
    office.does(record_decision, office.file_id, decided(FIRST, INITIAL))
    office.does(record_decision, office.file_id, decided(SECOND))
    opened = deadline(office)
    assert opened is not None
    assert opened.due_on == date(2029, 11, 18)
    with office.db.reading() as session:
        kept = [row.superseded_at for row in session.exec(select(tables.CredentialingDecision))]
    assert kept == [None, None]


def test_a_correction_supersedes_the_last_decision(office: Office) -> None:
    """What was wrong is no longer believed, and the clock runs from the right day."""
    office.does(record_decision, office.file_id, decided(FIRST, INITIAL))
    office.does(record_decision, office.file_id, decided(date(2024, 1, 9), INITIAL, corrects=True))
    with office.db.reading() as session:
        kept = {
            row.valid_from: row.superseded_at is not None for row in session.exec(select(tables.CredentialingDecision))
        }
        provider = profiles.provider(session, office.file_id)
    assert kept == {FIRST: True, date(2024, 1, 9): False}
    assert provider is not None
    assert provider.last_decision_on == date(2024, 1, 9)


def test_after_thirty_days_late_it_takes_initial_credentialing(office: Office) -> None:
    """The recredentialing file is void by then (NCQA CR 4), and nothing is written."""
    office.does(record_decision, office.file_id, decided(date(2023, 10, 1), INITIAL))
    refused = office.does(record_decision, office.file_id, decided(SECOND))
    assert isinstance(refused, Invalid)
    assert refused.code == "initial_needed"
    assert isinstance(office.does(record_decision, office.file_id, decided(SECOND, INITIAL)), DecisionKept)


def test_a_decision_needs_its_minutes(office: Office) -> None:
    """A surveyor asks where they are."""
    refused = office.does(record_decision, office.file_id, decided(FIRST, INITIAL, reference=""))
    assert isinstance(refused, Invalid)
    assert refused.code == "minutes_missing"


def test_nobody_records_a_decision_on_their_own_file(office: Office) -> None:
    """Whatever else they are; and a provider records none at all."""
    refused = office.does(record_decision, office.file_id, decided(FIRST, INITIAL), by=office.lee)
    assert isinstance(refused, Refused)
    assert refused.code == "never_own_decision"
    assert office.acts()[-1] == "refused"
