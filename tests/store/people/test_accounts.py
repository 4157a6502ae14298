"""People with their roles on a day, who answers for whom, and whom words mean."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.people.models import HeldRole, Person, Role
from bot.store import tables
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.providers import profiles
from tests.support.credentials import RECORDED, TODAY, Office, a_person, open_office

ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def owner(office: Office, admins: tuple[str, ...] = ()) -> str | None:
    with office.db.reading() as session:
        found = accounts.owner_of(session, office.file_id, on=TODAY, admins=admins)
    return found.name if found else None


def grant(session: Session, person_id: int, role: str, since: date) -> None:
    session.add(tables.RoleAssignment(person_id=person_id, role=role, valid_from=since, recorded_at=RECORDED))


def test_a_person_has_the_roles_of_the_day_and_those_of_the_environment(office: Office) -> None:
    """Granted ones from their day on, a provider by the file, an admin by CREDBOT_ADMINS."""
    with office.db.writing() as session:
        grant(session, office.lee.id, "supervisor", date(2026, 12, 1))

    with office.db.reading() as session:
        now = accounts.person_by_slack_id(session, "ULEE", on=TODAY, admins=("ULEE",))
        later = accounts.person_by_slack_id(session, "ULEE", on=date(2026, 12, 1))
    assert now
    assert later
    assert now.roles == {HeldRole(Role.PROVIDER), HeldRole(Role.ADMIN)}
    assert later.roles == {HeldRole(Role.PROVIDER), HeldRole(Role.SUPERVISOR)}


def test_the_recorded_owner_answers_first(office: Office) -> None:
    """Whoever is on the provider's record, ahead of every coordinator."""
    with office.db.writing() as session:
        session.get_one(tables.ProviderRow, office.file_id).owner_id = a_person(session, "Olga")

    assert owner(office) == "Olga"


def test_without_an_owner_the_coordinator_granted_first_answers(office: Office) -> None:
    """Cora has been one since 2020, Ann since this year."""
    with office.db.writing() as session:
        grant(session, a_person(session, "Ann"), "coordinator", date(2026, 1, 1))

    assert owner(office) == "Cora"


def test_whom_slack_cannot_reach_is_passed_over(office: Office) -> None:
    """A deactivated coordinator answers for nobody: an admin does, and at last the team's channel."""
    with office.db.writing() as session:
        session.get_one(tables.PersonRow, office.cora.id).deactivated_at = RECORDED
        a_person(session, "Ada")

    assert owner(office, admins=("UADA",)) == "Ada"
    assert owner(office) is None


def test_nobody_is_the_owner_of_their_own_file(office: Office) -> None:
    """A coordinator who is the provider could not verify it."""
    with office.db.writing() as session:
        session.get_one(tables.ProviderRow, office.file_id).owner_id = office.lee.id

    assert owner(office) == "Cora"


@pytest.mark.parametrize(
    "words",
    ["Lee Chen", " lee  CHEN", "@Lee Chen", "<@ULEE>", "<@ULEE|lee>", "LEE@clinic.example",
     "<mailto:lee@clinic.example|lee@clinic.example>", "1234567893"],
)  # fmt: skip
def test_a_provider_is_named_by_name_mention_address_or_npi(office: Office, words: str) -> None:
    """Exact names in any case; never a part of one."""
    with office.db.writing() as session:
        session.get_one(tables.ProviderRow, office.file_id).npi = "1234567893"

    with office.db.reading() as session:
        assert [found.id for found in profiles.providers_named(session, words)] == [office.file_id]
        assert profiles.providers_named(session, "Lee") == []


def test_names_beyond_ascii_are_found_in_any_case(office: Office) -> None:
    """SQLite's own lower() knows A to Z only."""
    with office.db.writing() as session:
        session.add(tables.ProviderRow(name="José Ångström", type="lcsw"))

    with office.db.reading() as session:
        assert [p.name for p in profiles.providers_named(session, "JOSÉ ÅNGSTRÖM")] == ["José Ångström"]


@pytest.mark.parametrize(
    ("zone", "expected"), [("Europe/London", "Europe/London"), ("Mars/Base", str(ZONE)), (None, str(ZONE))]
)
def test_a_zone_that_nobody_knows_is_the_organizations(zone: str | None, expected: str) -> None:
    """A nudge leaves at nine somewhere, whatever Slack says."""
    assert str(accounts.zone_of(Person(1, "U1", "Lee", time_zone=zone), ZONE)) == expected
