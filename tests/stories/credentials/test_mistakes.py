"""**Fix…**: what was recorded by mistake is corrected, taken back, or moved, and nobody reads what is not so."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.credentials.test_verification import SHOWN
from tests.stories.scenes import CORE, granted, row, rows

LICENSE = "State license (NY) · 245871 · expires Dec 31, 2028"


def fixes(clinic: Clinic, record: str, wrong: str, who: str = "cora", of: str = "@lee") -> None:
    """Opens **Fix…** from a status, and says which record and what is wrong with it."""
    actor = getattr(clinic, who)
    actor.types(f"/cred status {of}")
    actor.clicks("Fix…")
    actor.fills({"Record": record, "What is wrong?": wrong})
    actor.submits()


def test_a_typo_is_corrected_with_its_reason(clinic: Clinic) -> None:
    """The form shows what is on file, asks why, and comes back without it with everything typed."""
    clinic.cora.types("/cred add @lee license NY 245817 2028-12-31")
    clinic.cora.sees("Recorded: State license (NY) for Lee Chen")
    fixes(clinic, "State license (NY) · 245817 · expires Dec 31, 2028", "The number or a date")
    clinic.cora.sees("State license (NY) for Lee Chen · 245817 · on file through Dec 31, 2028")
    clinic.cora.fills({"Number": "245871", "What happened?": "Two digits were swapped."})
    clinic.cora.submits()
    clinic.cora.sees(
        "Corrected: State license (NY) for Lee Chen, 245871, expires Dec 31, 2028. "
        "What was there before stays in the record, with your reason."
    )
    assert clinic.acts("term_corrected", "Two digits were swapped.") == 1
    clinic.lee.never_sees("245817", for_=0.3)


def test_what_the_wrong_person_has_is_moved_to_whose_it_is(clinic: Clinic) -> None:
    """Maya's license was verified on Lee's file: it leaves his, and is on hers, to verify."""
    clinic.roster(row("license"), row("malpractice", of="maya"))
    fixes(clinic, LICENSE, "It belongs to somebody else")
    clinic.cora.fills({"Whose is it?": "Maya Okafor", "What happened?": "Uploaded under the wrong name."})
    clinic.cora.submits()
    clinic.cora.sees(
        "Moved from Lee Chen to Maya Okafor: State license (NY), 245871, expires Dec 31, 2028. "
        "Next: verify it at the source."
    )
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("State license · not on file")
    clinic.cora.types("/cred status @maya")
    clinic.cora.sees("On file, to verify – expires")
    clinic.lee.never_sees("removed", in_="dm", for_=0.3)


def test_a_void_takes_away_what_rests_on_it_and_tells_who_had_heard(clinic: Clinic) -> None:
    """Lee reported it, so he reads that it is gone; the privilege that needs it works no more."""
    clinic.roster(*rows([one for one in CORE if one != "license"]))
    clinic.lee.types("/cred add license NY 245871 2028-12-31")
    clinic.lee.sees("A coordinator will verify it next.")
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({"Credential": "State license (NY) – on file, to verify, Dec 31, 2028"})
    clinic.cora.submits()
    clinic.cora.fills({**SHOWN, "Number shown": "245871", "Expiration shown": "2028-12-31"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.closes()
    granted(clinic)
    fixes(clinic, LICENSE, "It was recorded by mistake")
    clinic.cora.sees("A privilege that rests on it alone becomes inactive.")
    clinic.cora.fills({"Why should it not be there?": "Typed in error"})
    clinic.cora.submits()
    clinic.cora.sees("a second person has to remove it. Please ask another coordinator or an admin.")
    fixes(clinic, LICENSE, "It was recorded by mistake", who="ada")
    clinic.ada.fills({"Why should it not be there?": "Typed in error", "Note": "The card is an ID card."})
    clinic.ada.submits()
    said = clinic.ada.sees("Removed: State license (NY) for Lee Chen, 245871, expires Dec 31, 2028.")
    assert "Inactive now: Psychiatry, core." in said
    assert "Lee Chen had heard of it, and will read that it was removed." in said
    clinic.lee.sees("State license (NY), 245871, was removed: it was recorded by mistake.", in_="dm")
    assert clinic.acts("term_voided", "typed in error: The card is an ID card.") == 1
    clinic.lee.types("/cred status")
    clinic.lee.sees("State license · not on file", in_="dm")


def test_a_verification_on_the_wrong_record_is_taken_back(clinic: Clinic) -> None:
    """The license needs to be verified again, and Lee, who had read that it was, reads that it is not."""
    clinic.lee.types("/cred add license NY 245871 2028-12-31")
    clinic.lee.sees("A coordinator will verify it next.")
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({**SHOWN, "Number shown": "245871", "Expiration shown": "2028-12-31"})
    clinic.cora.submits()
    clinic.lee.sees("Verified at the source on Nov 23, 2026", in_="dm")
    clinic.cora.closes()
    fixes(clinic, LICENSE, "Its verification was recorded by mistake")
    clinic.cora.sees("Checked on Nov 23, 2026 at State licensing board, by Cora Diaz.")
    clinic.cora.fills({"What happened?": "I looked at another Lee."})
    clinic.cora.submits()
    clinic.cora.sees(
        "The verification was removed: State license (NY) for Lee Chen, 245871, expires Dec 31, 2028, "
        "is on file as not verified."
    )
    clinic.lee.sees(
        "The verification of State license (NY) from Nov 23, 2026 was removed: it was recorded by mistake.", in_="dm"
    )
    clinic.lee.types("/cred status")
    clinic.lee.sees("On file, to verify", in_="dm")


def test_where_the_source_was_checked_before_that_check_decides(clinic: Clinic) -> None:
    """Taking the newest check back leaves what was verified before it, and nothing says otherwise."""
    clinic.roster(row("license"))
    clinic.cora.types("/cred verify @lee")
    clinic.cora.fills({**SHOWN, "Number shown": "245871", "Expiration shown": "2028-12-31"})
    clinic.cora.submits()
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.closes()
    fixes(clinic, LICENSE, "Its verification was recorded by mistake")
    assert "not verified" not in clinic.cora.sees("Without it, the check of Nov 2, 2026 decides.")
    clinic.cora.fills({"What happened?": "I looked at another Lee."})
    clinic.cora.submits()
    clinic.cora.sees(
        "The verification was removed: State license (NY) for Lee Chen, 245871, expires Dec 31, 2028. "
        "The check of Nov 2, 2026 decides now."
    )
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Current – expires in")


def test_what_a_file_says_of_a_check_is_nobodys_word_here(clinic: Clinic) -> None:
    """A verification that was carried over is called what it is: nobody here is named for it."""
    clinic.roster(row("license"))
    fixes(clinic, LICENSE, "Its verification was recorded by mistake")
    clinic.cora.sees("Checked on Nov 2, 2026, as roster.csv says. Without it, this record is on file as not verified")


def test_a_certificate_that_never_expires_is_corrected(clinic: Clinic) -> None:
    """A lifetime certificate needs no date to be corrected; a blank alone takes none away, the box does."""
    clinic.roster(row("board_certification", ""))
    fixes(clinic, "Board certification · 51234", "The number or a date")
    clinic.cora.fills({"Number": "81204", "What happened?": "Read again."})
    clinic.cora.submits()
    clinic.cora.sees("Corrected: Board certification for Lee Chen, 81204.")
    clinic.cora.closes()
    fixes(clinic, "Board certification · 81204", "The number or a date")
    clinic.cora.fills({"Expires on": "2031-06-30", "What happened?": "It is a ten-year one."})
    clinic.cora.submits()
    clinic.cora.sees("Corrected: Board certification for Lee Chen, 81204, expires Jun 30, 2031.")
    clinic.cora.closes()
    fixes(clinic, "Board certification · 81204 · expires Jun 30, 2031", "The number or a date")
    clinic.cora.fills({"Expires on": "", "What happened?": "It is a lifetime one."})
    clinic.cora.submits()
    clinic.cora.sees("Which day?")
    clinic.cora.fills({"No expiration date": ["It never expires"]})
    clinic.cora.submits()
    clinic.cora.sees("Corrected: Board certification for Lee Chen, 81204. What was there before")


def test_a_year_far_off_is_asked_about_in_a_correction(clinic: Clinic) -> None:
    """It is corrected only on Yes, with everything typed still there."""
    clinic.roster(row("license"))
    fixes(clinic, LICENSE, "The number or a date")
    clinic.cora.fills({"Expires on": "2035-12-31", "What happened?": "Misread."})
    clinic.cora.submits()
    clinic.cora.sees("Dec 31, 2035: is the year right?")
    clinic.cora.fills({"Is that right?": ["Yes"]})
    clinic.cora.submits()
    clinic.cora.sees("Corrected: State license (NY) for Lee Chen, 245871, expires Dec 31, 2035.")


def test_what_was_sent_back_is_removed(clinic: Clinic) -> None:
    """Reported on the wrong file, it was sent back; nobody can report it again, so it is taken away."""
    clinic.cora.types("/cred add @lee bls 2027-01-15")
    clinic.cora.sees("Recorded: BLS for Lee Chen")
    clinic.cora.types("/cred queue")
    clinic.cora.clicks("Back to the provider")
    clinic.cora.fills({"What is wrong?": "Not found at the source"})
    clinic.cora.submits()
    clinic.cora.sees("Sent back.")
    clinic.cora.closes()
    fixes(clinic, "BLS · expires Jan 15, 2027", "It belongs to somebody else")
    clinic.cora.sees("It can only be removed, as recorded by mistake.")
    clinic.cora.fills({"What is wrong?": "It was recorded by mistake"})
    clinic.cora.submits()
    clinic.cora.fills({"Why should it not be there?": "Wrong person, and I don't know whose it is"})
    clinic.cora.submits()
    clinic.cora.sees("Removed: BLS for Lee Chen, expires Jan 15, 2027.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    assert "Sent back" not in clinic.cora.sees("Lee Chen")


def test_fix_is_for_coordinators_and_never_for_their_own_file(clinic: Clinic) -> None:
    """Lee has no such button on his status, nor has Cora on hers."""
    cora = {"name": "Cora Diaz", "slack_user": clinic.workspace.person("cora").id, "provider_type": "lcsw"}
    clinic.roster(row("license"), {**cora, "credential": "bls", "expires_on": "2028-01-15"})
    clinic.lee.types("/cred status")
    clinic.lee.sees("State license (NY)")
    assert "Fix…" not in clinic.lee.buttons()
    clinic.cora.types("/cred status @cora")
    clinic.cora.sees("BLS")
    assert "Fix…" not in clinic.cora.buttons()
