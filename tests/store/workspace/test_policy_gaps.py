"""What is on file and no policy in force describes is named, with how much of it there is."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.rules.context import Context
from bot.rules.workspace.policy_gaps import GapKind, PolicyGap
from bot.store import tables
from bot.store.engine import Database
from bot.store.workspace.policy_gaps import policy_gaps
from tests.jobs.building import a_credential, a_grant, a_person, a_provider

TODAY = date(2026, 11, 23)


def gaps(db: Database, ctx: Context) -> list[PolicyGap]:
    with db.reading() as session:
        return policy_gaps(session, ctx.policies, TODAY)


def an_approver(session: Session, name: str, body: str) -> None:
    person_id = a_person(session, f"U{name[:3].upper()}", name, role="approver")
    held = session.exec(select(tables.RoleAssignment).where(tables.RoleAssignment.person_id == person_id)).one()
    held.body = body


def test_what_the_policies_describe_is_no_gap(db: Database, ctx: Context) -> None:
    """A file, a privilege and an approver of the shipped kinds."""
    with db.writing() as session:
        lee = a_provider(session)
        a_credential(session, lee, expires_on=None)
        a_grant(session, lee, "psychotherapy_core", starts_on=TODAY, ends_on=date(2028, 1, 4))
        an_approver(session, "Ruth Adler", "medical_director")

    assert gaps(db, ctx) == []


def test_each_kind_is_counted_by_files(db: Database, ctx: Context) -> None:
    """Two permits of one person are one file; what nobody believes or holds any more does not count."""
    with db.writing() as session:
        lee = a_provider(session)
        session.get_one(tables.ProviderRow, lee).type = "shaman"
        a_credential(session, lee, "permit", state="NY", expires_on=None)
        a_credential(session, lee, "permit", state="NJ", expires_on=None)
        a_credential(session, lee, "license", state="NY", expires_on=None)
        session.exec(select(tables.CredentialRow).where(tables.CredentialRow.type == "license")).one().kind = "squire"
        a_grant(session, lee, "levitation", starts_on=TODAY, ends_on=date(2028, 1, 4))
        a_grant(session, lee, "divination", starts_on=date(2020, 1, 1), ends_on=date(2022, 1, 1))
        an_approver(session, "Kai Moss", "chairs")

    assert gaps(db, ctx) == [
        PolicyGap(GapKind.APPROVERS_BODY, "chairs", 1),
        PolicyGap(GapKind.CREDENTIAL_TYPE, "permit", 1),
        PolicyGap(GapKind.CREDENTIAL_KIND, "license:squire", 1),
        PolicyGap(GapKind.PRIVILEGE, "levitation", 1),
        PolicyGap(GapKind.PROVIDER_TYPE, "shaman", 1),
    ]


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (
            PolicyGap(GapKind.CREDENTIAL_TYPE, "permit", 2),
            (
                "No policy describes the credential type permit, and 2 files have one. "
                "Put credentials/permit.yaml back, in the folder of CREDBOT_POLICIES (docs/policies.md)."
            ),
        ),
        (
            PolicyGap(GapKind.APPROVERS_BODY, "chairs", 1),
            (
                "No policy describes the body chairs, and 1 person is an approver of it. "
                "Take the role away (credbot role revoke USER approver:chairs), or name the body in a step of "
                "routes.yaml, in the folder of "
                "CREDBOT_POLICIES (docs/policies.md)."
            ),
        ),
    ],
)
def test_a_gap_says_what_to_do(gap: PolicyGap, said: str) -> None:
    """Kind, key, how many, and how to mend it."""
    assert str(gap) == said
