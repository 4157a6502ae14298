"""The recredentialing clock, as a coordinator sees and stops it."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import row


def decided(clinic: Clinic, on: str) -> None:
    """Lee's file, as it was decided on that day."""
    clinic.roster(row("mate") | {"last_decision_on": on})


def records(clinic: Clinic, on: str, decision: str = "Recredentialing", **more: str) -> None:
    facts = {"Decision": decision, "Decided by": "credentials committee", "Decided on": on, "Minutes": "CC 2026-11"}
    clinic.cora.fills(facts | more)
    clinic.cora.submits()


def test_a_coordinator_sees_who_is_late_and_who_is_due(clinic: Clinic) -> None:
    """`/cred recred` lists them, the longest late first; a file without a decision is counted."""
    decided(clinic, "2023-11-10")
    clinic.cora.types("/cred recred")
    said = clinic.cora.sees("Late, a finding")
    assert "recredentialing was due 13 days ago, Nov 10, 2026" in said
    assert "1 file has no decision on record" in clinic.cora.reads()


def test_the_owner_is_reminded_and_records_the_decision(clinic: Clinic) -> None:
    """Half a year before, the coordinator hears; **Record a decision** starts the clock anew."""
    decided(clinic, "2024-01-15")
    clinic.on("2026-11-23", "11:05")
    clinic.cora.sees("Recredentialing is due in 53 days, Jan 15, 2027: 36 months after the decision", in_="dm")
    clinic.cora.clicks("Record a decision", in_="dm")
    records(clinic, "2026-11-20")
    clinic.cora.sees("Recredentialing is due by Nov 20, 2029.")
    clinic.cora.closes()
    clinic.delivered()
    assert "Record a decision" not in clinic.cora.buttons(near="Recredentialing")
    clinic.lee.types("/cred recred")
    clinic.lee.sees("Recredentialing is due in 1093 days, Nov 20, 2029")


def test_late_is_said_every_monday_and_in_the_digest(clinic: Clinic) -> None:
    """A finding is always reported: to the owner each Monday, to the team in its digest."""
    decided(clinic, "2023-11-26")
    clinic.on("2026-11-30")
    clinic.cora.sees("Late, a finding: recredentialing was due 4 days ago, Nov 26, 2026", in_="dm")
    assert "Recredentialing is late, a finding" in clinic.cora.reads("#credentialing")


def test_what_was_typed_wrong_comes_back_with_why(clinic: Clinic) -> None:
    """A day in the future: the form says so and keeps everything typed."""
    clinic.cora.types("/cred recred @lee")
    clinic.cora.sees("No decision is on record, so there is no due date.")
    clinic.cora.clicks("Record a decision")
    records(clinic, "2027-01-15", "Initial credentialing")
    clinic.cora.sees("This date is in the future. When was it decided?")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Minutes"] == "CC 2026-11"
    records(clinic, "2026-11-20", "Initial credentialing")
    clinic.cora.sees("Recredentialing is due by Nov 20, 2029.")


def test_a_provider_sees_their_own_clock_only(clinic: Clinic) -> None:
    """Lee reads his own due date, without a button; Maya's is none of his business."""
    decided(clinic, "2024-01-15")
    clinic.lee.types("/cred recred")
    clinic.lee.sees("Recredentialing is due in 53 days")
    assert "Record a decision" not in clinic.lee.buttons()
    clinic.lee.types("/cred recred @maya")
    clinic.lee.sees("only")
