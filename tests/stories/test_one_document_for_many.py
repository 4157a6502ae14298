"""One certificate of insurance covers many people: recorded once, verified once, with a result for each."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import row

EXPIRES = "2027-12-15"
LOOK = {
    "Source": "Certificate of insurance from the carrier",
    "Method": "Copy of the certificate",
    "Number shown": "MPL-204418",
    "Expiry shown": EXPIRES,
    "Standing shown": "Active",
    "Public action shown": "No",
}


def insured(clinic: Clinic, **numbers: str) -> None:
    """Lee, and Maya, are covered until the middle of December; each by their own number where it is named."""
    known = {"lee": "MPL-204418", "maya": "MPL-204418"} | numbers
    clinic.roster(*(row("malpractice", "2026-12-15", of=who) | {"number": number} for who, number in known.items()))


def renews(clinic: Clinic) -> None:
    """Cora records the new certificate from Lee's file."""
    clinic.cora.types("/cred status @lee")
    clinic.cora.clicks("Report renewal", near="Malpractice insurance")
    clinic.cora.fills({"Expires on": EXPIRES})
    clinic.cora.submits()


def test_a_certificate_is_recorded_for_all_whom_it_covers(clinic: Clinic) -> None:
    """Who had the same number is chosen already, and gets the new term too."""
    insured(clinic)
    renews(clinic)
    clinic.cora.sees("The same for 1 person: Maya Okafor.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @maya")
    clinic.cora.sees("Renewal reported to 15 Dec 2027, to verify")


def test_somebody_with_another_certificate_is_left_alone(clinic: Clinic) -> None:
    """Another number is not chosen, and stays as it is."""
    insured(clinic, maya="OTHER-1")
    renews(clinic)
    assert "Maya Okafor" not in clinic.cora.sees("Renewal recorded")
    clinic.cora.closes()
    clinic.cora.types("/cred status @maya")
    assert "Renewal reported" not in clinic.cora.sees("OTHER-1")


def test_a_certificate_is_verified_once_with_a_result_for_each(clinic: Clinic) -> None:
    """Whose name the verifier reads on it is verified; whoever was not read stays to be verified."""
    insured(clinic)
    renews(clinic)
    clinic.cora.clicks("Verify")
    clinic.cora.fills(LOOK | {"Also named on it": ["Maya Okafor"]})
    clinic.cora.submits()
    clinic.cora.sees("Verified as well: Maya Okafor.")
    assert clinic.acts("term_verified") == 2


def test_whoever_is_not_named_stays_to_be_verified(clinic: Clinic) -> None:
    """Nobody is verified by default."""
    insured(clinic)
    renews(clinic)
    clinic.cora.clicks("Verify")
    clinic.cora.fills(LOOK)
    clinic.cora.submits()
    clinic.cora.sees("Verified: Malpractice insurance of Lee Chen")
    assert clinic.acts("term_verified") == 1


def test_a_provider_who_reports_their_own_sees_no_colleagues(clinic: Clinic) -> None:
    """Who else is insured is for coordinators."""
    insured(clinic)
    clinic.lee.types("/cred status")
    clinic.lee.clicks("Report renewal", near="Malpractice insurance")
    assert "Maya" not in clinic.lee.sees("Expires on")
