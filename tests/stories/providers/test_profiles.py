"""Who a provider is: begun, changed, and found again."""

from __future__ import annotations

from tests.stories.conftest import Clinic


def test_a_coordinator_begins_a_file_from_a_mention(clinic: Clinic) -> None:
    """Account, name and address come from Slack; the rest is asked once."""
    clinic.cora.types("/cred provider @noah")
    clinic.cora.fills({"Type": "LMHC", "NPI": "1234567893", "Department": "Day clinic", "Hired on": "2024-03-01"})
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Name"] == "Noah Berg"
    assert clinic.cora.modal.fields["E-mail"] == "noah@riverbend.example"
    clinic.cora.submits()
    clinic.cora.sees("Noah Berg was added.")
    clinic.noah.types("/cred status")
    clinic.noah.sees("LMHC")


def test_a_provider_without_slack_is_found_by_name_and_npi(clinic: Clinic) -> None:
    """Wherever a mention stands, an exact name or an NPI does too."""
    clinic.cora.types("/cred provider Jane van der Berg")
    clinic.cora.fills({"Type": "LCSW", "NPI": "1234567893"})
    clinic.cora.submits()
    clinic.cora.sees("Jane van der Berg was added.")
    clinic.cora.closes()
    for words in ("jane van der berg", "1234567893"):
        clinic.cora.types(f"/cred add {words} bls 2027-01-15")
    clinic.cora.sees("Recorded: BLS for Jane van der Berg")
    clinic.cora.sees("This is already on file exactly as entered.")


def test_a_guest_can_be_made_a_provider(clinic: Clinic) -> None:
    """A coordinator may begin a file for a guest, who then reaches it and nothing else."""
    clinic.cora.types("/cred provider @gus")
    clinic.cora.fills({"Type": "LMFT"})
    clinic.cora.submits()
    clinic.cora.sees("Gus Vale was added.")
    clinic.gus.types("/cred status", in_="dm")
    clinic.gus.sees("LMFT")


def test_a_record_is_shown_as_it_is_and_changed(clinic: Clinic) -> None:
    """The form opens with what is recorded; what it does not ask stays."""
    clinic.cora.types("/cred provider @lee")
    clinic.cora.fills({"Department": "Inpatient"})
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Name"] == "Lee Chen"
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen's profile was updated.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Psychiatrist · Inpatient")


def test_a_wrong_npi_comes_back_with_everything_typed(clinic: Clinic) -> None:
    """The check digit is looked at before anything is kept."""
    clinic.cora.types("/cred provider Jane Doe")
    clinic.cora.fills({"Type": "LCSW", "NPI": "1234567890", "Department": "Day clinic"})
    clinic.cora.submits()
    clinic.cora.sees("The check digit of the NPI “1234567890” doesn't fit")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Department"] == "Day clinic"
    clinic.cora.fills({"NPI": "1234567893"})
    clinic.cora.submits()
    clinic.cora.sees("Jane Doe was added.")


def test_an_npi_belongs_to_one_person(clinic: Clinic) -> None:
    """The number of a colleague is refused, naming whose it is."""
    clinic.cora.types("/cred add @maya npi 1234567893")
    clinic.cora.sees("Recorded: NPI for Maya Okafor")
    clinic.cora.types("/cred provider @lee")
    clinic.cora.fills({"NPI": "1234567893"})
    clinic.cora.submits()
    clinic.cora.sees("Maya Okafor already has this NPI.")


def test_a_provider_may_not_change_who_they_are(clinic: Clinic) -> None:
    """The record of a person is kept by coordinators."""
    clinic.lee.types("/cred provider @lee")
    clinic.lee.sees("Only coordinators can do this.")
    assert clinic.acts("refused", "coordinators_only") == 1


def test_two_coordinators_do_not_overwrite_each_other(clinic: Clinic) -> None:
    """The second one sees what the first has changed, and everything they typed themselves."""
    clinic.cora.types("/cred provider @lee")
    clinic.cora.fills({"Department": "Inpatient"})
    clinic.ada.types("/cred provider @lee")
    clinic.ada.fills({"Department": "Day clinic", "Hired on": "2024-03-01"})
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen's profile was updated.")
    clinic.ada.submits()
    clinic.ada.sees("Someone else changed this record while the form was open. It now says department: Inpatient.")
    assert clinic.ada.modal is not None
    assert clinic.ada.modal.fields["Department"] == "Day clinic"
    assert clinic.ada.modal.fields["Hired on"] == "2024-03-01"
    clinic.ada.submits()
    clinic.ada.sees("Lee Chen's profile was updated.")
