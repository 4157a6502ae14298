"""What a person sees after a form, a command or a button, however long the work and the way to Slack take."""

from __future__ import annotations

import threading
import time

import pytest

from bot import executor
from tests.stories.conftest import Clinic
from tests.stories.scenes import row
from tests.stories.trouble import busy, locked

ADDED = "Recorded: BLS for Lee Chen, expires Jan 15, 2027"


@pytest.fixture
def unhurried(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, the acknowledgement waits for what comes of it."""
    monkeypatch.setattr(executor, "ACK_WITHIN", 60)
    clinic.workspace.ack_seconds = 90


def calls(clinic: Clinic, method: str) -> int:
    """How many Web API calls of a method there were."""
    return len([call for call in clinic.workspace.log if call.method == method])


def fills_in(clinic: Clinic) -> None:
    """Cora has the form of a certificate filled in."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "BLS", "Expires on": "2027-01-15"})


@pytest.mark.usefixtures("unhurried")
def test_a_saved_form_is_its_own_acknowledgement(clinic: Clinic) -> None:
    """The result stands where the form stood, without another call that "Saving…" could paint over."""
    fills_in(clinic)
    clinic.cora.submits()
    clinic.cora.sees(ADDED)
    assert calls(clinic, "views.update") == 0


@pytest.mark.usefixtures("unhurried")
def test_what_is_wrong_with_a_form_stands_at_its_field(clinic: Clinic) -> None:
    """A coordinator who leaves out what the type needs reads it under the field, and everything typed stays."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "State license", "State": "NY – New York", "Number": "245871"})
    clinic.cora.submits()
    assert clinic.cora.modal is not None
    assert list(clinic.cora.modal.errors) == ["Expires on"]
    assert clinic.cora.modal.fields["Number"] == "245871"


@pytest.mark.usefixtures("unhurried")
def test_a_form_opens_filled_at_once(clinic: Clinic) -> None:
    """One call shows the form as it is meant; nothing blinks."""
    clinic.cora.types("/cred add @lee bls")
    clinic.cora.sees("For Lee Chen")
    assert (calls(clinic, "views.open"), calls(clinic, "views.update")) == (1, 0)


def test_a_form_that_takes_longer_opens_while_it_is_looked_up(clinic: Clinic) -> None:
    """All threads are at work: the form stands there while its trigger lives, and fills once it is known."""
    with busy(clinic, waiting=0):
        clinic.cora.types("/cred add @lee")
        clinic.cora.sees("I'm looking it up.")
    clinic.cora.sees("For Lee Chen")


@pytest.mark.parametrize("journey", [0.3, 2.5])
def test_saving_never_stays(clinic: Clinic, journey: float) -> None:
    """The acknowledgement "Saving…" reaches Slack after the result was shown: the result is shown once more."""
    fills_in(clinic)
    clinic.workspace.ack_travels = lambda: journey
    with locked(clinic):
        clinic.cora.submits()
        assert clinic.cora.outcome.seconds < 3
        if journey < 1:
            assert clinic.cora.modal is not None
            assert clinic.cora.modal.title == "Saving…"
    clinic.cora.sees(ADDED)
    clinic.eventually(lambda: clinic.cora.modal is not None and ADDED in str(clinic.cora.modal), patience=10)
    time.sleep(0.1)
    assert ADDED in str(clinic.cora.modal)


def test_what_somebody_went_on_to_is_not_painted_over(clinic: Clinic) -> None:
    """The result led to the next form; showing the result once more does not take that away."""
    fills_in(clinic)
    with locked(clinic):
        clinic.cora.submits()
    clinic.cora.sees(ADDED)
    clinic.cora.clicks("Verify")
    clinic.cora.sees("Verified on")
    time.sleep(3.5)
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.title == "Verify at the source"


def test_a_form_closed_while_it_is_saved_is_answered_by_direct_message(clinic: Clinic) -> None:
    """Cora does not wait: what came of it reaches her all the same."""
    fills_in(clinic)
    with locked(clinic):
        clinic.cora.submits()
        clinic.cora.closes()
    clinic.cora.sees(ADDED, in_="dm")


def test_a_form_that_arrives_twice_shows_one_result(clinic: Clinic) -> None:
    """Slack delivers the form twice: both acknowledgements carry the result, and it is recorded once."""
    fills_in(clinic)
    clinic.workspace.faults.add("interactive", "duplicate_envelope")
    clinic.cora.submits()
    clinic.cora.sees(ADDED)
    time.sleep(0.2)
    assert ADDED in str(clinic.cora.modal)
    assert clinic.acts("term_recorded") == 1


def test_whoever_reads_does_not_wait_for_what_is_refused(clinic: Clinic) -> None:
    """Noah asks for what he may not: each try is recorded, and waits for that; Lee's question does not."""
    clinic.roster(row("license", "2026-12-31"))
    with locked(clinic):
        for _ in range(20):
            clinic.noah.types("/cred expiring", may_fail=True)
            clinic.noah.types("status", in_="dm", may_fail=True)
        begun = time.monotonic()
        clinic.lee.types("/cred status")
        clinic.lee.sees("State license")
        assert time.monotonic() - begun < 3


def test_whoever_reads_does_not_wait_for_an_answer_on_its_way(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack does not take the answer that came too late for its acknowledgement; the next question is answered."""
    arrived, go_on = threading.Event(), threading.Event()

    def takes_its_time(*_: object) -> bool:
        arrived.set()
        return go_on.wait(60)

    clinic.roster(row("license", "2026-12-31"))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(executor, "ACK_WITHIN", 0)
        meanwhile.setattr(type(clinic.bot.slack), "respond", takes_its_time)
        clinic.lee.types("/cred status")
        assert arrived.wait(60)
    clinic.lee.types("/cred status")
    clinic.lee.sees("State license")
    go_on.set()


def test_whoever_reads_does_not_wait_for_those_who_write(clinic: Clinic) -> None:
    """Forty lines wait for a locked database; Lee's question is answered meanwhile."""
    clinic.roster(row("license", "2026-12-31"))
    with locked(clinic):
        for n in range(5):
            clinic.cora.types(f"/cred add @lee bls 2027-01-{n + 10}")
        begun = time.monotonic()
        clinic.lee.types("/cred status")
        clinic.lee.sees("State license")
        assert time.monotonic() - begun < 3
