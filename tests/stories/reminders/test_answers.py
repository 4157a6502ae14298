"""What a provider presses on a reminder, and what everybody sees then."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import TEAM, row


def asked(clinic: Clinic, expires: str = "2026-12-31") -> None:
    """Lee has the day's reminder of the license before him."""
    clinic.roster(row("license", expires))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("State license (NY)", in_="dm")


def renews(clinic: Clinic) -> None:
    clinic.lee.clicks("Renewed")
    clinic.lee.fills({"Expires on": "2028-12-31", "Issued on": "2026-11-20"})
    clinic.lee.submits()


def test_renewed_offers_the_number_that_is_on_file(clinic: Clinic) -> None:
    """The form of **Renewed** knows the number; only the new dates are asked."""
    asked(clinic)
    clinic.lee.clicks("Renewed")
    told = clinic.lee.sees("Number: 245871")
    assert {"Expires on", "Issued on"} <= {line.partition(":")[0] for line in told.splitlines()}


def test_renewed_ends_the_providers_part(clinic: Clinic) -> None:
    """After **Renewed** Lee reads that nothing more is for him, and his card has no buttons left."""
    asked(clinic)
    renews(clinic)
    clinic.lee.sees("Thanks. Nothing more for you to do.")
    clinic.lee.sees("All done for today", in_="dm")
    assert clinic.lee.buttons(in_="dm") == []


def test_a_reported_renewal_stops_the_ladder(clinic: Clinic) -> None:
    """The next rungs pass in silence once something is reported; the coordinator is asked to verify it."""
    asked(clinic, "2026-12-24")
    renews(clinic)
    clinic.on("2026-11-25")
    assert len(clinic.lee.messages("dm")) == 1
    told = clinic.cora.sees("Please verify it at the source", in_="dm")
    assert "Reported as 245871, expires Dec 31, 2028." in told
    assert clinic.cora.buttons(near="Please verify") == ["Verify", "Back to the provider"]


def test_submitted_ends_the_providers_part(clinic: Clinic) -> None:
    """**Submitted, waiting** asks when, today unless told otherwise, and an optional receipt."""
    asked(clinic)
    clinic.lee.clicks("Submitted, waiting")
    assert "Filed on: 2026-11-23" in clinic.lee.sees("Filed on")
    clinic.lee.submits()
    clinic.lee.sees("Thanks. Nothing more for you to do.")
    clinic.lee.sees("Submitted on Nov 23, 2026, reported by Lee Chen.", in_="dm")


def test_what_was_submitted_is_asked_of_the_owner_every_week(clinic: Clinic) -> None:
    """The coordinator checks with the issuer: at once, and a week after **Still waiting**; Lee hears nothing."""
    asked(clinic)
    clinic.lee.clicks("Submitted, waiting")
    clinic.lee.fills({"Receipt": "NYSED 7781"})
    clinic.lee.submits()
    clinic.on("2026-11-24")
    told = clinic.cora.sees("Has the issuer responded?", in_="dm")
    assert "Renewal filed on Nov 23, 2026 (receipt NYSED 7781)." in told
    assert clinic.cora.buttons(near="Has the issuer") == ["Verify", "Back to the provider", "Still waiting"]
    clinic.cora.clicks("Still waiting")
    clinic.cora.sees("Still waiting, says Cora Diaz.", in_="dm")
    clinic.on("2026-12-01")
    assert clinic.cora.reads("dm").count("Has the issuer responded?") == 2
    assert len(clinic.lee.messages("dm")) == 1


def test_not_yet_says_when_it_asks_again(clinic: Clinic) -> None:
    """One click: the card and the answer name the day, here the next rung, and it keeps that day."""
    asked(clinic, "2026-12-24")
    clinic.lee.clicks("Not yet")
    clinic.lee.sees("All right. I'll ask again on Nov 24, 2026.")
    clinic.lee.sees("Not yet. I'll ask again on Nov 24, 2026.", in_="dm")
    clinic.on("2026-11-24")
    clinic.lee.sees("Expires in 30 days", in_="dm")


def test_not_yet_asks_again_after_a_week_at_the_latest(clinic: Clinic) -> None:
    """Far from the next rung, seven days pass before the question comes again."""
    asked(clinic, "2027-01-15")
    clinic.lee.clicks("Not yet")
    clinic.lee.sees("I'll ask again on Nov 30, 2026.")
    clinic.on("2026-11-30")
    clinic.lee.sees("Expires in 46 days, Jan 15, 2027.", in_="dm")


def test_not_yet_is_not_offered_in_the_last_week(clinic: Clinic) -> None:
    """Seven days before the end there is no later to ask again: three buttons remain."""
    asked(clinic, "2026-11-30")
    assert clinic.lee.buttons() == ["Renewed", "Submitted, waiting", "I need help"]


def test_not_yet_on_an_old_card_is_refused_in_the_last_week(clinic: Clinic) -> None:
    """A card of last week still has the button; pressing it says why not, and what stops the reminders."""
    asked(clinic, "2026-12-02")
    clinic.on("2026-11-25")
    clinic.lee.clicks("Not yet", near="Expires in 9 days")
    clinic.lee.sees("Seven days or fewer are left, so I'll keep asking.")


def test_help_reaches_the_owner_with_the_words(clinic: Clinic) -> None:
    """**I need help**: the coordinator gets a card with what Lee wrote, and Lee reads who has it."""
    asked(clinic)
    clinic.lee.clicks("I need help")
    clinic.lee.fills({"What do you need?": "The portal <!channel> wants 2 factors"})
    clinic.lee.submits()
    clinic.lee.sees("Your message is on its way to Cora Diaz.")
    told = clinic.cora.sees("Lee Chen is asking for help:", in_="dm")
    assert "> The portal <!channel> wants 2 factors" in told
    assert clinic.cora.buttons() == ["Done"]


def test_after_a_call_for_help_the_reminders_go_on(clinic: Clinic) -> None:
    """Help is an answer, no renewal: the next rung still comes, and the old card says what was asked."""
    asked(clinic, "2026-12-24")
    clinic.lee.clicks("I need help")
    clinic.lee.fills({"What do you need?": "Where is the portal?"})
    clinic.lee.submits()
    clinic.lee.sees("You asked for help.", in_="dm")
    clinic.on("2026-11-24")
    clinic.lee.sees("Expires in 30 days", in_="dm")


def test_done_ends_the_call_for_help(clinic: Clinic) -> None:
    """**Done** takes the button away, says who did it, and nothing waits in the queue any more."""
    asked(clinic)
    clinic.lee.clicks("I need help")
    clinic.lee.fills({"What do you need?": "Where is the portal?"})
    clinic.lee.submits()
    clinic.cora.clicks("Done", in_="dm")
    clinic.cora.sees("Done, says Cora Diaz.", in_="dm")
    assert clinic.cora.buttons(in_="dm") == []


def test_an_empty_call_for_help_is_asked_again(clinic: Clinic) -> None:
    """Blanks are no words: the form stays, and says so."""
    asked(clinic)
    clinic.lee.clicks("I need help")
    clinic.lee.fills({"What do you need?": "   "})
    clinic.lee.submits()
    clinic.lee.sees("Please write a few words.")


def test_every_earlier_card_comes_in_line(clinic: Clinic) -> None:
    """The renewal reported on the newest card takes the buttons from the older ones too."""
    asked(clinic, "2026-12-24")
    clinic.on("2026-11-24")
    renews(clinic)
    clinic.lee.sees("All done for today", in_="dm")
    clinic.delivered()
    assert clinic.lee.reads("dm").count("Renewed, reported by Lee Chen. Thanks. Nothing more for you to do.") == 2
    assert clinic.lee.buttons(in_="dm") == []


def test_a_reminder_is_answered_by_its_reader_only(clinic: Clinic) -> None:
    """A reminder in the team's channel is for coordinators: others who can read it are told so."""
    for handle in ("cora", "ada"):
        clinic.leaves(handle)
    clinic.workspace.invite("credentialing", "noah")
    clinic.roster(row("license", "2026-12-31") | {"name": "Ivy Ott", "provider_type": "lcsw"})
    clinic.on("2026-11-23", "11:05")
    clinic.noah.clicks("Not yet", in_=TEAM)
    clinic.noah.sees("This reminder isn't yours.", in_=TEAM)


def test_the_coordinator_answers_for_a_provider(clinic: Clinic) -> None:
    """Cora reports what Lee told her on the phone: his own card says who did."""
    asked(clinic)
    clinic.cora.types("/cred update @lee")
    clinic.cora.fills({"Expires on": "2028-12-31"})
    clinic.cora.submits()
    clinic.lee.sees("Renewed, reported by Cora Diaz.", in_="dm")


def test_the_queue_shows_what_waits_with_its_buttons(clinic: Clinic) -> None:
    """``/cred queue`` has the same rows as the day's message, and works without it."""
    asked(clinic)
    clinic.lee.types("/cred queue", in_="#general")
    clinic.lee.sees("State license (NY)", in_="#general")
    assert clinic.lee.buttons(in_="#general") == ["Renewed", "Submitted, waiting", "Not yet", "I need help"]
