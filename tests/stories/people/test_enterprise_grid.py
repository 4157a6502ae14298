"""A workspace of an Enterprise Grid organization: colleagues whose own workspace is another one are colleagues."""

from __future__ import annotations

import pytest

from bot.changes.people.roles import Granted, grant_role, parse_role
from bot.handlers.dispatch.identity import identified
from bot.rules.people.models import CLI, HeldRole
from slack_sandbox.person.actor import Actor
from tests.stories.conftest import ZONE, Clinic
from tests.stories.scenes import row

HOSPITAL, SISTER = "E0HOSPITAL", "T0SISTER"


@pytest.fixture
def enterprise() -> str | None:
    return HOSPITAL


def sister(clinic: Clinic, handle: str, name: str) -> Actor:
    """Somebody of another workspace of the organization."""
    email = f"{handle}@sister.example"
    clinic.workspace.add_person(handle, name, email, ZONE, team_id=SISTER, enterprise=HOSPITAL)
    return clinic.slack.as_(handle)


def test_a_roster_e_mail_of_a_sister_workspace_links(clinic: Clinic) -> None:
    """Whom the import knew by address has their file, and every way of asking for it, from then on."""
    rosa = sister(clinic, "rosa", "Rosa Quist")
    clinic.roster({"name": "Rosa Quist", "email": "rosa@sister.example", "provider_type": "lcsw"})
    rosa.types("/cred add bls 2027-01-15")
    rosa.sees("Recorded: BLS for Rosa Quist")
    rosa.types("status", in_="dm")
    rosa.sees("BLS", in_="dm")


def test_a_role_can_be_granted_in_a_sister_workspace(clinic: Clinic) -> None:
    """A coordinator from there does a coordinator's work: a command, a form and its buttons."""
    sven = sister(clinic, "sven", "Sven Holm")
    person, held = identified(clinic.bot, sven.person.id), parse_role("coordinator")
    assert person is not None
    assert isinstance(held, HeldRole)
    granted = clinic.bot.transact(lambda s: grant_role(s, clinic.bot.context(), CLI, person.id, held))
    assert isinstance(granted, Granted)

    sven.types("/cred add @lee")
    sven.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    sven.submits()
    sven.sees("Recorded: BLS for Lee Chen")


def test_a_reminder_is_answered_from_a_sister_workspace(clinic: Clinic) -> None:
    """A click is heard whatever workspace Slack names as the home of who clicked."""
    rosa = sister(clinic, "rosa", "Rosa Quist")
    clinic.roster(row("license", "2026-12-23") | {"name": "Rosa Quist", "slack_user": rosa.person.id, "npi": ""})
    clinic.on("2026-11-23", "12:05")
    rosa.clicks("Not yet", in_="dm")
    rosa.sees("ask again")


def test_somebody_of_another_organization_is_refused(clinic: Clinic) -> None:
    """Met in a channel shared with a partner: not answered about anybody, and on record as having tried."""
    email = "pat@partner.example"
    clinic.workspace.add_person("pat", "Pat Partner", email, ZONE, team_id="T0PARTNER", enterprise="E0PARTNER")
    pat = clinic.slack.as_("pat")
    pat.types("/cred status @lee")
    pat.sees("Credbot answers only people in its own workspace or organization.")
    assert clinic.acts("refused", "outsider") == 1
    assert identified(clinic.bot, pat.person.id) is None
