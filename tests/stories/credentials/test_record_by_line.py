"""Recording a credential by one line of words."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic


def test_a_coordinator_records_a_license_in_one_line(clinic: Clinic) -> None:
    """A complete line is recorded at once, and says what comes next."""
    clinic.cora.types("/cred add @lee license NY A-123456 2027-12-15")
    said = clinic.cora.sees("Recorded: State license (NY) for Lee Chen, A-123456")
    assert "Dec 15, 2027" in said
    assert clinic.cora.modal is None
    assert "Verify" in clinic.cora.buttons(near="Recorded: State license")


def test_a_provider_reports_their_own(clinic: Clinic) -> None:
    """A line without a person is about whoever types it, and a coordinator looks at it next."""
    clinic.lee.types("/cred add BLS Jan 15, 2027")
    clinic.lee.sees("Recorded: BLS for Lee Chen, expires Jan 15, 2027. A coordinator will verify it next.")
    assert "Verify" not in clinic.lee.buttons(near="Recorded: BLS")


def test_a_day_that_has_passed_is_recorded_and_pointed_out(clinic: Clinic) -> None:
    """A mistyped year is seen at once; what really has expired is on file as such."""
    clinic.cora.types("/cred add @lee license NY A-123456 2026-01-15")
    clinic.cora.sees(
        "expires Jan 15, 2026. Next: verify it at the source.\nThat date has passed, so it counts as expired."
    )


def test_a_renewal_that_has_passed_is_pointed_out(clinic: Clinic) -> None:
    """The form's answer says it as well."""
    clinic.cora.types("/cred add @lee bls 2024-10-31")
    clinic.cora.sees("That date has passed")
    clinic.cora.types("/cred update @lee")
    clinic.cora.fills({"Expires on": "2026-10-31"})
    clinic.cora.submits()
    assert "That date has passed" in clinic.cora.sees("Renewal recorded: BLS for Lee Chen, expires Oct 31, 2026")


@pytest.mark.parametrize("typed", ["2027-01-15", "Jan 15, 2027", "January 15th, 2027", "1/15/2027", "15.1.2027"])
def test_a_date_is_read_as_people_type_it(clinic: Clinic, typed: str) -> None:
    """Every usual way to write a day is understood."""
    clinic.cora.types(f"/cred add @lee bls {typed}")
    clinic.cora.sees("Recorded: BLS for Lee Chen, expires Jan 15, 2027")


def test_a_type_is_found_by_its_label_in_any_case(clinic: Clinic) -> None:
    """The longest match over keys, labels and aliases is the type; the words before it are the person."""
    clinic.cora.types("/cred add Lee Chen sTaTe LiCeNsE nj x.42-77 2027-12-15")
    clinic.cora.sees("Recorded: State license (NJ) for Lee Chen, X.42-77")


def test_what_never_expires_takes_no_date(clinic: Clinic) -> None:
    """An NPI is recorded without a date, and found by it ever after."""
    clinic.cora.types("/cred add @lee npi 1234567893")
    clinic.cora.sees("Recorded: NPI for Lee Chen, 1234567893.")
    clinic.cora.types("/cred status 1234567893")
    clinic.cora.sees("NPI · 1234567893\nOn file, to verify")


def test_a_date_with_two_readings_is_asked(clinic: Clinic) -> None:
    """An ambiguous date opens the form with everything else in it and both readings named."""
    clinic.cora.types("/cred add @lee license NY A-123456 3/4/2027")
    clinic.cora.sees("could be Mar 4, 2027 or Apr 3, 2027")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == "A-123456"
    clinic.cora.fills({"Expires on": "2027-03-04"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen, A-123456, expires Mar 4, 2027")


def test_a_duplicate_is_offered_as_an_update(clinic: Clinic) -> None:
    """What is already on file is not recorded twice: its renewal can be reported with what was typed."""
    clinic.cora.types("/cred add @lee license NY A-123456 2026-12-15")
    clinic.cora.sees("Recorded")
    clinic.cora.types("/cred add @lee license NY A-123456 2028-12-15")
    clinic.cora.sees("is already on file: A-123456, expires Dec 15, 2026")
    clinic.cora.clicks("Report renewal")
    clinic.cora.sees("on file through Dec 15, 2026")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Expires on"] == "2028-12-15"
    clinic.cora.submits()
    clinic.cora.sees("Renewal recorded: State license (NY) for Lee Chen, expires Dec 15, 2028")


def test_the_same_line_twice_changes_nothing(clinic: Clinic) -> None:
    """Exactly what is already on file is said to be so."""
    for _ in range(2):
        clinic.cora.types("/cred add @lee license NY A-123456 2027-12-15")
    clinic.cora.sees("This is already on file exactly as entered. Nothing was changed.")


def test_a_line_without_a_person_asks_a_coordinator_whose(clinic: Clinic) -> None:
    """Nothing typed is lost when the person is missing: the form asks for them."""
    clinic.cora.types("/cred add license NY A-123456 2027-12-15")
    clinic.cora.clicks("Open the form")
    clinic.cora.fills({"Provider": "Maya Okafor"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: State license: NP (NY) for Maya Okafor, A-123456, expires Dec 15, 2027")


def test_an_odd_dea_number_is_recorded_with_a_warning(clinic: Clinic) -> None:
    """A second letter that fits no last name is only a warning, since names change."""
    clinic.cora.types("/cred add @lee dea NY BZ1234563 2027-12-15")
    said = clinic.cora.sees("Recorded: DEA")
    assert "second letter of a DEA number" in said


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("license NY 245871 exp 12/31/2027", "245871"),
        ("license NY 1.012345- 12/31/2027", "1.012345"),
        ("license NY NO.123456 expires Dec 31, 2027", "123456"),
        ("malpractice MPL-204418 EFF 1/1/2026 EXP 12/31/2027", "MPL-204418"),
        ("dea NY FC4817269-R5678 12/31/2027", "FC4817269-R5678"),
        ("license NY 12/345 exp. 12/31/2027", "12/345"),
        ("license NY 7A 12/31/2027", "7A"),
        ("bls 245603172845 12/31/2027", "245603172845"),
    ],
)
def test_a_number_is_what_stands_there(clinic: Clinic, words: str, number: str) -> None:
    """Words about a number and the marks around it are no part of it: 245871EXP was on file once."""
    clinic.cora.types(f"/cred add @lee {words}")
    clinic.cora.sees(f"for Lee Chen, {number}, expires Dec 31, 2027.")
    assert clinic.cora.modal is None


def test_a_word_that_nobody_understood_records_nothing(clinic: Clinic) -> None:
    """The form opens with what was understood, and names what was not."""
    clinic.cora.types("/cred add @lee license NY 245871 temporary exp 12/31/2027")
    clinic.cora.sees("I didn't understand “temporary”, so nothing is recorded yet.")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == "245871"
    assert clinic.cora.modal.fields["Expires on"] == "2027-12-31"
    clinic.cora.types("/cred status @lee")
    clinic.cora.never_sees("245871, expires")
    clinic.cora.submits()
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen, 245871, expires Dec 31, 2027.")
