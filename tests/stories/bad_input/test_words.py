"""Words that are wrong in some way: a clear answer, and nothing typed is lost."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic


def test_an_unknown_command_offers_the_closest_with_all_that_followed(clinic: Clinic) -> None:
    """The closest command, its example, and a button that says it with the rest of the line."""
    clinic.cora.types("/cred statsu @lee on 2026-12-01")
    said = clinic.cora.sees("I don't know /cred statsu")
    assert "Did you mean /cred status @Lee Chen on 2026-12-01?" in said
    assert "For example /cred status @lee" in said
    clinic.cora.clicks("Yes, /cred status")
    clinic.cora.sees("Psychiatrist · responsible: Cora Diaz")


def test_words_near_nothing_get_examples(clinic: Clinic) -> None:
    """What resembles no command is repeated, with what could be typed instead."""
    clinic.noah.types("/cred zzzzz 42 apples")
    said = clinic.noah.sees("I don't know /cred zzzzz 42 apples")
    assert "For example /cred status" in said


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("Feb 31, 2027", "There is no such day as “Feb 31, 2027”"),
        ("2027-02-31", "There is no such day as “2027-02-31”"),
        ("1/15/27", "“1/15/27”: please write the year with four digits"),
        ("2099-01-15", "more than 50 years ahead"),
    ],
)
def test_an_impossible_date_in_a_line_opens_the_form_with_the_rest(clinic: Clinic, date: str, why: str) -> None:
    """The form says what is wrong with the date, and holds everything else."""
    clinic.cora.types(f"/cred add @lee license NY A-123456 {date}")
    clinic.cora.sees(why)
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == "A-123456"
    assert clinic.cora.modal.fields["Type"] == "State license"
    assert clinic.cora.modal.fields["State"] == "NY – New York"
    clinic.cora.fills({"Expires on": "2027-02-28"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen, A-123456, expires Feb 28, 2027")


def test_impossible_dates_in_the_form_are_told_at_their_fields(clinic: Clinic) -> None:
    """Everything that needs no database is said at once, and the form stays as it was."""
    clinic.cora.types("/cred add @lee bls")
    clinic.cora.fills({"Type": "BLS", "Issued on": "2026-11-02", "Expires on": "2026-11-01"})
    clinic.cora.submits()
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.errors == {"Expires on": "This is before the issue date, Nov 2, 2026."}
    clinic.cora.fills({"Expires on": "2099-11-01"})
    clinic.cora.submits()
    assert "more than 50 years ahead" in clinic.cora.modal.errors["Expires on"]
    assert clinic.cora.modal.fields["Issued on"] == "2026-11-02"


def test_every_wrong_field_is_told_in_one_go(clinic: Clinic) -> None:
    """Nobody mends a form one error at a time."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "DEA registration", "Number": "FC1234567"})
    clinic.cora.submits()
    assert clinic.cora.modal is not None
    assert sorted(clinic.cora.modal.errors) == ["Expires on", "Number", "State"]
    assert "check digit of the DEA number “FC1234567”" in clinic.cora.modal.errors["Number"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("npi 1234567890", "The check digit of the NPI “1234567890” doesn't fit"),
        ("dea NY FC1234567 2027-12-15", "The check digit of the DEA number “FC1234567” doesn't fit"),
        ("npi 12345", "“12345” doesn't fit the format of NPI"),
    ],
)
def test_a_mistyped_number_is_caught(clinic: Clinic, line: str, why: str) -> None:
    """The check digit tells of a slip before anybody looks at the source; the number stays to be mended."""
    clinic.cora.types(f"/cred add @lee {line}")
    clinic.cora.sees(why)
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == line.split()[2 if line.startswith("dea") else 1]


def test_a_renewal_before_its_issue_comes_back_in_its_form(clinic: Clinic) -> None:
    """A renewal that ends before it begins is refused in the form, with everything typed."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2026-11-01", "Issued on": "2026-11-02"})
    clinic.lee.submits()
    clinic.lee.sees("This is before the issue date, Nov 2, 2026.")
    assert clinic.lee.modal is not None
    assert clinic.lee.modal.fields["Issued on"] == "2026-11-02"
    clinic.lee.fills({"Expires on": "2028-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Thanks. Nothing more for you to do.")


def test_an_unknown_type_is_asked_with_the_closest(clinic: Clinic) -> None:
    """The form opens with what was probably meant, and everything that followed."""
    clinic.lee.types("/cred add licens NY A-123456 2027-12-15")
    clinic.lee.sees("I don't know the credential type “licens”. Did you mean “State license”?")
    assert clinic.lee.modal is not None
    typed = ("Type", "State", "Number", "Expires on")
    assert [clinic.lee.modal.fields[f] for f in typed] == ["State license", "NY – New York", "A-123456", "2027-12-15"]


def test_words_too_many_are_named(clinic: Clinic) -> None:
    """What a type has no place for is repeated, so that nothing typed is lost."""
    clinic.lee.types("/cred add mate with honors")
    clinic.lee.sees("I didn't understand “with honors”, so nothing is recorded yet.")


def test_a_coordinator_without_a_file_is_asked_whose(clinic: Clinic) -> None:
    """A bare status of somebody who looks after others' files asks for a name, with an example."""
    clinic.cora.types("/cred status")
    clinic.cora.sees("Please say whose you mean, for example /cred status @lee.")


def test_words_that_name_nobody_are_kept(clinic: Clinic) -> None:
    """A name that no provider has is said, and the form keeps the rest of the line."""
    clinic.cora.types("/cred add Jane Doe license NY A-123456 2027-12-15")
    clinic.cora.sees("I can't find a provider named “Jane Doe”")
    clinic.cora.clicks("Open the form")
    clinic.cora.sees("Provider: I can't find a provider named “Jane Doe”")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == "A-123456"
    assert clinic.cora.modal.fields["Expires on"] == "2027-12-15"


def test_several_of_one_name_are_asked(clinic: Clinic) -> None:
    """Providers of one name are told apart by type and the last digits of their NPIs."""
    for npi in ("1234567893", "1992999874"):
        clinic.roster({"name": "Sam Roe", "provider_type": "lcsw", "npi": npi})
    clinic.roster({"name": "Sam Roe", "provider_type": "lmft", "email": "sam.roe@riverbend.example"})
    clinic.cora.types("/cred status Sam Roe")
    said = clinic.cora.sees("“Sam Roe” could be any of these")
    assert "Sam Roe (lcsw, NPI …7893), Sam Roe (lcsw, NPI …9874) and Sam Roe (lmft)" in said


@pytest.mark.parametrize("words", ["expiring 60d moonwalk", "expiring 60d state licence NYX"])
def test_a_filter_that_fits_nothing_is_said(clinic: Clinic, words: str) -> None:
    """Words that are neither days, type nor state are named, with an example."""
    clinic.cora.types(f"/cred {words}")
    clinic.cora.sees("For example: /cred expiring 60d license NY")


@pytest.mark.parametrize(
    ("on", "why"), [("Feb 31, 2027", "There is no such day"), ("3/4/2027", "could be Mar 4, 2027 or Apr 3, 2027")]
)
def test_a_status_on_no_day_is_asked(clinic: Clinic, on: str, why: str) -> None:
    """The day of a status is read like every other."""
    clinic.cora.types(f"/cred status @lee on {on}")
    clinic.cora.sees(why)


def test_a_very_long_line_is_refused_in_words(clinic: Clinic) -> None:
    """More than a button could carry is too long, and said to be."""
    clinic.cora.types("/cred add @lee license NY " + "A" * 3_000)
    clinic.cora.sees("That is too long")
