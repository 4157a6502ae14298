"""The door: who is heard, by what way, and who is not."""

from __future__ import annotations

import pytest

from slack_sandbox.connection import payloads
from slack_sandbox.connection.sending import send
from tests.stories.conftest import Clinic


def test_the_same_words_work_in_a_direct_message(clinic: Clinic) -> None:
    """A message to the bot is answered as the command would be."""
    clinic.cora.types("add @lee license NY A-123456 2027-12-15")
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen, A-123456", in_="dm")


def test_a_direct_message_that_needs_a_form_gets_a_button(clinic: Clinic) -> None:
    """Words in a message open no modal by themselves; the button beside the answer does."""
    clinic.lee.types("/cred add bls 2027-01-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("update", in_="dm")
    clinic.lee.clicks("Open the form", in_="dm")
    clinic.lee.sees("BLS for Lee Chen · on file through Jan 15, 2027")


def test_a_mention_is_answered_by_direct_message(clinic: Clinic) -> None:
    """Nothing about a person is said in the channel where the bot was asked."""
    clinic.cora.types("@credbot status @lee", in_="#general")
    clinic.cora.sees("Psychiatrist · responsible: Cora Diaz", in_="dm")
    clinic.noah.never_sees("Psychiatrist")


def test_a_bare_mention_is_answered_with_help(clinic: Clinic) -> None:
    """Who only calls the bot learns what it understands."""
    clinic.noah.types("@credbot", in_="#general")
    clinic.noah.sees("What you can ask me", in_="dm")


def test_the_same_message_delivered_twice_is_answered_once(clinic: Clinic) -> None:
    """Slack may deliver an event again; the person reads one answer."""
    clinic.workspace.faults.add("events_api", "duplicate_envelope")
    clinic.cora.types("help")
    clinic.cora.sees("What you can ask me", in_="dm")
    clinic.cora.never_sees("nothing else")
    assert clinic.cora.reads("dm").count("What you can ask me") == 1


def test_a_command_delivered_twice_changes_nothing_twice(clinic: Clinic) -> None:
    """The repeat of a line that was recorded is not even mentioned."""
    clinic.workspace.faults.add("slash_commands", "duplicate_envelope")
    clinic.cora.types("/cred add @lee bls 2027-01-15")
    clinic.cora.sees("Recorded: BLS for Lee Chen")
    clinic.cora.never_sees("already on file")


def test_a_form_delivered_twice_is_saved_once(clinic: Clinic) -> None:
    """The result of the first stays before the person's eyes."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    clinic.workspace.faults.add("interactive", "duplicate_envelope")
    clinic.cora.submits()
    clinic.cora.sees("Recorded: BLS for Lee Chen")
    clinic.cora.never_sees("already arrived")
    assert clinic.cora.modal is not None
    assert "Recorded: BLS" in clinic.cora.modal.text


def test_a_guest_reaches_their_own_file_only(clinic: Clinic) -> None:
    """A guest who is a provider sees and changes their own file, and nothing else."""
    gus = clinic.workspace.person("gus").id
    clinic.roster({"name": "Gus Vale", "slack_user": gus, "provider_type": "lcsw"})
    clinic.gus.types("/cred add bls 2027-01-15", in_="dm")
    clinic.gus.sees("Recorded: BLS for Gus Vale")
    for line in ("status @lee", "privileges @lee", "add @lee bls 2027-01-15", "expiring"):
        clinic.gus.types(f"/cred {line}", in_="dm")
    clinic.gus.sees("As a guest, you can see and change only your own file")
    clinic.gus.never_sees("Lee Chen")
    assert clinic.acts("refused", "own_file_only") == 4


def test_somebody_from_outside_is_not_answered_about_anybody(clinic: Clinic) -> None:
    """A payload of another workspace is refused, and leaves an audit event."""
    cora = clinic.workspace.person("cora")
    url = f"{clinic.server.url}/response/x/y"
    channel = clinic.workspace.direct_message(cora.id).id
    forged = payloads.command(clinic.workspace, cora, channel, name="/cred", text="status <@U1>", response_url=url) | {
        "team_id": "TELSEWHERE"
    }
    assert send(clinic.workspace, "slash_commands", forged).notice is None
    clinic.eventually(lambda: clinic.acts("refused", "outsider") == 1)


@pytest.mark.parametrize("words", ["STATUS @lee", "  status   @lee  ", "Status\t@lee"])
def test_words_are_read_in_any_case_and_spacing(clinic: Clinic, words: str) -> None:
    """Capitals, tabs and spaces around the words make no difference."""
    clinic.cora.types(f"/cred {words}")
    clinic.cora.sees("Psychiatrist · responsible: Cora Diaz")
