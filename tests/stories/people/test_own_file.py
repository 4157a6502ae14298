"""Nobody verifies, decides or keeps their own file, whatever forms they send; guests see no other file than theirs."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from bot.handlers.dispatch.identity import identified
from bot.store.engine import Database
from bot.store.tables import PrivilegeGrant, VerificationRow
from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, approves, row, rows

NOT_YOURS = "Nobody maintains their own file"


@pytest.fixture(params=["sqlite_db", "postgres_db"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each story on both databases."""
    database: Database = request.getfixturevalue(request.param)
    return database.url


def changes(clinic: Clinic, handle: str, whom: str, **values: str) -> None:
    """Sends the form of who a provider is, by its labels."""
    who = getattr(clinic, handle)
    who.types(f"/cred provider {whom}")
    who.fills({label.replace("_", " "): value for label, value in values.items()})
    who.submits()


def test_a_coordinator_cannot_verify_and_decide_their_own_file(clinic: Clinic) -> None:
    """Lee is coordinator and chair. Neither they nor an admin who takes the account off make the file another's."""
    clinic.is_also("lee", "coordinator")
    clinic.is_also("lee", "approver:department_chair")
    clinic.roster(*rows(CORE[1:]), row("license", verified=""))

    changes(clinic, "lee", "@lee", Slack_user="")
    clinic.lee.sees(NOT_YOURS)
    clinic.lee.closes()

    changes(clinic, "ada", "@lee", Slack_user="")
    clinic.ada.sees("Lee Chen's profile was updated.")
    clinic.lee.sees(
        "Ada Novak removed the Slack account of Lee Chen from Lee Chen's file. "
        "If that is not right, please tell an admin.",
        in_="dm",
    )
    clinic.lee.types("/cred verify Lee Chen")
    clinic.lee.sees("Nobody verifies their own file. Please ask another coordinator.")
    with clinic.bot.reading() as session:
        lee = identified(clinic.bot, clinic.workspace.person("lee").id)
        assert lee is not None
        looks = select(VerificationRow).where(col(VerificationRow.verifier_id) == lee.id)
        assert session.exec(looks).all() == []

    clinic.cora.types("/cred verify Lee Chen")
    clinic.cora.submits()
    clinic.cora.fills({"Source": "State licensing board", "Method": "Website", "Number shown": "245871"})
    clinic.cora.fills({"Expiration shown": "2028-12-31", "Status shown": "Active", "Public action shown": "No"})
    clinic.cora.fills({"Reference": "https://board.example/1"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.closes()
    clinic.cora.types("/cred request Lee Chen")
    clinic.cora.fills({"Privileges": ["Psychiatry, core"]})
    clinic.cora.submits()
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    clinic.workspace.invite("privilege-requests", "lee")
    clinic.lee.clicks("Approve", in_=APPROVALS)
    clinic.lee.sees("This request is about you, so others decide it.", in_=APPROVALS)
    with clinic.bot.reading() as session:
        assert session.exec(select(PrivilegeGrant)).all() == []

    changes(clinic, "lee", "Lee Chen", Slack_user="lee")
    clinic.lee.sees(NOT_YOURS)
    clinic.lee.closes()
    assert clinic.acts("refused", "never_own_record") == 2
    assert clinic.acts("refused", "never_own_verification") == 1
    assert clinic.acts("refused", "own_request") == 1
    approves(clinic.dana)
    clinic.dana.sees("Granted by the department chair", in_=APPROVALS)


def test_another_linked_account_is_changed_by_an_admin_and_told(clinic: Clinic) -> None:
    """A coordinator's form is refused with everything typed; an admin's is told to both accounts."""
    changes(clinic, "cora", "@lee", Slack_user="noah")
    clinic.cora.sees(
        "Lee Chen has a Slack account here already, and only an admin changes or removes it. "
        "Nothing was saved: put the account back as it was to save the rest."
    )
    assert clinic.acts("refused", "admins_change_accounts") == 1
    clinic.is_also("ruth", "admin")
    changes(clinic, "ada", "@lee", Slack_user="noah")
    told = "Ada Novak moved Lee Chen's file from the Slack account of Lee Chen to that of Noah Berg."
    for who in (clinic.lee, clinic.noah, clinic.ruth):
        who.sees(told, in_="dm")
    clinic.ada.never_sees(told, in_="dm")


def test_a_role_given_from_the_command_line_is_told(clinic: Clinic) -> None:
    """Whom it is about and the admins read who may do what from now on, and that it is over."""
    clinic.is_given("omar", "approver:department_chair")
    given = "Omar Haddad now has the role approver (department chair), given by cli."
    for who in (clinic.omar, clinic.ada):
        who.sees(f"{given} If that is not right, please tell an admin.", in_="dm")
    clinic.is_no_longer("omar", "approver:department_chair")
    for who in (clinic.omar, clinic.ada):
        who.sees("Omar Haddad no longer has the role approver (department chair), removed by cli.", in_="dm")


def test_their_own_department_a_coordinator_keeps_by_themselves(clinic: Clinic) -> None:
    """What says nothing about who somebody is may be changed by them too; a leave may not."""
    clinic.is_also("lee", "coordinator")
    changes(clinic, "lee", "@lee", Department="Inpatient")
    clinic.lee.sees("Lee Chen's profile was updated.")
    clinic.lee.closes()
    changes(clinic, "lee", "@lee", Type="LCSW", Department="Day clinic")
    clinic.lee.sees(NOT_YOURS)
    clinic.lee.closes()
    clinic.lee.types("/cred leave @lee 2026-12-01 2026-12-20")
    clinic.lee.sees("Nobody records a leave, an end or a return on their own file. Please ask another coordinator.")
    clinic.lee.types("/cred assign @lee @cora")
    clinic.lee.sees(NOT_YOURS)


def test_a_guest_with_an_old_role_holds_none(clinic: Clinic) -> None:
    """Gus was coordinator and approver before the account became a guest's: nothing of it is left."""
    for role in ("admin", "coordinator", "approver"):
        clinic.is_also("gus", role)
    clinic.roster(row("license", verified=""))
    refused = {
        "queue": "As a guest, you can see and change only your own file.",
        "recred": "As a guest, you can see and change only your own file.",
        "away 2026-12-01 2026-12-03 @cora": "Nobody needs to stand in for you here",
        "expiring": "As a guest, you can see and change only your own file.",
        "status @lee": "As a guest, you can see and change only your own file.",
        "privileges @lee": "As a guest, you can see and change only your own file.",
        "status nobody known": "As a guest, you can see and change only your own file.",
        "assign @lee @gus": "As a guest, you can see and change only your own file.",
    }
    for words, said in refused.items():
        clinic.gus.types(f"/cred {words}", in_="dm")
        clinic.gus.sees(said)
    clinic.cora.types("/cred assign @lee @gus")
    clinic.cora.sees("Gus Vale isn't a coordinator")
    clinic.cora.types("/cred assign @lee")
    assert "Gus Vale" not in clinic.cora.options("Responsible coordinator")


@pytest.mark.parametrize(
    "words",
    [
        "Lee Chen",
        "Nobody Such",
        "1234567893",
        "1992999874",
        "lee@home.example",
        "who@home.example",
        "Sam Roe",
        "@lee",
        "@dana",
    ],
)
def test_a_stranger_hears_the_same_of_everybody_known_or_not(clinic: Clinic, words: str) -> None:
    """Names, namesakes, NPIs, addresses and mentions of others: one answer, and each try is in the audit chain."""
    clinic.roster(
        {"name": "Lee Chen", "provider_type": "psychiatrist", "npi": "1234567893", "email": "lee@home.example"},
        {"name": "Sam Roe", "provider_type": "lcsw", "email": "sam@home.example"},
        {"name": "Sam Roe", "provider_type": "psychologist", "email": "roe@home.example"},
    )
    clinic.noah.types(f"/cred status {words}")
    said = clinic.noah.sees("You can see")
    assert said == "You can see and change only your own file. A coordinator can help with any other."
    assert clinic.acts("refused", "stranger") == 1


def test_namesakes_are_told_apart_without_private_things(clinic: Clinic) -> None:
    """Members read type and department; coordinators the end of the NPI too; nobody an address."""
    clinic.roster(
        {"name": "Sam Roe", "provider_type": "lcsw", "npi": "1234567893", "department": "Day clinic"},
        {"name": "Sam Roe", "provider_type": "psychologist", "email": "roe@home.example"},
    )
    clinic.noah.types("/cred privileges sam roe")
    clinic.noah.sees("“sam roe” could be any of these: Sam Roe (lcsw, Day clinic) and Sam Roe (psychologist).")
    clinic.cora.types("/cred status sam roe")
    clinic.cora.sees("Sam Roe (lcsw, Day clinic, NPI …7893) and Sam Roe (psychologist).")
    clinic.noah.types("/cred privileges roe@home.example")
    clinic.noah.sees("I can't find a provider named “roe@home.example”.")
