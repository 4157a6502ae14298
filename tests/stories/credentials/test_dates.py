"""Dates that may be right all the same: asked, and recorded only on a Yes; and blanks, which say nothing."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic

YES = {"Is that right?": ["Yes"]}


def test_a_year_far_ahead_is_asked_about_in_a_form(clinic: Clinic) -> None:
    """12/31/2072 was taken without a word; now it takes a Yes, and nothing typed is lost meanwhile."""
    clinic.lee.types("/cred add")
    clinic.lee.fills(
        {"Type": "State license", "State": "NY – New York", "Number": "A-123456", "Expires on": "2072-12-31"}
    )
    clinic.lee.submits()
    clinic.lee.sees("Dec 31, 2072: is the year right?")
    assert clinic.lee.modal is not None
    assert clinic.lee.modal.fields["Number"] == "A-123456"
    clinic.lee.submits()
    clinic.lee.sees("Dec 31, 2072: is the year right?")
    clinic.lee.fills(YES)
    clinic.lee.submits()
    clinic.lee.sees("Recorded: State license (NY) for Lee Chen, A-123456, expires Dec 31, 2072.")


def test_a_yes_to_one_year_says_nothing_of_another(clinic: Clinic) -> None:
    """The date that was answered for is the one that is recorded."""
    clinic.lee.types("/cred add bls 2026-12-15")
    clinic.lee.sees("Recorded: BLS")
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Expires on": "2048-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Dec 15, 2048: is the year right?")
    clinic.lee.fills({**YES, "Expires on": "2038-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Dec 15, 2038: is the year right?")
    clinic.lee.fills({"Expires on": "2028-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Renewal recorded: BLS for Lee Chen, expires Dec 15, 2028.")


def test_a_year_far_ahead_in_a_line_opens_the_form_with_the_question(clinic: Clinic) -> None:
    """A line cannot say Yes, so its form asks."""
    clinic.cora.types("/cred add @lee license NY A-123456 12/31/2072")
    clinic.cora.sees("Dec 31, 2072: is the year right?")
    clinic.cora.fills(YES)
    clinic.cora.submits()
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen, A-123456, expires Dec 31, 2072.")


@pytest.mark.parametrize(
    ("typed", "question", "recorded"),
    [
        ("Dec 2027", "“Dec 2027” is a month. Is it Dec 31, 2027, its last day?", "Dec 31, 2027"),
        (
            "Feb 29, 2027",
            "There is no “Feb 29, 2027”: some boards print Feb 29 for the end of February. Is it Feb 28, 2027?",
            "Feb 28, 2027",
        ),
    ],
)
def test_a_day_that_a_board_does_not_print_is_offered(clinic: Clinic, typed: str, question: str, recorded: str) -> None:
    """The form shows the day that was probably meant, and says what it takes it from."""
    clinic.cora.types(f"/cred add @lee license NY A-123456 {typed}")
    clinic.cora.sees(question)
    clinic.cora.submits()
    clinic.cora.sees(f"Recorded: State license (NY) for Lee Chen, A-123456, expires {recorded}.")


def test_a_card_that_shows_a_month_is_good_through_its_last_day(clinic: Clinic) -> None:
    """Where a type's documents show months, nobody is asked."""
    clinic.lee.types("/cred add bls Dec 2027")
    clinic.lee.sees("Recorded: BLS for Lee Chen, expires Dec 31, 2027.")


def test_a_policy_that_begins_next_month_is_recorded(clinic: Clinic) -> None:
    """Next year's insurance comes before it begins; a license of tomorrow is still a slip."""
    clinic.cora.types("/cred add @lee malpractice MPL-204418 eff 1/1/2027 exp 1/1/2028")
    clinic.cora.sees("Recorded: Malpractice insurance for Lee Chen, MPL-204418, expires Jan 1, 2028.")
    clinic.cora.types("/cred add @lee license NY 245871 issued 12/15/2026 exp 12/15/2027")
    clinic.cora.sees("This date is in the future. When was it issued?")


def test_a_lifetime_certificate_has_no_expiration_date(clinic: Clinic) -> None:
    """A blank of a type of which some never expire is said as what it is taken for."""
    clinic.cora.types("/cred add @lee board certification 81204")
    clinic.cora.sees("Recorded: Board certification for Lee Chen, 81204, no expiration date.")
    clinic.cora.types("/cred add @maya board certification 66317 lifetime")
    clinic.cora.sees("Recorded: Board certification for Maya Okafor, 66317, no expiration date.")


def test_a_blank_in_a_renewal_takes_no_date_away(clinic: Clinic) -> None:
    """That a certificate on file has no expiration date is said by a tick, with a reason."""
    clinic.cora.types("/cred add @lee board certification 81204 2027-12-15")
    clinic.cora.sees("Recorded: Board certification for Lee Chen, 81204, expires Dec 15, 2027.")
    clinic.cora.types("/cred update @lee")
    clinic.cora.sees("on file through Dec 15, 2027")
    clinic.cora.submits()
    clinic.cora.sees("Which day? For example Jan 15, 2027.")
    clinic.cora.fills({"No expiration date": ["It never expires"]})
    clinic.cora.submits()
    clinic.cora.sees("Why is it corrected?")
    clinic.cora.fills({"Why is it corrected?": "Lifetime certificate of 1993"})
    clinic.cora.submits()
    clinic.cora.sees("Corrected: Board certification for Lee Chen, 81204, no expiration date.")


def test_a_blank_is_missing_where_one_always_expires(clinic: Clinic) -> None:
    """A license without an expiry is asked for it, in a form and in a line."""
    clinic.lee.types("/cred add")
    clinic.lee.fills({"Type": "State license", "State": "NY – New York", "Number": "A-123456"})
    clinic.lee.submits()
    clinic.lee.sees("Which day? For example Jan 15, 2027.")
    clinic.cora.types("/cred add @lee license NY A-123456 lifetime")
    clinic.cora.sees("Which day? For example Jan 15, 2027.")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number"] == "A-123456"


def test_a_policy_verified_before_it_begins_is_not_yet_current(clinic: Clinic) -> None:
    """Next year's policy counts from its first day; until then its status says when it begins."""
    clinic.cora.types("/cred add @lee malpractice MPL-204418 eff 2026-12-01 exp 2027-12-01")
    clinic.cora.sees("Recorded: Malpractice insurance for Lee Chen")
    clinic.cora.clicks("Verify")
    clinic.cora.fills(
        {
            "Source": "Certificate of insurance from the carrier",
            "Method": "Copy of the certificate",
            "Number shown": "MPL-204418",
            "Expiration shown": "2027-12-01",
        }
    )
    clinic.cora.submits()
    clinic.cora.sees("Verified: Malpractice insurance for Lee Chen")
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Verified, begins Dec 1, 2026 – expires Dec 1, 2027")
    clinic.on("2026-12-01")
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Current – expires in 365 days, Dec 1, 2027")
