"""Whose own a file is: by account, by address, by NPI, then and now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.people.models import HeldRole, Person, Role
from bot.store import tables
from bot.store.engine import Database
from bot.store.people import accounts
from tests.support.credentials import HIRED, RECORDED, TODAY, Office, a_person, open_office


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def a_file(session: Session, **facts: object) -> int:
    row = tables.ProviderRow(name="Cora Diaz", type="lcsw", **facts)
    session.add(row)
    session.flush()
    assert row.id
    return row.id


def cora(office: Office) -> Person:
    with office.db.reading() as session:
        found = accounts.person(session, office.cora.id, on=TODAY)
    assert found
    return found


def test_the_account_that_is_or_was_linked(office: Office) -> None:
    """Taken off the file or moved to another account, it stays whose it was."""
    with office.db.writing() as session:
        linked = a_file(session, person_id=office.cora.id)
        once = a_file(session)
        session.add(tables.FormerAccount(provider_id=once, person_id=office.cora.id, until=datetime.now(UTC)))

    assert cora(office).own_files == {linked, once}
    assert cora(office).provider_id == linked


def test_the_same_address_in_any_case(office: Office) -> None:
    """Slack's address of somebody is the file's, however it is written."""
    with office.db.writing() as session:
        theirs = a_file(session, email="CORA@Clinic.example")

    assert cora(office).own_files == {theirs}
    assert office.lee.own_files == {office.file_id}


def test_an_npi_that_their_file_has_or_had(office: Office) -> None:
    """A number is one person's for life: freed from their file and given to another row, it shows whose that is."""
    with office.db.writing() as session:
        linked = a_file(session, person_id=office.cora.id, npi="1992999874")
        held = tables.CredentialRow(provider_id=linked, type="npi")
        session.add(held)
        session.flush()
        was = tables.CredentialTerm(
            credential_id=held.id or 0, number="1234567893", valid_from=HIRED, recorded_at=RECORDED,
            superseded_at=RECORDED, ended_as="corrected",
        )  # fmt: skip
        session.add(was)
        other = a_file(session, npi="1234567893")
        a_file(session, npi="1679576722")

    assert cora(office).own_files == {linked, other}


def test_an_npi_that_stood_only_on_a_file_and_was_cleared(office: Office) -> None:
    """Cleared by a colleague, it is still theirs: a file that has or had it is their own."""
    with office.db.writing() as session:
        linked = a_file(session, person_id=office.cora.id)
        other, third = a_file(session, npi="1234567893"), a_file(session)
        session.add(tables.FormerNpi(provider_id=linked, npi="1234567893", until=RECORDED))
        session.add(tables.FormerNpi(provider_id=third, npi="1234567893", until=RECORDED))

    assert cora(office).own_files == {linked, other, third}


def test_nobody_answers_for_what_is_or_was_their_own(office: Office) -> None:
    """Owner, backup, who stands in, and the medical director: the next in line takes their place."""
    with office.db.writing() as session:
        ann = a_person(session, "Ann", role="coordinator")
        a_person(session, "Ruth", role="approver", body="medical_director")
        once = a_file(session, owner_id=office.cora.id, backup_id=office.cora.id)
        session.add(tables.FormerAccount(provider_id=once, person_id=office.cora.id, until=datetime.now(UTC)))
    with office.db.reading() as session:
        responsible = accounts.responsible_for(session, [once], on=TODAY)[once]
        [ruth] = accounts.medical_directors(session, on=TODAY)

    assert responsible.owner
    assert (responsible.owner.id, responsible.backup) == (ann, None)
    assert accounts.director_for(once, [replace(ruth, own_files=frozenset({once}))]) is None


@pytest.mark.parametrize("account", [{"guest": True}, {"bot": True}, {"deactivated_at": RECORDED}])
def test_an_account_that_may_hold_no_role_holds_none(office: Office, account: dict[str, object]) -> None:
    """Whatever was granted, by the environment too; only being a provider stays."""
    with office.db.writing() as session:
        old = a_person(session, "Old", role="coordinator", **account)
        for role in ("admin", "approver", "auditor", "supervisor"):
            session.add(tables.RoleAssignment(person_id=old, role=role, valid_from=HIRED, recorded_at=RECORDED))
        theirs = a_file(session, person_id=old)
    with office.db.reading() as session:
        found = accounts.person(session, old, on=TODAY, admins=("UOLD",))
        holding = {role: accounts.holding(session, role, on=TODAY, admins=("UOLD",)) for role in Role}

    assert found
    assert (found.roles, found.provider_id) == ({HeldRole(Role.PROVIDER)}, theirs)
    assert all(one.id != old for held in holding.values() for one in held)


def test_a_guest_who_is_recorded_as_owner_does_not_act(office: Office) -> None:
    """An account that became a guest's keeps the name on the record; the next coordinator answers."""
    with office.db.writing() as session:
        gus = a_person(session, "Gus", role="coordinator", guest=True)
        session.get_one(tables.ProviderRow, office.file_id).owner_id = gus
    with office.db.reading() as session:
        owner = accounts.owner_of(session, office.file_id, on=TODAY)

    assert owner
    assert owner.id == office.cora.id
