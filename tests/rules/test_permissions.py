"""Who may: every role against every act."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rules.people.models import CLI, HeldRole, Person, Role
from bot.rules.permissions import Permission, may
from bot.rules.providers.models import Provider

LEE = Provider(1, "Lee Chen", "psychiatrist", person_id=10, supervisor_id=50)


def person(*roles: Role, id: int = 99, provider_id: int | None = None) -> Person:
    return Person(id, "U99", "Somebody", roles=frozenset(HeldRole(r) for r in roles), provider_id=provider_id)


PEOPLE = {
    "the provider": person(id=10, provider_id=1),
    "the provider, known by account": person(id=10),
    "the provider, linked from another account": person(provider_id=1),
    "another provider": person(provider_id=2),
    "coordinator": person(Role.COORDINATOR),
    "admin": person(Role.ADMIN),
    "auditor": person(Role.AUDITOR),
    "their supervisor": person(Role.SUPERVISOR, id=50),
    "a supervisor no longer": person(id=50),
    "another supervisor": person(Role.SUPERVISOR),
    "approver": person(Role.APPROVER),
    "medical director": replace(person(), roles=frozenset({HeldRole(Role.APPROVER, "medical_director")})),
    "a director whose own file it once was": replace(
        person(), roles=frozenset({HeldRole(Role.APPROVER, "medical_director")}), own_files=frozenset({1})
    ),
    "cli": CLI,
}
PROVIDER = {who for who in PEOPLE if who.startswith("the provider")}
STAFF = {"coordinator", "admin", "cli"}
ALLOWED = {
    Permission.SEE_FILE: {"auditor", "medical director"} | PROVIDER | STAFF,
    Permission.SEE_DATES: {"auditor", "medical director", "their supervisor"} | PROVIDER | STAFF,
    Permission.ADD: PROVIDER | STAFF,
    Permission.UPDATE: PROVIDER | STAFF,
    Permission.VERIFY: STAFF,
    Permission.FIX: STAFF,
    Permission.DECIDE_FILE: STAFF,
    Permission.EXPIRING: {"auditor"} | STAFF,
    Permission.START_NUDGING: STAFF,
    Permission.REQUEST: PROVIDER | STAFF,
    Permission.CHANGE_STATUS: STAFF,
    Permission.CHANGE_RECORD: STAFF,
    Permission.SEE_ACTIVE: set(PEOPLE),
    Permission.CHANGE_SETTINGS: {"admin", "cli"},
}


@pytest.mark.parametrize("act", list(Permission))
def test_the_table_of_who_may(act: Permission) -> None:
    """For each act on Lee's file, exactly the named people may."""
    assert {who for who, somebody in PEOPLE.items() if may(somebody, act, LEE) is None} == ALLOWED[act]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
def test_nobody_verifies_their_own_file(role: Role) -> None:
    """A coordinator who is also a provider needs a colleague."""
    refused = may(person(role, id=10, provider_id=1), Permission.VERIFY, LEE)

    assert refused is not None
    assert refused.code == "never_own_verification"


@pytest.mark.parametrize("act", list(Permission))
def test_a_guest_acts_on_their_own_file_only(act: Permission) -> None:
    """Whatever roles a guest holds; verifying, lists and settings are nobody's own."""
    guest = replace(person(Role.ADMIN, id=10, provider_id=1), guest=True)
    own = {
        Permission.SEE_FILE,
        Permission.SEE_DATES,
        Permission.ADD,
        Permission.UPDATE,
        Permission.REQUEST,
        Permission.SEE_ACTIVE,
    }

    assert (may(guest, act, LEE) is None) == (act in own)
    assert may(guest, act, replace(LEE, id=2, person_id=11)) is not None


@pytest.mark.parametrize(
    ("somebody", "act", "code"),
    [
        (replace(PEOPLE["admin"], deactivated=True), Permission.SEE_FILE, "deactivated"),
        (replace(PEOPLE["admin"], bot=True), Permission.SEE_FILE, "bot"),
        (replace(PEOPLE["approver"], guest=True), Permission.SEE_ACTIVE, "own_file_only"),
        (PEOPLE["approver"], Permission.SEE_FILE, "stranger"),
        (PEOPLE["approver"], Permission.VERIFY, "coordinators_only"),
        (PEOPLE["the provider"], Permission.EXPIRING, "coordinators_only"),
        (PEOPLE["coordinator"], Permission.CHANGE_SETTINGS, "admins_only"),
    ],
)
def test_a_refusal_says_which_rule_it_is(somebody: Person, act: Permission, code: str) -> None:
    """Each kind of refusal has its own words, and carries the act."""
    refused = may(somebody, act, LEE)

    assert refused is not None
    assert (refused.code, refused.facts) == (code, {"act": act})


def test_a_new_provider_is_nobodys_own_file() -> None:
    """Without a file in question only staff may add."""
    assert may(PEOPLE["coordinator"], Permission.ADD) is None
    assert may(PEOPLE["the provider"], Permission.ADD) is not None


@pytest.mark.parametrize(
    "theirs",
    [
        person(Role.ADMIN, id=10),
        person(Role.ADMIN, provider_id=1),
        replace(person(Role.ADMIN), own_files=frozenset({1})),
        replace(person(Role.ADMIN), email="Lee@Clinic.example"),
    ],
)
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Permission.VERIFY, "never_own_verification"),
        (Permission.FIX, "never_own_mistake"),
        (Permission.DECIDE_FILE, "never_own_decision"),
        (Permission.CHANGE_STATUS, "never_own_status"),
        (Permission.CHANGE_RECORD, "never_own_record"),
    ],
)
def test_what_nobody_does_to_their_own_file(theirs: Person, act: Permission, code: str) -> None:
    """Whatever makes it theirs: the account now or once, or the address."""
    refused = may(theirs, act, replace(LEE, email="lee@clinic.example"))

    assert refused is not None
    assert refused.code == code


def test_what_makes_a_file_ones_own_opens_nothing() -> None:
    """An account that was linked once, by mistake perhaps, reads and changes no more than any other."""
    once = replace(person(), own_files=frozenset({1}))

    assert all(
        may(once, act, LEE)
        for act in (Permission.SEE_FILE, Permission.SEE_DATES, Permission.ADD, Permission.UPDATE, Permission.REQUEST)
    )
