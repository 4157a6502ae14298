"""One certificate of insurance covers many people: recorded once, verified once, with a result for each."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import CORRECTION, row

EXPIRES = "2027-12-15"
LOOK = {
    "Source": "Certificate of insurance from the carrier",
    "Method": "Copy of the certificate",
    "Number shown": "MPL-204418",
    "Expiration shown": EXPIRES,
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
    clinic.cora.sees("Also recorded for 1 person: Maya Okafor.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @maya")
    clinic.cora.sees("Renewal reported through Dec 15, 2027, to verify")


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
    clinic.cora.sees("Verified: Malpractice insurance for Lee Chen")
    assert clinic.acts("term_verified") == 1


def test_who_was_looked_up_meanwhile_is_named(clinic: Clinic) -> None:
    """Ada was faster with Maya: her look stays, and Cora hears that hers was not taken."""
    insured(clinic)
    renews(clinic)
    clinic.cora.clicks("Verify")
    clinic.cora.fills(LOOK | {"Also named on it": ["Maya Okafor"]})
    clinic.ada.types("/cred verify @maya")
    clinic.ada.fills(LOOK)
    clinic.ada.submits()
    clinic.ada.sees("Verified: Malpractice insurance for Maya Okafor")
    clinic.cora.submits()
    clinic.cora.sees("Not verified: Maya Okafor. Their record changed, someone else checked in the meantime")
    assert clinic.acts("term_verified") == 2


def adds_the_first(clinic: Clinic) -> None:
    """Cora records a certificate that Lee's file does not hold yet."""
    clinic.cora.types("/cred add @lee")
    clinic.cora.fills({"Type": "Malpractice insurance", "Number": "MPL-204418", "Expires on": EXPIRES})
    clinic.cora.submits()
    clinic.cora.sees("Recorded: Malpractice insurance for Lee Chen")


def covers(clinic: Clinic, *names: str) -> None:
    clinic.cora.clicks("It covers others too")
    clinic.cora.fills({"It also covers": [*names]})
    clinic.cora.submits()


def test_a_first_certificate_is_recorded_for_all_whom_it_covers(clinic: Clinic) -> None:
    """Who has none on file yet gets the same number and dates, and all of them are verified in one look."""
    adds_the_first(clinic)
    covers(clinic, "Maya Okafor")
    clinic.cora.sees("Also recorded for 1 person: Maya Okafor.")
    assert clinic.acts("term_recorded") == 2
    clinic.cora.clicks("Verify")
    clinic.cora.fills(LOOK | {"Also named on it": ["Lee Chen"]})
    clinic.cora.submits()
    clinic.cora.sees("Verified as well: Lee Chen.")
    assert clinic.acts("term_verified") == 2


def test_a_first_certificate_waits_in_the_queue_for_all_at_once(clinic: Clinic) -> None:
    """``/cred verify`` offers the others, whoever of them is looked up first."""
    adds_the_first(clinic)
    covers(clinic, "Maya Okafor")
    clinic.cora.sees("Also recorded for 1 person")
    clinic.cora.closes()
    clinic.cora.types("/cred verify @lee")
    assert clinic.cora.options("Also named on it") == ["Maya Okafor"]


def test_a_line_offers_the_others_too(clinic: Clinic) -> None:
    """Recorded without any form: the answer in the channel has the button as well."""
    clinic.cora.types(f"/cred add @lee malpractice MPL-204418 {EXPIRES}")
    clinic.cora.sees("Recorded: Malpractice insurance for Lee Chen")
    covers(clinic, "Maya Okafor")
    clinic.cora.sees("Also recorded for 1 person: Maya Okafor.")


def test_who_got_one_meanwhile_is_left_alone(clinic: Clinic) -> None:
    """Somebody else recorded another one while the form was open; it is said that it stays."""
    adds_the_first(clinic)
    clinic.cora.clicks("It covers others too")
    clinic.cora.fills({"It also covers": ["Maya Okafor"]})
    clinic.ada.types("/cred add @maya malpractice OTHER-1 2027-06-30")
    clinic.ada.sees("Recorded: Malpractice insurance for Maya Okafor")
    clinic.cora.submits()
    clinic.cora.sees("Already on file for Maya Okafor, and not changed")


def test_a_certificate_corrected_meanwhile_is_read_again(clinic: Clinic) -> None:
    """The form comes back beside what is on file now, with who was chosen."""
    adds_the_first(clinic)
    clinic.cora.clicks("It covers others too")
    clinic.cora.fills({"It also covers": ["Maya Okafor"]})
    clinic.ada.types("/cred update @lee")
    clinic.ada.fills({"Number": "MPL-999999", "Expires on": EXPIRES, **CORRECTION})
    clinic.ada.submits()
    clinic.ada.sees("Corrected: Malpractice insurance")
    clinic.cora.submits()
    clinic.cora.sees("This record changed while the form was open")
    clinic.cora.submits()
    clinic.cora.sees("Also recorded for 1 person: Maya Okafor.")


def test_a_press_that_comes_too_late_finds_nobody(clinic: Clinic) -> None:
    """Everybody has one by then: there is nothing to submit, and what does it is named."""
    adds_the_first(clinic)
    clinic.ada.types("/cred add @maya malpractice OTHER-1 2027-06-30")
    clinic.ada.sees("Recorded: Malpractice insurance for Maya Okafor")
    assert "It covers others too" not in clinic.ada.buttons()
    clinic.cora.clicks("It covers others too")
    clinic.cora.sees("Everyone already has one on file")


def test_what_covers_one_person_offers_no_others(clinic: Clinic) -> None:
    """A license is one's own, and a provider is told of no colleagues."""
    clinic.cora.types("/cred add @lee license NY 245871 2027-12-15")
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen")
    clinic.lee.types(f"/cred add malpractice MPL-204418 {EXPIRES}")
    clinic.lee.sees("Recorded: Malpractice insurance")
    assert "It covers others too" not in [*clinic.cora.buttons(), *clinic.lee.buttons()]


def test_a_provider_who_reports_their_own_sees_no_colleagues(clinic: Clinic) -> None:
    """Who else is insured is for coordinators."""
    insured(clinic)
    clinic.lee.types("/cred status")
    clinic.lee.clicks("Report renewal", near="Malpractice insurance")
    assert "Maya" not in clinic.lee.sees("Expires on")
