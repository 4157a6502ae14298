"""What one person holds side by side stands side by side: nothing takes the place of something else."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic
from tests.stories.rosters import import_rows
from tests.stories.scenes import row

MAYA = {"name": "Maya Okafor", "provider_type": "pmhnp"}
LICENSE = MAYA | {"credential": "license", "state": "NY", "verified_on": "2026-11-02"}
POLICY = {"name": "Lee Chen", "provider_type": "psychiatrist", "credential": "malpractice"}


def test_an_rn_license_stands_beside_an_nps(clinic: Clinic) -> None:
    """A nurse practitioner's RN number isn't taken for the renewal of her NP certificate; both are on file."""
    clinic.cora.types("/cred add @maya license NY 401122 2027-03-31")
    clinic.cora.sees("Recorded: State license: NP (NY) for Maya Okafor, 401122, expires Mar 31, 2027.")
    clinic.cora.types("/cred add @maya RN license NY 712345 2028-05-31")
    clinic.cora.sees("Recorded: State license: RN (NY) for Maya Okafor, 712345, expires May 31, 2028.")
    clinic.cora.types("/cred status @maya")
    clinic.cora.sees("State license: NP (NY) · 401122")
    clinic.cora.sees("State license: RN (NY) · 712345")


@pytest.mark.parametrize("typed", ["license RN NY 712345 2028-05-31", "registered nurse license NY 712345 2028-05-31"])
def test_a_kind_is_said_before_or_after_its_type(clinic: Clinic, typed: str) -> None:
    """People say an RN license, and a license, RN."""
    clinic.cora.types(f"/cred add @maya {typed}")
    clinic.cora.sees("Recorded: State license: RN (NY) for Maya Okafor, 712345, expires May 31, 2028.")


def test_an_rn_license_is_no_nps(clinic: Clinic) -> None:
    """With only the RN license in force she isn't eligible: what lapsed is the NP's."""
    clinic.roster(
        LICENSE | {"kind": "RN", "number": "712345", "expires_on": "2028-05-31"},
        LICENSE | {"kind": "NP", "number": "401122", "expires_on": "2026-11-20"},
        row("malpractice", of="maya"),
    )
    clinic.cora.types("/cred eligible psychotherapy_core @maya")
    said = clinic.cora.sees("Psychotherapy, core")
    assert "State license: NP (NY)" in said
    assert "expired" in said


def test_what_ends_first_of_two_kinds_stays_in_sight(clinic: Clinic) -> None:
    """Of a counselor's two licenses the nearer expiry is in the list of what expires."""
    who = {"name": "Lee Chen", "provider_type": "lmft", "credential": "license", "state": "CA"}
    clinic.roster(
        who | {"number": "LMFT 90321", "expires_on": "2026-12-15"},
        who | {"kind": "LPCC", "number": "LPCC 4411", "expires_on": "2028-01-31"},
    )
    clinic.cora.types("/cred expiring 60d")
    said = clinic.cora.sees("Lee Chen")
    assert "State license: LMFT (CA)" in said
    assert "LPCC" not in said


def test_a_tail_is_no_cover_of_today(clinic: Clinic) -> None:
    """The policy has ended; that a tail goes on meets no criterion, and both are shown."""
    clinic.roster(
        POLICY | {"number": "MPL-1", "expires_on": "2026-11-01", "verified_on": "2026-10-02"},
        POLICY | {"kind": "tail", "number": "TAIL-1", "expires_on": "2028-11-01", "verified_on": "2026-11-02"},
    )
    clinic.cora.types("/cred eligible psychotherapy_core @lee")
    said = clinic.cora.sees("Malpractice insurance")
    assert "expired" in said
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Malpractice insurance: tail")


def test_a_second_registration_has_a_label_of_its_own(clinic: Clinic) -> None:
    """Two DEA registrations of one state are told apart by where they are used."""
    clinic.cora.types("/cred add @lee dea NY FC1234563 2027-12-15")
    clinic.cora.sees("Recorded: DEA registration (NY) for Lee Chen, FC1234563, expires Dec 15, 2027.")
    clinic.cora.types("/cred add @lee dea")
    clinic.cora.fills({"State": "NY – New York", "Number": "FC7654329", "Expires on": "2028-06-15"})
    clinic.cora.fills({"Which one": "Clinic B"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: DEA registration (NY), Clinic B for Lee Chen, FC7654329, expires Jun 15, 2028.")


def reports_another_number(clinic: Clinic) -> None:
    """Cora reports a renewal of Maya's NP license under the number of her RN license."""
    clinic.roster(LICENSE | {"number": "401122", "expires_on": "2027-03-31"})
    clinic.cora.types("/cred update @maya")
    clinic.cora.fills({"Number": "712345", "Expires on": "2028-05-31"})
    clinic.cora.submits()
    clinic.cora.sees(
        "On file is 401122, and this is 712345. If it's the renewal under a new number, tick Yes. If the number on "
        "file is wrong, tick Correction. If you hold both, choose Another one."
    )


def test_another_number_may_be_another_one(clinic: Clinic) -> None:
    """What was typed as a renewal is recorded beside it, and the license on file stays as it was."""
    reports_another_number(clinic)
    clinic.cora.fills({"Another one, held beside it": "RN"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: State license: RN (NY) for Maya Okafor, 712345, expires May 31, 2028.")
    clinic.cora.types("/cred status @maya")
    clinic.cora.sees("State license: NP (NY) · 401122")


def test_another_number_may_be_a_renewal(clinic: Clinic) -> None:
    """A board that gives a new number with each renewal: one tick says so."""
    reports_another_number(clinic)
    clinic.cora.fills({"Is that right?": ["Yes"]})
    clinic.cora.submits()
    clinic.cora.sees("Renewal recorded: State license: NP (NY) for Maya Okafor, expires May 31, 2028.")


def test_a_second_one_needs_a_name_of_its_own(clinic: Clinic) -> None:
    """Of two DEA registrations in one state nothing but a name tells which is which."""
    clinic.roster(row("dea", "2027-12-15"))
    clinic.cora.types("/cred update @lee")
    clinic.cora.fills({"Number": "FC7654329", "Expires on": "2028-06-15"})
    clinic.cora.submits()
    clinic.cora.fills({"Another one, held beside it": "The same kind, with a name of its own below"})
    clinic.cora.submits()
    clinic.cora.sees("Which one is it? Something short that tells it from the one on file, such as “Clinic B”.")
    clinic.cora.fills({"Which one": "Clinic B"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: DEA registration (NY), Clinic B for Lee Chen, FC7654329, expires Jun 15, 2028.")


def test_a_file_says_so_too(clinic: Clinic) -> None:
    """A roster's later term under another number is asked about, and taken where its row says yes."""
    clinic.roster(LICENSE | {"number": "401122", "expires_on": "2027-03-31"})
    renumbered = LICENSE | {"number": "712345", "expires_on": "2028-05-31"}
    with pytest.raises(AssertionError) as refused:
        import_rows(clinic.bot, [renumbered])
    assert (
        "Row 2, number: On file is 401122. Is this its renewal, under a new number? If it is, write yes in a column "
        "“confirm”. If both are held, tell them apart in the columns kind or label."
    ) in str(refused.value)
    clinic.roster(renumbered | {"confirm": "yes"})


def test_one_credential_with_two_numbers_names_both_rows(clinic: Clinic) -> None:
    """A roster that doesn't tell two licenses apart isn't imported, and says how to."""
    rows = [
        LICENSE | {"number": "401122", "expires_on": "2027-03-31"},
        LICENSE | {"number": "712345", "expires_on": "2028-05-31"},
    ]
    with pytest.raises(AssertionError) as refused:
        import_rows(clinic.bot, rows)
    assert (
        "Row 3, number: Row 2 has another number, 401122, for the same credential. If they are two, tell them apart "
        "in the columns kind or label."
    ) in str(refused.value)
