"""The bot is in trouble while somebody waits: Slack hears in time, and nothing typed is lost."""

from __future__ import annotations

import time

import pytest

from tests.stories.conftest import Clinic
from tests.stories.trouble import busy, gone, locked

ADDED = "Recorded: BLS for Lee Chen, expires Jan 15, 2027"


def test_a_lock_that_ends_is_waited_for(clinic: Clinic) -> None:
    """Slack is acknowledged at once, and the line is recorded as soon as the database is free."""
    with locked(clinic):
        clinic.cora.types("/cred add @lee bls 2027-01-15")
        assert clinic.cora.outcome.seconds < 3
        clinic.cora.never_sees("Recorded")
    clinic.cora.sees(ADDED)


def test_a_lock_that_stays_is_said_and_the_words_are_kept(clinic: Clinic) -> None:
    """After some seconds the person is told, with a button that says the same words again."""
    with locked(clinic):
        clinic.cora.types("/cred add @lee bls 2027-01-15")
        clinic.cora.sees("I can't reach something I need right now.", timeout=25)
    clinic.cora.clicks("Try again")
    clinic.cora.sees(ADDED)


def test_a_form_that_could_not_be_saved_comes_back_filled(clinic: Clinic) -> None:
    """With the database gone the form is acknowledged in time, and shown again with everything typed."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    with gone(clinic):
        clinic.cora.submits()
        assert clinic.cora.outcome.seconds < 3
        clinic.cora.sees("I can't reach something I need right now.")
        assert clinic.cora.modal is not None
        assert clinic.cora.modal.fields["Type"] == "BLS"
        assert clinic.cora.modal.fields["Expires on"] == "2027-01-15"
    clinic.cora.submits()
    clinic.cora.sees(ADDED)


@pytest.mark.parametrize("words", ["status", "queue", "update", "verify", "add", "request", "expiring", "privileges"])
def test_every_command_is_acknowledged_without_a_database(clinic: Clinic, words: str) -> None:
    """Whatever the words, Slack hears within its three seconds and the person soon after."""
    with gone(clinic):
        clinic.cora.types(f"/cred {words} @lee")
        assert clinic.cora.outcome.seconds < 3
        clinic.cora.sees("I can't reach something I need right now.")


def test_a_form_closed_while_nothing_could_be_saved_is_told_by_message(clinic: Clinic) -> None:
    """Where not even the outbox can be written, what was typed comes back as words."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Number": "<none>", "Expires on": "2027-01-15"})
    clinic.cora.fills({"Number": ""})
    with locked(clinic):
        clinic.cora.submits()
        clinic.cora.closes()
        said = clinic.cora.sees("I couldn't save what you typed", timeout=25, in_="dm")
    assert "Expires on: 2027-01-15" in said


def test_a_form_closed_while_it_was_saved_tells_its_result(clinic: Clinic) -> None:
    """Whoever closes the window hears the result by direct message."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    with locked(clinic):
        clinic.cora.submits()
        clinic.cora.sees("This takes a moment")
        clinic.cora.closes()
    clinic.cora.sees(ADDED, in_="dm")


def test_a_form_closed_while_it_was_refused_can_be_continued(clinic: Clinic) -> None:
    """**Continue** in the direct message opens the form with everything typed and what is wrong."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2026-12-01"})
    with locked(clinic):
        clinic.lee.submits()
        clinic.lee.sees("This takes a moment")
        clinic.lee.closes()
    clinic.lee.sees("Everything you typed is still here", in_="dm")
    clinic.lee.clicks("Continue", in_="dm")
    clinic.lee.sees("This expires earlier than what is on file")
    clinic.lee.fills({"Expires on": "2028-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded", in_=None)


def test_a_form_that_could_not_open_is_opened_by_a_button(clinic: Clinic) -> None:
    """A trigger that Slack takes no more is made up for by a fresh one."""
    clinic.workspace.faults.add("views.open", "cut")
    clinic.cora.types("/cred add @lee bls")
    clinic.cora.sees("The form couldn't open in time.")
    clinic.cora.clicks("Open the form")
    clinic.cora.sees("For Lee Chen")


def test_a_form_that_could_not_be_filled_is_opened_by_a_button(clinic: Clinic) -> None:
    """Nobody is left before a window that says "I am looking it up" for ever."""
    with busy(clinic, waiting=0):
        clinic.cora.types("/cred add @lee bls")
        clinic.cora.sees("I'm looking it up.")
        clinic.workspace.faults.add("views.update", "cut")
    clinic.cora.sees("The form couldn't open in time.")
    clinic.cora.closes()
    clinic.cora.clicks("Open the form")
    clinic.cora.sees("For Lee Chen")


def test_a_buttons_form_that_could_not_open_is_opened_by_another(clinic: Clinic) -> None:
    """The same holds for the form behind a button of a card."""
    clinic.cora.types("/cred status @lee")
    clinic.workspace.faults.add("views.open", "cut")
    clinic.cora.clicks("Add a credential")
    clinic.cora.clicks("Open the form")
    clinic.cora.sees("For Lee Chen")


@pytest.mark.parametrize("triggers_live", [3])
def test_a_trigger_that_grew_old_in_line_is_not_tried(clinic: Clinic) -> None:
    """No loading form could open, and after two seconds in line no other would: the answer is a button."""
    clinic.workspace.faults.add("views.open", "cut")
    with busy(clinic, waiting=0):
        clinic.cora.types("/cred add @lee")
        begun = time.monotonic()
        clinic.eventually(lambda: time.monotonic() - begun > 2.1)
    clinic.cora.sees("The form couldn't open in time.")
    assert "Open the form" in clinic.cora.buttons(near="The form couldn't open")
    assert not [call for call in clinic.workspace.log if call.method == "views.open"]  # but the one that was cut


def test_a_busy_bot_says_so_and_keeps_the_words(clinic: Clinic) -> None:
    """With every thread at work and the line full, the acknowledgement itself says to try again."""
    with busy(clinic):
        clinic.cora.types("/cred add @lee bls 2027-01-15")
        assert clinic.cora.outcome.seconds < 3
        clinic.cora.sees("I'm too busy to do this right now.")
    clinic.cora.clicks("Try again")
    clinic.cora.sees(ADDED)


def test_a_busy_bot_leaves_a_form_as_it_was(clinic: Clinic) -> None:
    """A form submitted to a busy bot stays open, with everything typed."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})
    with busy(clinic):
        clinic.cora.submits()
        clinic.cora.sees("I'm too busy to do this right now.")
        assert clinic.cora.modal is not None
        assert clinic.cora.modal.fields["Expires on"] == "2027-01-15"
    clinic.cora.submits()
    clinic.cora.sees(ADDED)


def test_a_busy_bot_answers_a_click(clinic: Clinic) -> None:
    """A button pressed while all are busy is answered beside them."""
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Psychiatrist")
    with busy(clinic):
        clinic.cora.clicks("Add a credential")
        clinic.cora.sees("I'm too busy to do this right now.")
