"""Primary source verification: what waits, what the source shows, and what a difference leads to."""

from __future__ import annotations

from typing import Any

from tests.stories.conftest import Clinic
from tests.stories.scenes import CORRECTION

SHOWN = {
    "Source": "State licensing board",
    "Method": "Website",
    "Number shown": "A-123456",
    "Expiration shown": "2027-12-15",
    "Status shown": "Active",
    "Public action shown": "No",
    "Reference": "https://www.op.nysed.gov/verify/123456",
}


def reported(clinic: Clinic) -> None:
    """Lee's license is on file, and waits for a look at its source."""
    clinic.lee.types("/cred add license NY A-123456 2027-12-15")
    clinic.lee.sees("A coordinator will verify it next.")


def looked(clinic: Clinic, **shown: Any) -> None:
    """Cora fills in what the source shows, by the form's labels."""
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({**SHOWN, **{label.replace("_", " "): value for label, value in shown.items()}})
    clinic.cora.submits()


def test_what_the_source_confirms_is_verified(clinic: Clinic) -> None:
    """One thing waits, so its form opens at once; the provider hears that nothing more is asked."""
    reported(clinic)
    looked(clinic)
    clinic.cora.sees("Verified: State license (NY) for Lee Chen, expires Dec 15, 2027.")
    clinic.lee.sees("Verified at the source on Nov 23, 2026: State license (NY)", in_="dm")
    clinic.lee.types("/cred status")
    clinic.lee.sees("Current – expires")


def test_nothing_the_source_shows_is_prefilled(clinic: Clinic) -> None:
    """It is read at the source, not confirmed here; only the day, the usual source and its website are filled in."""
    reported(clinic)
    clinic.cora.types("/cred verify @lee")
    clinic.cora.sees("State license (NY) for Lee Chen · A-123456 · on file through Dec 15, 2027")
    clinic.eventually(lambda: bool(clinic.cora.modal and clinic.cora.modal.submit))
    assert clinic.cora.modal is not None
    fields = clinic.cora.modal.fields
    assert fields["Verified on"] == "2026-11-23"
    assert (fields["Source"], fields["Method"]) == ("State licensing board", "Website")
    assert not any(fields[label] for label in ("Number shown", "Expiration shown", "Status shown", "Reference"))


def test_a_difference_is_a_discrepancy_until_somebody_decides(clinic: Clinic) -> None:
    """The source's word is taken by a button of the same form, and then it counts as verified."""
    reported(clinic)
    looked(clinic, Expiration_shown="2027-10-15")
    clinic.cora.sees(
        "Recorded as a discrepancy: State license (NY) for Lee Chen is not verified by this. "
        "The source shows something different from what was entered:\n"
        "• Expiration: entered Dec 15, 2027, the source shows Oct 15, 2027"
    )
    clinic.cora.clicks("Use the source's")
    clinic.cora.sees("State license (NY) for Lee Chen now matches the source, and is verified.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Oct 15, 2027")


def test_the_provider_is_asked_about_a_difference(clinic: Clinic) -> None:
    """**Ask the provider** leaves it unverified; the provider reads what differs and reports again."""
    reported(clinic)
    looked(clinic, Number_shown="A-123465")
    clinic.cora.sees("Recorded as a discrepancy")
    clinic.cora.clicks("Ask the provider")
    clinic.cora.sees("Lee Chen will be asked which is right.")
    clinic.cora.closes()
    clinic.lee.sees("For State license (NY), the source shows something different", in_="dm")
    clinic.lee.clicks("Show status", in_="dm")
    clinic.lee.clicks("Report again")
    clinic.lee.sees("on file through Dec 15, 2027")
    assert clinic.lee.modal is not None
    assert clinic.lee.modal.fields["Number"] == "A-123456"
    clinic.lee.fills({"Number": "A-123465"})
    clinic.lee.submits()
    clinic.lee.sees("Corrected: State license (NY) for Lee Chen, A-123465")
    looked(clinic, Number_shown="A-123465")
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")


def test_what_waits_next_is_a_click_away(clinic: Clinic) -> None:
    """**Verify next** opens the form of what else waits; punctuation alone is no difference."""
    clinic.lee.types("/cred add bls 2027-01-15")
    clinic.lee.sees("Recorded: BLS")
    reported(clinic)
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({"Credential": "State license (NY) – on file, to verify, Dec 15, 2027"})
    clinic.cora.submits()
    clinic.cora.fills({**SHOWN, "Number shown": "A123456"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.clicks("Verify next")
    clinic.cora.sees("BLS for Lee Chen · on file through Jan 15, 2027")


def test_a_verification_is_possible_at_any_time(clinic: Clinic) -> None:
    """What is current can be looked at again; the older verification stays on record beside it."""
    reported(clinic)
    looked(clinic)
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.closes()
    looked(clinic)
    clinic.cora.sees("Verified: State license (NY) for Lee Chen, expires Dec 15, 2027.")
    assert clinic.acts("term_verified") == 2


def test_nobody_verifies_their_own_file(clinic: Clinic) -> None:
    """A coordinator who is a provider, too, leaves their own file to others."""
    cora = clinic.workspace.person("cora").id
    clinic.roster({"name": "Cora Diaz", "slack_user": cora, "provider_type": "lcsw"})
    clinic.cora.types("/cred add bls 2027-01-15")
    clinic.cora.sees("Recorded: BLS for Cora Diaz")
    clinic.cora.types("/cred verify @cora")
    clinic.cora.sees("Nobody verifies their own file. Please ask another coordinator.")
    clinic.cora.types("/cred verify")
    clinic.cora.sees("Which provider?")
    assert clinic.acts("refused", "never_own_verification") == 1


def test_what_waits_is_chosen_from_a_list(clinic: Clinic) -> None:
    """With several files and several credentials the form asks which, step by step."""
    reported(clinic)
    for who in ("@lee", "@maya"):
        clinic.cora.types(f"/cred add {who} bls 2027-01-15")
    clinic.cora.sees("Recorded: BLS for Maya Okafor")
    clinic.cora.types("/cred verify")
    clinic.cora.fills({"Provider": "Lee Chen"})
    clinic.cora.submits()
    clinic.cora.fills({"Credential": "BLS – on file, to verify, Jan 15, 2027"})
    clinic.cora.submits()
    clinic.cora.sees("BLS for Lee Chen · on file through Jan 15, 2027")


def test_evidence_is_asked_where_the_policy_asks_it(clinic: Clinic) -> None:
    """A license without a reference comes back with everything typed."""
    reported(clinic)
    looked(clinic, Reference="   ")
    clinic.cora.sees("this type needs evidence")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Number shown"] == "A-123456"
    clinic.cora.fills({"Reference": "receipt 42"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")


def test_another_source_has_to_be_named(clinic: Clinic) -> None:
    """*Another source* without its name is told at that field."""
    reported(clinic)
    looked(clinic, Source="Another source")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.errors == {"Other source": "Which source did you check?"}


def test_a_day_that_has_not_come_is_no_day_of_looking(clinic: Clinic) -> None:
    """A look cannot lie in the future."""
    reported(clinic)
    looked(clinic, Verified_on="2026-11-24")
    clinic.cora.sees("This date is in the future. When did you check?")


def test_a_form_for_a_term_that_was_corrected_meanwhile_says_so(clinic: Clinic) -> None:
    """Nothing is saved; what is there now stands above everything typed, and the next try counts for it."""
    reported(clinic)
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills(SHOWN)
    clinic.lee.types("/cred update")
    clinic.lee.fills({"Number": "A-777777", "Expires on": "2027-12-15", **CORRECTION})
    clinic.lee.submits()
    clinic.lee.sees("Corrected: State license (NY) for Lee Chen, A-777777")
    clinic.cora.submits()
    said = clinic.cora.sees("This record changed while the form was open: it now says A-777777")
    assert "Number shown: A-123456" in said
    clinic.cora.fills({"Number shown": "A-777777"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")


def test_a_provider_may_not_verify(clinic: Clinic) -> None:
    """Verifying is for coordinators and admins."""
    reported(clinic)
    clinic.maya.types("/cred verify @lee")
    clinic.maya.sees("Only coordinators can do this.")
    clinic.ada.types("/cred verify @lee")
    clinic.ada.sees("State license (NY) for Lee Chen")


def test_what_the_source_shows_is_never_assumed(clinic: Clinic) -> None:
    """Standing and public action are asked for where nothing was chosen."""
    reported(clinic)
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills(
        {label: SHOWN[label] for label in ("Source", "Method", "Number shown", "Expiration shown", "Reference")}
    )
    clinic.cora.submits()
    assert clinic.cora.modal is not None
    assert set(clinic.cora.modal.errors) == {"Status shown", "Public action shown"}
