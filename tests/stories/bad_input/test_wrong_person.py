"""Asking about the wrong person, or for the wrong person's file."""

from __future__ import annotations

import pytest

from slack_sandbox.connection import payloads
from slack_sandbox.connection.sending import send
from tests.stories.conftest import Clinic


def test_a_colleague_who_is_no_provider_has_no_file(clinic: Clinic) -> None:
    """It is said who has none, and how one is begun."""
    clinic.cora.types("/cred status @noah")
    clinic.cora.sees("I can't find a provider named “Noah Berg”. A coordinator can add one with /cred provider.")


def test_a_bot_has_no_file(clinic: Clinic) -> None:
    """A mention of a bot is told for what it is."""
    clinic.workspace.add_person("robo", "Robo", "robo@riverbend.example", "America/New_York", bot=True)
    clinic.cora.types("/cred add @robo bls 2027-01-15")
    clinic.cora.sees("Robo is a bot and has no file.")


def test_a_deactivated_account_is_told_for_what_it_is(clinic: Clinic) -> None:
    """Somebody who left and never had a file is not looked for any longer."""
    clinic.workspace.add_person("olga", "Olga Petit", "olga@riverbend.example", "America/New_York", deactivated=True)
    clinic.cora.types("/cred status @olga")
    clinic.cora.sees("Olga Petit is deactivated in Slack. Type the provider's name or NPI instead.")


def test_a_guest_without_a_file_is_told_for_what_they_are(clinic: Clinic) -> None:
    """A guest has a file only where a coordinator began one."""
    clinic.cora.types("/cred status @gus")
    clinic.cora.sees("Gus Vale is a guest and has no file here.")


@pytest.mark.parametrize("words", ["status", "add", "update", "eligible psychotherapy_core", "request"])
def test_a_stranger_gets_nobodys_file(clinic: Clinic, words: str) -> None:
    """Somebody without a role reads nothing of another's file, and the attempt is on record."""
    clinic.cora.types("/cred add @lee license NY Q-424242 2027-12-15")
    clinic.cora.sees("Recorded")
    clinic.noah.types(f"/cred {words} @lee")
    clinic.noah.sees("You can see and change only your own file.")
    assert "Q-424242" not in clinic.noah.reads()
    assert clinic.acts("refused", "stranger") == 1


def test_a_provider_gets_no_colleagues_file(clinic: Clinic) -> None:
    """Being a provider opens one's own file, no one else's."""
    clinic.maya.types("/cred status @lee")
    clinic.maya.sees("You can see and change only your own file.")


def test_a_stranger_may_not_verify_or_list(clinic: Clinic) -> None:
    """What coordinators do is said to be theirs."""
    clinic.noah.types("/cred verify")
    clinic.noah.sees("Only coordinators can do this.")
    clinic.noah.types("/cred expiring")
    clinic.noah.types("/cred provider @lee")
    clinic.eventually(lambda: clinic.noah.reads().count("Only coordinators can do this.") >= 1)
    clinic.noah.never_sees("Expiring within")


def test_somebody_without_a_file_learns_how_to_get_one(clinic: Clinic) -> None:
    """Nobody is left with an empty answer."""
    clinic.noah.types("/cred status")
    clinic.noah.sees("You have no file here yet. A coordinator can add one with /cred provider.")


def test_a_bots_account_cannot_be_made_a_providers(clinic: Clinic) -> None:
    """The form says why, and keeps what was typed."""
    clinic.workspace.add_person("robo", "Robo", "robo@riverbend.example", "America/New_York", bot=True)
    clinic.cora.types("/cred provider Jane Doe")
    clinic.cora.fills({"Type": "LCSW", "Slack user": "robo", "Department": "Day clinic"})
    clinic.cora.submits()
    clinic.cora.sees("Robo is a bot")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Name"] == "Jane Doe"
    assert clinic.cora.modal.fields["Department"] == "Day clinic"


def test_another_providers_account_cannot_be_taken(clinic: Clinic) -> None:
    """One account is one provider."""
    clinic.cora.types("/cred provider Jane Doe")
    clinic.cora.fills({"Type": "LCSW", "Slack user": "lee"})
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen is another provider's account.")


def test_a_deactivated_person_who_still_sends_is_refused(clinic: Clinic) -> None:
    """Whoever was deactivated a moment ago changes nothing any more."""
    clinic.lee.types("/cred status")
    clinic.lee.sees("Psychiatrist")
    lee = clinic.workspace.person("lee")
    channel = clinic.workspace.direct_message(lee.id).id
    clinic.leaves("lee")
    url = f"{clinic.server.url}/response/x/y"
    sent = payloads.command(clinic.workspace, lee, channel, name="/cred", text="add bls 2027-01-15", response_url=url)
    send(clinic.workspace, "slash_commands", sent)
    clinic.eventually(lambda: clinic.acts("refused", "deactivated") == 1)
    assert clinic.acts("term_recorded") == 0
