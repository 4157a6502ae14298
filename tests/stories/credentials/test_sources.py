"""Whose word verifies what: a class belongs to the credential and its source together; evidence leads back to it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.store.tables import VerificationRow
from tests.stories.conftest import Clinic

LICENSE = {
    "Number shown": "A-123456",
    "Expiration shown": "2027-12-15",
    "Status shown": "Active",
    "Public action shown": "No",
    "Reference": "https://www.op.nysed.gov/verify/123456",
}
CAQH = {"Source": "Another source", "Other source": "CAQH profile"}


def opened(clinic: Clinic, **issued: str) -> None:
    """Lee's license is on file, and Cora has the form of its verification."""
    clinic.lee.types(f"/cred add license NY A-123456 {issued.get('dates', '2027-12-15')}")
    clinic.lee.sees("A coordinator will verify it next.")
    clinic.cora.types("/cred verify @lee")
    clinic.cora.sees("State license (NY) for Lee Chen · A-123456 · on file through Dec 15, 2027")


def looks(clinic: Clinic) -> list[tuple[str | None, str]]:
    """What each verification's source was worth, and how it ended."""
    with clinic.bot.reading() as session:
        found = session.exec(select(VerificationRow)).all()
    return [(look.source_class, look.result) for look in found]


def test_a_license_is_not_verified_from_a_caqh_profile(clinic: Clinic) -> None:
    """It is the provider's own word there: kept in the record, and the license waits for its board as before."""
    opened(clinic)
    clinic.cora.fills({**LICENSE, **CAQH})
    clinic.cora.submits()
    told = clinic.cora.sees("“CAQH profile” is not a source that verifies State license (NY).")
    assert (
        "“CAQH profile” is not a source that verifies State license (NY). It's kept in the record of Lee Chen, and "
        "State license (NY) still needs to be verified at its source: State licensing board."
    ) in told
    assert "No policy names this source" not in told
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("On file, to verify")
    assert "Verified at the source" not in clinic.lee.reads()
    assert looks(clinic) == [("self_reported", "not_counted")]
    assert (clinic.acts("look_not_counted"), clinic.acts("term_verified")) == (1, 0)


def test_a_source_that_no_policy_knows_verifies_nothing(clinic: Clinic) -> None:
    """Until an admin has added it, and whoever typed it reads so."""
    opened(clinic)
    clinic.cora.fills({**LICENSE, "Source": "Another source", "Other source": "AMA Physician Masterfile"})
    clinic.cora.submits()
    clinic.cora.sees(
        "still needs to be verified at its source: State licensing board. No policy names this source: if it should "
        "count, an admin can add it."
    )
    assert looks(clinic) == [(None, "not_counted")]


def test_what_was_verified_stays_so_whatever_a_profile_says(clinic: Clinic) -> None:
    """A profile takes nothing away either: another date in it is nobody's discrepancy."""
    opened(clinic)
    clinic.cora.fills(LICENSE)
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen, expires Dec 15, 2027.")
    clinic.cora.closes()
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({**LICENSE, **CAQH, "Expiration shown": "2027-10-15"})
    clinic.cora.submits()
    clinic.cora.sees(
        "“CAQH profile” is not a source that verifies State license (NY). It's kept in the record of Lee Chen, and "
        "State license (NY) stays verified as it was."
    )
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Current – expires in 387 days, Dec 15, 2027")


def test_something_adverse_is_not_lost_whoever_says_it(clinic: Clinic) -> None:
    """A sanction seen anywhere goes to its reviewer; only what would count in the provider's favor does not."""
    opened(clinic)
    clinic.cora.fills({**LICENSE, **CAQH, "Status shown": "Suspended"})
    clinic.cora.submits()
    clinic.cora.sees("Recorded. State license (NY) for Lee Chen is not verified")
    assert looks(clinic) == [("self_reported", "adverse")]


def test_caqh_is_the_source_of_its_own_date(clinic: Clinic) -> None:
    """The next attestation is verified there, under its new name too."""
    clinic.cora.types("/cred add @lee caqh 12345678 2027-02-15")
    clinic.cora.clicks("Verify")
    clinic.cora.fills({"Source": "Another source", "Other source": "DataSpring"})
    clinic.cora.fills({"Number shown": "12345678", "Expiration shown": "2027-02-15"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: CAQH attestation for Lee Chen, expires Feb 15, 2027.")
    assert looks(clinic) == [("primary", "verified")]


@pytest.mark.parametrize("said", ["NY board", "state licensing board", "New York State Board", "NYSED"])
def test_a_source_is_known_as_people_write_it(clinic: Clinic, said: str) -> None:
    """Its aliases, in any case, with the state before it or not."""
    opened(clinic)
    clinic.cora.fills({**LICENSE, "Source": "Another source", "Other source": said})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")


@pytest.mark.parametrize("typed", ["x", "done", "yes, seen", "https://board", "http://nysed", "ftp://board.example/1"])
def test_a_reference_leads_back_to_the_source(clinic: Clinic, typed: str) -> None:
    """What does not is refused kindly, and everything typed is still there."""
    opened(clinic)
    clinic.cora.fills({**LICENSE, "Reference": typed})
    clinic.cora.submits()
    clinic.cora.sees(
        "doesn't lead back to the source. Please paste its web address, beginning with https://, or type a receipt "
        "or document number, which has at least 4 characters and a digit."
    )
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Reference"] == typed
    assert clinic.cora.modal.fields["Number shown"] == "A-123456"
    clinic.cora.fills({"Reference": "receipt 8812"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")


def test_a_verification_by_telephone_says_who_answered(clinic: Clinic) -> None:
    """Number and name take the place of a reference; without them it comes back with everything typed."""
    opened(clinic)
    clinic.cora.fills({**LICENSE, "Method": "Phone", "Reference": ""})
    clinic.cora.submits()
    clinic.cora.sees("Which number did you call? Please type it with its area code.")
    clinic.cora.fills({"Number called": "(518) 474-3817"})
    clinic.cora.submits()
    clinic.cora.sees("Who answered? Please type their name, or their desk.")
    clinic.cora.fills({"Who answered": "Ms. Alvarez, licensing desk"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    with clinic.bot.reading() as session:
        look = session.exec(select(VerificationRow)).one()
    assert (look.number_called, look.answered_by) == ("(518) 474-3817", "Ms. Alvarez, licensing desk")


def test_a_look_before_the_term_is_not_one_at_it(clinic: Clinic) -> None:
    """A license issued in October was not looked up in September: the person reads what to do."""
    opened(clinic, dates="eff 2026-10-01 exp 2027-12-15")
    clinic.cora.fills({**LICENSE, "Verified on": "2026-09-30"})
    clinic.cora.submits()
    clinic.cora.sees(
        "This date is before Oct 1, 2026, when what is on file can have begun at the earliest. Please check the source "
        "again and choose that day, or correct the dates on file first."
    )
    clinic.cora.fills({"Verified on": "2026-10-01"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")


def test_the_form_asks_what_the_source_shows_and_leads_to_it(clinic: Clinic) -> None:
    """The usual source and its website are chosen, its page is a click away; a card shows no status."""
    opened(clinic)
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Source"] == "State licensing board"
    assert clinic.cora.modal.fields["Method"] == "Website"
    clinic.cora.sees("Look it up: State licensing board")
    clinic.cora.closes()
    clinic.cora.types("/cred add @maya bls 2027-01-31")
    clinic.cora.clicks("Verify")
    clinic.cora.sees("BLS for Maya Okafor")
    assert not {"Status shown", "Public action shown"} & set(clinic.cora.modal.fields)
    clinic.cora.fills({"Expiration shown": "2027-01-31"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: BLS for Maya Okafor, expires Jan 31, 2027.")
    assert clinic.cora.reads().count("The source shows it as") == 0
