"""The demo's clinic is believable, and right in every digit."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot import policies as policy_files
from bot.changes.roster.reader import read_rows
from bot.demo import clinic
from bot.rules.policy import Policies
from slack_sandbox.workspace import Workspace

TODAY = date(2026, 11, 23)


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(domain=clinic.DOMAIN)


@pytest.fixture
def rows(workspace: Workspace, tmp_path: Path) -> list[dict[str, str]]:
    clinic.settle_in(workspace)
    with clinic.write_roster(workspace, TODAY, tmp_path / "roster.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_providers_of_each_type(rows, policies: Policies):
    """Twelve providers, two of every type that ships."""
    types = Counter(provider_type for _, provider_type in {(row["name"], row["provider_type"]) for row in rows})
    assert types == dict.fromkeys(policies.provider_types, 2)


def test_two_providers_have_no_slack_account(rows):
    """Two of them can only be reached through their owner."""
    assert len({row["name"] for row in rows if not row["slack_user"]}) == 2


def test_every_credential_type_is_there(rows, policies: Policies):
    """The clinic holds a credential of every type that ships."""
    assert {row["credential"] for row in rows} == set(policies.credentials)


def test_credentials_in_all_conditions(rows):
    """Some expire in 60, 30, 7 and 1 days, one did last week, and some are not verified."""
    left = {(date.fromisoformat(row["expires_on"]) - TODAY).days for row in rows if row["expires_on"]}
    assert left >= {60, 30, 7, 1, -6}
    assert any(not row["verified_on"] for row in rows)


def test_the_import_takes_every_cell(workspace, tmp_path: Path, policies: Policies):
    """The roster import finds nothing wrong: numbers, check digits, dates, names of types."""
    clinic.settle_in(workspace)
    read = read_rows(clinic.write_roster(workspace, TODAY, tmp_path / "roster.csv"), policies, TODAY)
    assert isinstance(read, list), read


def test_nobody_real_can_be_written_to(workspace):
    """Every e-mail address ends in a domain that cannot exist."""
    clinic.settle_in(workspace)
    people = [person for person in workspace.people.all() if not person.bot]
    assert all(person.email.endswith(".test") for person in people)


def test_the_bot_is_in_private_channels_only(workspace):
    """The approvals and team channels are private and have the bot in them; the public one does not."""
    staff = clinic.settle_in(workspace)
    bot = workspace.app.bot_user
    channels = {use: workspace.conversations.get(channel) for use, channel in staff.channels.items()}
    assert {use for use, channel in channels.items() if channel and bot in channel.members} == {"approvals", "team"}
    assert all(channel and channel.kind == "private" for use, channel in channels.items() if use != "general")


def test_the_clinics_own_policies_load():
    """The folder that the demo puts over the shipped policies names the clinic and its states."""
    organization = policy_files.load(clinic.POLICIES).organization
    assert (organization.name, organization.states) == ("Riverbend Behavioral Health", ("NY", "NJ"))
