"""Recording and renewing by form."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import CORRECTION


def test_a_provider_adds_a_credential_by_form(clinic: Clinic) -> None:
    """A bare ``add`` opens an empty form of one's own file."""
    clinic.lee.types("/cred add")
    clinic.lee.fills(
        {"Type": "State license", "State": "NY – New York", "Number": "a-123456", "Expires on": "2027-12-15"}
    )
    clinic.lee.submits()
    clinic.lee.sees("Recorded: State license (NY) for Lee Chen, A-123456, expires Dec 15, 2027.")


def test_a_coordinator_chooses_whose_it_is(clinic: Clinic) -> None:
    """A coordinator without a file of their own is asked for the provider."""
    clinic.cora.types("/cred add")
    clinic.cora.fills({"Provider": "Maya Okafor", "Type": "BLS", "Expires on": "2027-01-15"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: BLS for Maya Okafor")
    clinic.cora.clicks("Verify")
    clinic.cora.sees("BLS for Maya Okafor · on file through Jan 15, 2027")


def test_the_forms_duplicate_becomes_an_update(clinic: Clinic) -> None:
    """What is already on file turns the form into a renewal with the same words in it."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("/cred add")
    clinic.lee.fills({"Type": "BLS", "Expires on": "2028-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("This credential is already on file. Here you can report its renewal, or correct it.")
    assert clinic.lee.modal is not None
    assert clinic.lee.modal.fields["Expires on"] == "2028-12-15"
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded: BLS for Lee Chen, expires Dec 15, 2028.")


def test_an_update_asks_which_of_several(clinic: Clinic) -> None:
    """Whatever is on file can be updated, what expires soonest first."""
    clinic.lee.types("/cred add npi 1234567893")
    clinic.lee.sees("Recorded: NPI")
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.cora.types("/cred update @lee")
    clinic.cora.fills({"Credential": "NPI – on file, to verify"})
    clinic.cora.submits()
    clinic.cora.fills({"Number": "1992999874"})
    clinic.cora.submits()
    clinic.cora.sees("Corrected: NPI for Lee Chen, 1992999874")


def test_a_coordinator_is_asked_whose_credential_to_update(clinic: Clinic) -> None:
    """Named nobody, the form asks for the provider first."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.cora.types("/cred update")
    clinic.cora.fills({"Provider": "Lee Chen"})
    clinic.cora.submits()
    clinic.cora.fills({"Expires on": "2028-12-15"})
    clinic.cora.submits()
    clinic.cora.sees("Renewal recorded: BLS for Lee Chen, expires Dec 15, 2028. Next: verify it at the source.")


def test_an_earlier_date_has_to_be_called_a_correction(clinic: Clinic) -> None:
    """A slip is told from a correction by one tick; what was there before is kept."""
    clinic.lee.types("/cred add bls 2027-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2027-10-15"})
    clinic.lee.submits()
    clinic.lee.sees("This expires earlier than what is on file (Dec 15, 2027).")
    clinic.lee.fills({"Correction": CORRECTION["Correction"]})
    clinic.lee.submits()
    clinic.lee.sees("Why is it corrected? The reason is kept with the earlier entry.")
    clinic.lee.fills({"Why is it corrected?": "Read the wrong month"})
    clinic.lee.submits()
    clinic.lee.sees("Corrected: BLS for Lee Chen, expires Oct 15, 2027. The earlier entry is kept in the record.")


def test_the_date_on_file_is_no_renewal(clinic: Clinic) -> None:
    """On the very day it expires its own date was answered "Corrected"; now the form asks which date is new."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2026-12-15", "Issued on": "2026-11-20"})
    clinic.lee.submits()
    clinic.lee.sees(
        "Dec 15, 2026 is the date already on file. What is the new date? "
        "If only the number or the issue date is wrong, select Correction."
    )
    assert clinic.lee.modal is not None
    assert clinic.lee.modal.fields["Issued on"] == "2026-11-20"
    clinic.lee.fills({"Expires on": "2028-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded: BLS for Lee Chen, expires Dec 15, 2028. Thanks. Nothing more for you to do.")


def test_the_npi_of_whom_it_is_known_needs_no_typing(clinic: Clinic) -> None:
    """It stands in the form already, from a line and from a form that was sent without it."""
    clinic.roster({"name": "Lee Chen", "provider_type": "psychiatrist", "npi": "1234567893"})
    clinic.cora.types("/cred add Lee Chen npi")
    clinic.cora.sees("For Lee Chen")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == "1234567893"
    clinic.cora.submits()
    clinic.cora.sees("Recorded: NPI for Lee Chen, 1234567893.")


def test_a_form_without_the_known_npi_takes_it(clinic: Clinic) -> None:
    """Whoever leaves the number blank is asked only where nobody knows it."""
    clinic.roster({"name": "Lee Chen", "provider_type": "psychiatrist", "npi": "1234567893"})
    clinic.cora.types("/cred add")
    clinic.cora.fills({"Provider": "Maya Okafor", "Type": "NPI"})
    clinic.cora.submits()
    clinic.cora.sees("Which NPI? For example 1234567893.")
    clinic.cora.fills({"Provider": "Lee Chen"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: NPI for Lee Chen, 1234567893.")


def test_a_renewal_reported_by_another_meanwhile_is_shown(clinic: Clinic) -> None:
    """The record moved on while the form was open: what is there now, and everything typed."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2029-01-15", "Issued on": "2026-11-20"})
    clinic.cora.types("/cred update @lee")
    clinic.cora.fills({"Expires on": "2028-12-15"})
    clinic.cora.submits()
    clinic.cora.sees("Renewal recorded")
    clinic.lee.submits()
    said = clinic.lee.sees("This record changed while the form was open: it now says expires Dec 15, 2028.")
    assert "Expires on: 2029-01-15" in said
    assert "Issued on: 2026-11-20" in said
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded: BLS for Lee Chen, expires Jan 15, 2029.")


def test_a_file_without_credentials_has_nothing_to_update(clinic: Clinic) -> None:
    """It is said how to begin."""
    clinic.lee.types("/cred update")
    clinic.lee.sees("There is no credential to update yet. /cred add records the first.")
