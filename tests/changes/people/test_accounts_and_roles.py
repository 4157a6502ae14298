"""People as Slack shows them, the roles that admins give them, and the providers that coordinators keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.changes.people.accounts import person_meant, remember_person
from bot.changes.people.roles import Granted, Revoked, grant_role, list_roles, parse_role, revoke_role, write_role
from bot.changes.providers.profiles import ProviderFacts, Saved, save_provider
from bot.rules.context import Context
from bot.rules.people.models import CLI, HeldRole, Person, Role
from bot.rules.refusals import Invalid, Refused
from bot.store import tables
from bot.store.engine import Database
from bot.store.people import accounts
from bot.store.people.accounts import Profile
from bot.store.providers import profiles
from tests.support.credentials import HIRED, RECORDED, TODAY, Office, a_person, open_office

LEE = ProviderFacts(name="Lee Chen", type="psychiatrist")


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def remembered(office: Office, profile: Profile) -> Person:
    with office.db.writing() as session:
        return remember_person(session, office.ctx, profile)


def held_by(office: Office, slack_user_id: str, on: date = TODAY) -> frozenset[HeldRole]:
    with office.db.reading() as session:
        found = accounts.person_by_slack_id(session, slack_user_id, on=on)
    return found.roles if found else frozenset()


def test_somebody_new_is_kept_as_slack_shows_them(office: Office) -> None:
    """Name, address and zone; hearing the same again writes no second event."""
    profile = Profile("UNEW", "Noor", "Noor@Clinic.example", "Europe/London")

    noor = remembered(office, profile)
    remembered(office, profile)

    assert (noor.name, noor.email, noor.time_zone, noor.roles) == (
        "Noor", "noor@clinic.example", "Europe/London", frozenset()
    )  # fmt: skip
    assert office.acts() == ["person_remembered"]


def test_an_address_that_waited_becomes_the_account(office: Office) -> None:
    """An import knew an owner by e-mail only: the same person now has a Slack id."""
    with office.db.writing() as session:
        waiting = a_person(session, "Olga", slack_user_id=None)

    olga = remembered(office, Profile("UOLGA", "Olga Ruiz", "olga@clinic.example"))

    assert olga.id == waiting


def test_two_records_of_one_person_become_one(office: Office) -> None:
    """Known by id to us and by address to an import: what pointed at the address points at the account."""
    with office.db.writing() as session:
        account = a_person(session, "Olga", email=None)
        address = a_person(session, "olga", slack_user_id=None)
        session.get_one(tables.ProviderRow, office.file_id).owner_id = address

    remembered(office, Profile("UOLGA", "Olga", "olga@clinic.example"))

    assert office.rows(tables.ProviderRow)[0].owner_id == account


def test_an_account_finds_the_provider_with_its_address(office: Office) -> None:
    """Whoever was imported by e-mail gets their file as soon as Slack knows the address."""
    with office.db.writing() as session:
        session.add(tables.ProviderRow(name="Maya", type="lcsw", email="Maya@clinic.example"))

    maya = remembered(office, Profile("UMAYA", "Maya", "maya@clinic.example"))

    assert HeldRole(Role.PROVIDER) in maya.roles
    assert "provider_linked" in office.acts()


def test_a_deactivated_account_is_noted_and_nothing_ends(office: Office) -> None:
    """It is a question to the owner, never a termination."""
    gone = remembered(office, Profile("ULEE", "Lee", "lee@clinic.example", deactivated=True))

    assert (gone.deactivated, gone.provider_id) == (True, office.file_id)
    assert office.acts() == ["account_deactivated"]


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("coordinator", HeldRole(Role.COORDINATOR)),
        ("Approver", HeldRole(Role.APPROVER)),
        ("approver:credentials_committee", HeldRole(Role.APPROVER, "credentials_committee")),
        ("approver:department_chair@Adult Psychiatry", HeldRole(Role.APPROVER, "department_chair", "Adult Psychiatry")),
    ],
)
def test_roles_are_written_as_words(words: str, held: HeldRole) -> None:
    """An approver may act for one body, and for one department's chair."""
    assert parse_role(words) == held


@pytest.mark.parametrize(
    ("words", "code"),
    [("boss", "unknown_role"), ("coordinator:x", "role_without_body"), ("approver:", "body_missing"),
     ("approver:chair@", "body_missing")],
)  # fmt: skip
def test_words_that_are_no_role_are_not_guessed(words: str, code: str) -> None:
    """A slip grants nothing."""
    problem = parse_role(words)

    assert isinstance(problem, Invalid)
    assert problem.code == code


def test_roles_add_up_and_are_granted_once(office: Office) -> None:
    """The command line acts as an admin; a second grant of the same changes nothing."""
    chair = HeldRole(Role.APPROVER, "department_chair")

    first = office.does(grant_role, office.cora.id, chair, by=CLI)
    second = office.does(grant_role, office.cora.id, chair, by=CLI)

    assert isinstance(first, Granted)
    assert isinstance(second, Granted)
    assert (first.changed, second.changed) == (True, False)
    assert office.acts() == ["role_granted"]
    assert held_by(office, "UCORA") == {HeldRole(Role.COORDINATOR), chair}


@pytest.mark.parametrize(("body", "closest"), [("credential_committee", "credentials_committee"), ("chairs", None)])
def test_a_body_that_no_route_asks_is_refused(office: Office, body: str, closest: str | None) -> None:
    """Nobody would notice that an approver approves for a body that does not exist; those there are stand beside it."""
    problem = office.does(grant_role, office.cora.id, HeldRole(Role.APPROVER, body), by=CLI)

    assert isinstance(problem, Invalid)
    assert problem.code == "unknown_body"
    assert problem.facts["closest"] == closest
    assert problem.facts["known"] == ["credentials_committee", "department_chair", "medical_director"]


def test_a_role_of_a_body_that_no_route_asks_any_more_can_be_taken(office: Office) -> None:
    """As doctor says to do."""
    held = HeldRole(Role.APPROVER, "chairs")
    office.does(lambda session, ctx, actor: write_role(session, ctx, actor, office.lee.id, held))

    assert isinstance(office.does(revoke_role, office.lee.id, held, by=CLI), Revoked)


def test_only_admins_give_roles(office: Office) -> None:
    """A coordinator who tries is refused, and it is on record."""
    refused = office.does(grant_role, office.lee.id, HeldRole(Role.AUDITOR))

    assert isinstance(refused, Refused)
    assert refused.code == "admins_only"
    assert office.acts() == ["refused"]


@pytest.mark.parametrize("flag", ["guest", "bot", "deactivated"])
def test_guests_and_bots_hold_no_role(office: Office, flag: str) -> None:
    """Guests have their own file and nothing else."""
    profile: Any = replace(Profile("UGUS", "Gus"), **{flag: True})

    refused = office.does(grant_role, remembered(office, profile).id, HeldRole(Role.COORDINATOR), by=CLI)

    assert isinstance(refused, Refused)
    assert (refused.code, refused.facts["kind"]) == ("cannot_hold_role", flag)


def test_a_revoked_role_was_held_until_yesterday(office: Office) -> None:
    """Who could do what on a day stays known; a role that is not held cannot be taken."""
    done = office.does(revoke_role, office.cora.id, HeldRole(Role.COORDINATOR), by=CLI)
    again = office.does(revoke_role, office.cora.id, HeldRole(Role.COORDINATOR), by=CLI)

    assert isinstance(done, Revoked)
    assert isinstance(again, Refused)
    assert held_by(office, "UCORA") == frozenset()
    assert held_by(office, "UCORA", on=TODAY - timedelta(days=1)) == {HeldRole(Role.COORDINATOR)}
    assert office.acts() == ["role_revoked"]


def test_the_list_names_everybody_who_holds_something(office: Office) -> None:
    """Grants with their date, then the environment's admins."""
    with office.db.writing() as session:
        a_person(session, "Admin")

    with office.db.reading() as session:
        rows = list_roles(session, office.ctx)

    assert [(row.person.name, row.held.role, row.since) for row in rows] == [
        ("Cora", Role.COORDINATOR, date(2020, 1, 1)),
        ("Admin", Role.ADMIN, None),
    ]


def test_a_slack_id_that_is_new_is_kept_by_itself(office: Office) -> None:
    """A first admin can be granted before anybody asked Slack; an unknown address cannot."""
    with office.db.writing() as session:
        by_id = person_meant(session, office.ctx, "<@UFIRST1|first>")
        by_mail = person_meant(session, office.ctx, "Cora@clinic.example")
        nobody = person_meant(session, office.ctx, "who@clinic.example")

    assert isinstance(by_id, Person)
    assert by_id.slack_user_id == "UFIRST1"
    assert isinstance(by_mail, Person)
    assert by_mail.name == "Cora"
    assert isinstance(nobody, Invalid)


def test_a_coordinator_opens_and_changes_a_file(office: Office) -> None:
    """Each has one event, with what was there before."""
    new = office.does(save_provider, None, replace(LEE, name="  Maya   Okafor ", npi="1234567893"))
    assert isinstance(new, Saved)
    office.does(save_provider, new.provider.id, replace(LEE, name="Maya Okafor", npi="1234567893", department="ED"))

    [_, added, changed] = office.rows(tables.AuditEvent)
    assert (added.act, changed.act) == ("provider_added", "provider_changed")
    assert changed.before
    assert changed.after
    assert (changed.before["name"], changed.before["department"], changed.after["department"]) == (
        "Maya Okafor", None, "ED"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"name": " "}, "name", "name_missing"),
        ({"type": "wizard"}, "type", "unknown_type"),
        ({"npi": "1234567890"}, "npi", "npi_check_digit"),
    ],
)
def test_a_file_needs_a_name_a_type_and_a_true_npi(office: Office, said: dict[str, Any], field: str, code: str) -> None:
    """Nothing is written otherwise."""
    problem = office.does(save_provider, office.file_id, replace(LEE, person_id=office.lee.id, **said))

    assert isinstance(problem, Invalid)
    assert (problem.field, problem.code) == (field, code)


def test_a_provider_does_not_open_files(office: Office) -> None:
    """Who a provider is, coordinators record."""
    refused = office.does(save_provider, None, replace(LEE, name="Somebody"), by=office.lee)

    assert isinstance(refused, Refused)
    assert refused.code == "coordinators_only"


def test_an_account_belongs_to_one_provider(office: Office) -> None:
    """Neither a bot nor somebody else's account becomes a provider's."""
    robot = remembered(office, Profile("UBOT", "Robot", bot=True))

    codes = [
        refused.code
        for person in (office.lee.id, robot.id)
        if isinstance(refused := office.does(save_provider, None, replace(LEE, name="Maya", person_id=person)), Refused)
    ]

    assert codes == ["is_another_provider", "is_a_bot"]


def test_an_npi_that_a_colleague_cleared_does_not_open_a_second_file(office: Office) -> None:
    """Whoever's it was can record no new file with it; a colleague can, and that is then theirs, too."""
    with office.db.writing() as session:
        session.get_one(tables.ProviderRow, office.file_id).npi = "1234567893"
        session.add(
            tables.RoleAssignment(person_id=office.lee.id, role="coordinator", valid_from=HIRED, recorded_at=RECORDED)
        )
    office.does(save_provider, office.file_id, replace(LEE, person_id=office.lee.id))

    def lee() -> Person:
        with office.db.reading() as session:
            found = accounts.person(session, office.lee.id, on=TODAY)
        assert found
        return found

    second = replace(LEE, name="Sam Roe", email=None, npi="1234 567 893")
    refused = office.does(save_provider, None, second, by=lee())
    saved = office.does(save_provider, None, replace(second, npi="1234567893"))

    assert isinstance(refused, Refused)
    assert refused.code == "never_own_record"
    assert isinstance(saved, Saved)
    assert lee().own_files == {office.file_id, saved.provider.id}


def test_an_emptied_npi_comes_back_from_its_credential(office: Office) -> None:
    """The credential's number is the provider's NPI, whatever a form leaves out; another one is an error."""
    office.holds("npi", "1234567893")

    saved = office.does(save_provider, office.file_id, replace(LEE, npi=None, person_id=office.lee.id))
    differs = office.does(save_provider, office.file_id, replace(LEE, npi="1993999998", person_id=office.lee.id))

    assert isinstance(saved, Saved)
    assert saved.provider.npi == "1234567893"
    assert isinstance(differs, Invalid)
    assert differs.code == "npi_differs"


def test_nobody_gives_themselves_a_role(office: Office) -> None:
    """An admin who would also approve asks another admin; the attempt is in the chain."""
    ada = replace(office.cora, roles=frozenset({HeldRole(Role.ADMIN)}))
    refused = office.does(grant_role, ada.id, HeldRole(Role.APPROVER), by=ada)

    assert isinstance(refused, Refused)
    assert refused.code == "never_own_role"
    [_, event] = office.rows(tables.AuditEvent)
    assert (event.act, event.reason) == ("refused", "never_own_role")


def test_a_role_with_power_is_told_to_them_and_to_the_admins(office: Office) -> None:
    """Given and taken; a reader's role is nobody's news."""
    with office.db.writing() as session:
        ada = a_person(session, "Ada", role="admin")
    chair = HeldRole(Role.APPROVER, "department_chair")
    office.does(grant_role, office.cora.id, chair, by=CLI)
    office.does(revoke_role, office.cora.id, chair, by=CLI)
    office.does(grant_role, office.cora.id, HeldRole(Role.AUDITOR), by=CLI)

    said = [(row.channel, row.facts["what"], row.facts["role"]) for row in office.rows(tables.OutboxMessage)]
    both = [f"person:{office.cora.id}", f"person:{ada}"]
    assert said == [(one, what, "approver") for what in ("given", "taken") for one in both]


def test_an_admin_who_is_one_no_more_hears_of_it(office: Office) -> None:
    """Whoever takes an admin's role away cannot keep it from them."""
    with office.db.writing() as session:
        ada = a_person(session, "Ada", role="admin")
    office.does(revoke_role, ada, HeldRole(Role.ADMIN), by=CLI)

    assert [row.channel for row in office.rows(tables.OutboxMessage)] == [f"person:{ada}"]


def test_an_old_role_of_a_guest_is_listed_as_without_effect(office: Office) -> None:
    """It was granted before the account became a guest's, and can still be revoked."""
    with office.db.writing() as session:
        gus = a_person(session, "Gus", role="coordinator", guest=True)
    with office.db.reading() as session:
        listed = {row.person.name: row.in_effect for row in list_roles(session, office.ctx)}
    taken = office.does(revoke_role, gus, HeldRole(Role.COORDINATOR), by=CLI)

    assert listed == {"Cora": True, "Gus": False}
    assert isinstance(taken, Revoked)


OWN = {
    "another type": {"type": "lcsw"},
    "another NPI": {"npi": "1992999874"},
    "another name": {"name": "Lena Chan"},
    "another address": {"email": "somebody@else.example"},
    "no account": {"person_id": None},
    "an owner": {"owner_id": 1},
    "a backup": {"backup_id": 1},
}


@pytest.mark.parametrize("said", OWN.values(), ids=OWN.keys())
@pytest.mark.parametrize("was", ["linked", "linked once", "of the same address"])
def test_of_their_own_file_a_coordinator_changes_next_to_nothing(
    office: Office, said: dict[str, Any], was: str
) -> None:
    """However the file is theirs; the department they may."""
    with office.db.writing() as session:
        row = session.get_one(tables.ProviderRow, office.file_id)
        row.person_id, row.email = (office.lee.id if was == "linked" else None), "lee@clinic.example"
        if was != "of the same address":
            row.email = None
        if was == "linked once":
            session.add(tables.FormerAccount(provider_id=row.id or 0, person_id=office.lee.id, until=RECORDED))
        session.add(
            tables.RoleAssignment(person_id=office.lee.id, role="coordinator", valid_from=HIRED, recorded_at=RECORDED)
        )
    with office.db.reading() as session:
        lee = accounts.person(session, office.lee.id, on=TODAY)
        row = session.get_one(tables.ProviderRow, office.file_id)
    facts = replace(LEE, person_id=row.person_id, email=row.email)
    if said == OWN["no account"] and was != "linked":
        said = {"person_id": office.lee.id}

    refused = office.does(save_provider, office.file_id, replace(facts, **said), by=lee)
    kept = office.does(save_provider, office.file_id, replace(facts, department="Inpatient"), by=lee)

    assert isinstance(refused, Refused)
    assert refused.code == "never_own_record"
    assert isinstance(kept, Saved)


@pytest.mark.parametrize("said", [{"person_id": 1}, {"email": "CORA@clinic.example"}])
@pytest.mark.parametrize("new", [True, False])
def test_nobody_makes_a_file_their_own(office: Office, said: dict[str, Any], new: bool) -> None:
    """By an account or an address: a colleague opens and links it."""
    with office.db.writing() as session:
        session.get_one(tables.ProviderRow, office.file_id).person_id = None
    said = {"person_id": office.cora.id} if "person_id" in said else said
    refused = office.does(save_provider, None if new else office.file_id, replace(LEE, **said))

    assert isinstance(refused, Refused)
    assert refused.code == "never_own_record"


def test_an_account_taken_away_does_not_come_back_by_its_address(office: Office) -> None:
    """An admin took it off the file: Slack's address of it links nothing again, a person may."""
    moved = office.does(save_provider, office.file_id, replace(LEE, email="lee@clinic.example"), by=CLI)
    remembered(office, Profile("ULEE", "Lee", "lee@clinic.example"))

    assert isinstance(moved, Saved)
    with office.db.reading() as session:
        assert profiles.provider_of(session, office.lee.id) is None
        assert session.get_one(tables.ProviderRow, office.file_id).person_id is None
    back = office.does(save_provider, office.file_id, replace(LEE, person_id=office.lee.id), by=CLI)
    assert isinstance(back, Saved)
    assert back.provider.person_id == office.lee.id
