"""Providers whom Slack does not reach: whether they left is asked, and what was for them is the owner's."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import IVYS_LICENSE, TEAM, row

QUESTION = "The Slack account was deactivated on Nov 23, 2026. That doesn't end anyone's employment"


def asked(clinic: Clinic) -> None:
    """Lee's account is deactivated, and Cora has the question."""
    clinic.leaves("lee")
    clinic.cora.sees(QUESTION, in_="dm")


def test_a_deactivated_account_is_a_question(clinic: Clinic) -> None:
    """The owner is asked at once, with three answers; the file stays as it is."""
    asked(clinic)
    assert clinic.cora.buttons(in_="dm", near=QUESTION) == ["No longer with us", "Still here", "On leave"]
    assert clinic.acts("provider_ended") == 0


def test_the_question_is_asked_once(clinic: Clinic) -> None:
    """However often Slack tells of the same deactivation; the day's message does not repeat it the same day."""
    asked(clinic)
    clinic.workspace.deactivate("lee")
    clinic.on("2026-11-23", "15:05")
    assert clinic.cora.reads("dm").count(QUESTION) == 1


def test_left_us_opens_the_form_of_an_end(clinic: Clinic) -> None:
    """Prefilled with whom it is about; recording it answers the question."""
    asked(clinic)
    clinic.cora.clicks("No longer with us", in_="dm")
    clinic.cora.fills({"Ends on": "2026-11-23", "Why": "Resigned", "Is an investigation open or likely?": "No"})
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen's employment ended as of Nov 23, 2026")
    clinic.cora.sees("Employment ended, says Cora Diaz.", in_="dm")


def test_still_here_ends_the_question(clinic: Clinic) -> None:
    """One click, and nothing about the person changes."""
    asked(clinic)
    clinic.cora.clicks("Still here", in_="dm")
    clinic.cora.sees("Still here, says Cora Diaz.", in_="dm")
    assert clinic.cora.buttons(in_="dm", near=QUESTION) == []


def test_on_leave_opens_the_form_of_a_leave(clinic: Clinic) -> None:
    """From today, unless something else is chosen."""
    asked(clinic)
    clinic.cora.clicks("On leave", in_="dm")
    clinic.cora.fills({"Expected back on": "2027-01-15"})
    clinic.cora.submits()
    clinic.cora.sees("Lee Chen is on leave as of Nov 23, 2026, expected back on Jan 15, 2027.")
    clinic.cora.sees("On leave, says Cora Diaz.", in_="dm")


def test_who_was_never_in_slack_gets_a_letter(clinic: Clinic) -> None:
    """The owner has the text to copy, addressed to the provider, with the e-mail address."""
    clinic.roster({**IVYS_LICENSE, "expires_on": "2026-12-23"})
    clinic.on("2026-11-23", "11:05")
    told = clinic.cora.sees("Ivy can't be reached in Slack; please contact them another way.", in_="dm")
    assert "To copy, to ivy@elsewhere.example:" in told
    assert "Hello Ivy, your State license (NY) expires in 30 days, Dec 23, 2026. Please renew it" in told
    assert "[Renewed] [Submitted, waiting] [Not yet] [Contact made]" in told


def test_contact_made_is_on_record_and_no_silence(clinic: Clinic) -> None:
    """How, when and a note; it counts as an answer, and the rungs go on."""
    clinic.roster({**IVYS_LICENSE, "expires_on": "2026-12-07"})
    clinic.on("2026-11-23", "11:05")
    clinic.cora.clicks("Contact made", in_="dm")
    clinic.cora.fills({"How?": "Phone", "Note": "She files it this week."})
    clinic.cora.submits()
    clinic.cora.sees("Recorded. The reminders continue until something is reported.")
    clinic.cora.closes()
    told = clinic.cora.sees("Contact made (phone) on Nov 23, 2026, says Cora Diaz.", in_="dm")
    assert "She files it" not in told
    assert clinic.acts("contact_made", "She files it this week.") == 1
    clinic.on("2026-11-27")
    assert "No renewal has been reported yet" not in clinic.cora.reads(TEAM)
    clinic.on("2026-11-30")
    clinic.cora.sees("Expires in 7 days, Dec 7, 2026.", in_="dm")


def test_contact_made_asks_how(clinic: Clinic) -> None:
    """A day to come comes back at its field, with everything typed."""
    clinic.roster({**IVYS_LICENSE, "expires_on": "2026-12-23"})
    clinic.on("2026-11-23", "11:05")
    clinic.cora.clicks("Contact made", in_="dm")
    clinic.cora.fills({"How?": "Letter", "When?": "2026-12-01", "Note": "sent"})
    clinic.cora.submits()
    clinic.cora.sees("This date is in the future. When did you reach them?")
    assert clinic.cora.modal is not None
    assert clinic.cora.modal.fields["Note"] == "sent"
    assert clinic.acts("contact_made") == 0


def test_what_slack_refuses_goes_to_the_owner(clinic: Clinic) -> None:
    """A refused direct message is not lost: the same rung reaches Cora, as the provider's with the text to copy."""
    clinic.roster(row("license", "2026-12-23"))
    clinic.workspace.person("lee").deactivated = True  # and Slack has not told us yet
    clinic.on("2026-11-23", "12:05")
    told = clinic.cora.sees("Lee can't be reached in Slack", in_="dm")
    assert "Hello Lee, your State license (NY) expires in 30 days" in told
    assert clinic.acts("dm_refused", "user_disabled") == 1
    assert "could not be sent" not in clinic.ada.reads("dm")


def test_who_comes_back_is_written_to_again(clinic: Clinic) -> None:
    """Whoever uses the bot can be reached: from then on the reminders are their own."""
    clinic.roster(row("license", "2026-12-23"))
    lee = clinic.workspace.person("lee")
    lee.deactivated = True
    clinic.on("2026-11-23", "12:05")
    clinic.cora.sees("Lee can't be reached in Slack", in_="dm")
    lee.deactivated = False
    clinic.lee.types("/cred queue")
    clinic.lee.sees("Expires in 30 days")
    clinic.eventually(lambda: clinic.acts("dm_possible_again") == 1)
    clinic.on("2026-12-09")
    clinic.lee.sees("Expires in 14 days", in_="dm")
