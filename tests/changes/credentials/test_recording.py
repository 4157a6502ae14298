"""Recording: what somebody reports comes into the file once, checked, and waits to be verified."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.changes.credentials.recording import Duplicate, Recorded, RecordOutcome, record_term
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.engine import Database
from bot.store.people import accounts
from tests.support.credentials import LATER, SOON, TODAY, Office, a_person, open_office


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def test_a_reported_credential_waits_to_be_verified(office: Office) -> None:
    """It is on file with its number and expiry, and a coordinator's task is open."""
    recorded = office.holds("license", " a-100 ", SOON, state="ny")

    credential = office.credential(recorded.credential_id)
    assert (credential.jurisdiction, credential.terms[0].number, credential.terms[0].expires_on) == (
        "NY",
        "A-100",
        SOON,
    )
    assert [row.kind for row in office.rows(tables.Deadline) if row.subject_type == "term"] == ["verify"]
    assert office.acts() == ["term_recorded"]


def test_a_second_report_is_offered_as_an_update(office: Office) -> None:
    """One license a state: another number or expiry is an update of the one on file."""
    office.license()

    again = office.does(record_term, office.file_id, CredentialInput("license", "NY", "B-200", None, LATER))

    assert isinstance(again, Duplicate)
    assert (again.term.number, again.same) == ("A-100", False)
    assert len(office.rows(tables.CredentialTerm)) == 1


def test_what_is_on_file_already_is_said_to_be_there(office: Office) -> None:
    """The same words twice change nothing."""
    office.license()

    again = office.does(record_term, office.file_id, CredentialInput("license", "NY", "A-100", None, SOON))

    assert isinstance(again, Duplicate)
    assert again.same


def test_licenses_of_two_states_are_two_credentials(office: Office) -> None:
    """A second state is no duplicate."""
    first = office.license()

    second = office.holds("license", "B-200", SOON, state="NJ")

    assert second.change is RecordOutcome.NEW
    assert second.credential_id != first.credential_id


@pytest.mark.parametrize(
    ("stated", "field", "code"),
    [
        (CredentialInput("license", None, "A-1", None, SOON), "state", "state_missing"),
        (CredentialInput("license", "ZZ", "A-1", None, SOON), "state", "state_unknown"),
        (CredentialInput("license", "NY", "", None, SOON), "number", "number_missing"),
        (CredentialInput("license", "NY", "A-1", None, None), "expires_on", "date_missing"),
        (CredentialInput("license", "NY", "A-1", SOON, LATER), "issued_on", "issued_in_future"),
        (
            CredentialInput("license", "NY", "A-1", date(2025, 1, 1), date(2024, 1, 1)),
            "expires_on",
            "expiry_before_issue",
        ),
        (CredentialInput("license", "NY", "A-1", None, date(2080, 1, 1)), "expires_on", "too_far"),
        (CredentialInput("npi", None, "1234567890"), "number", "npi_check_digit"),
        (CredentialInput("dea", "NY", "AB1234560", None, SOON), "number", "dea_check_digit"),
        (CredentialInput("residency", None, "X1"), "number", "takes_no_number"),
        (CredentialInput("residency", expires_on=SOON), "expires_on", "takes_no_date"),
        (CredentialInput("bls", "NY", None, None, SOON), "state", "takes_no_state"),
        (CredentialInput("driving", None, "1", None, SOON), "type", "unknown_type"),
    ],
)
def test_what_cannot_be_right_names_its_field(
    sqlite_db: Database, ctx: Context, stated: CredentialInput, field: str, code: str
) -> None:
    """Nothing is written, and the form learns which field to ask again."""
    office = open_office(sqlite_db, ctx)

    problem = office.does(record_term, office.file_id, stated)

    assert isinstance(problem, Invalid)
    assert (problem.field, problem.code) == (field, code)
    assert office.rows(tables.CredentialRow) == []


def test_a_stranger_is_refused_and_it_is_on_record(office: Office) -> None:
    """Who has no business with a file changes nothing, and the attempt has an audit event."""
    with office.db.writing() as session:
        a_person(session, "Sam")
    with office.db.reading() as session:
        sam = accounts.person_by_slack_id(session, "USAM", on=office.ctx.today)
    assert sam

    refused = office.does(record_term, office.file_id, CredentialInput("license", "NY", "A-1", None, SOON), by=sam)

    assert isinstance(refused, Refused)
    assert refused.code == "stranger"
    assert office.acts() == ["refused"]


def test_an_npi_becomes_the_providers_own(office: Office) -> None:
    """The credential's number and the provider's NPI are one and the same."""
    office.holds("npi", "1234567893")

    assert office.rows(tables.ProviderRow)[0].npi == "1234567893"


def test_another_providers_npi_is_refused(office: Office) -> None:
    """An NPI belongs to one person for life."""
    with office.db.writing() as session:
        session.add(tables.ProviderRow(name="Ann Other", type="lcsw", npi="1234567893"))

    problem = office.does(record_term, office.file_id, CredentialInput("npi", None, "1234567893"))

    assert isinstance(problem, Invalid)
    assert (problem.field, problem.code, problem.facts["name"]) == ("number", "npi_taken", "Ann Other")


def test_two_different_npis_in_one_file_are_an_error(office: Office) -> None:
    """The number that the provider is known by has to be the credential's."""
    with office.db.writing() as session:
        session.get_one(tables.ProviderRow, office.file_id).npi = "1993999998"

    problem = office.does(record_term, office.file_id, CredentialInput("npi", None, "1234567893"))

    assert isinstance(problem, Invalid)
    assert (problem.code, problem.facts["on_file"]) == ("npi_differs", "1993999998")


def test_a_dea_number_of_another_name_is_only_a_warning(office: Office) -> None:
    """Names change: the number is recorded, and the letter that fits no name is pointed out."""
    fits = office.does(record_term, office.file_id, CredentialInput("dea", "NY", "FC4817269", None, SOON))
    odd = office.does(record_term, office.file_id, CredentialInput("dea", "NJ", "AB1234563", None, SOON))

    assert isinstance(fits, Recorded)
    assert isinstance(odd, Recorded)
    assert (fits.warnings, odd.warnings) == ((), ("dea_name",))


def test_an_expiry_that_has_passed_is_only_a_warning(office: Office) -> None:
    """It may be the truth of an old file: it is recorded, and the day is pointed out. Today's still counts."""
    over = office.does(
        record_term, office.file_id, CredentialInput("license", "NY", "A-100", None, TODAY - timedelta(days=1))
    )
    today = office.does(record_term, office.file_id, CredentialInput("license", "NJ", "A-100", None, TODAY))

    assert isinstance(over, Recorded)
    assert isinstance(today, Recorded)
    assert (over.warnings, today.warnings) == (("expired",), ())
