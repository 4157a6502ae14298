"""``/cred away``: somebody stands in, and it ends by itself."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, approves, requests, row, rows


@pytest.fixture
def team(clinic: Clinic) -> Clinic:
    """Cora answers for everybody; Noah is a coordinator since today."""
    clinic.is_also("noah", "coordinator")
    return clinic


def test_the_delegate_gets_tasks_reminders_and_queue(team: Clinic) -> None:
    """From Tuesday to Thursday it is Noah's, said as for Cora; on Friday it is hers again."""
    team.roster(row("license", "2028-12-31", verified=""))
    team.on("2026-11-23", "11:05")
    team.cora.sees("Please verify it at the source", in_="dm")
    team.cora.types("/cred away 2026-11-24 to 2026-11-26 @noah")
    team.cora.sees("Away from Nov 24, 2026 through Nov 26, 2026: Noah Berg stands in.")
    team.noah.sees("Cora Diaz is away from Nov 24, 2026 through Nov 26, 2026, and you stand in.", in_="dm")
    team.on("2026-11-26")
    told = team.noah.sees("Please verify it at the source", in_="dm")
    assert "For Cora Diaz, who is away through Nov 26, 2026." in told
    assert team.cora.reads("dm").count("Please verify it at the source") == 1
    team.noah.types("/cred queue")
    team.noah.sees("For Cora Diaz, who is away through Nov 26, 2026.")
    team.on("2026-11-27")
    assert team.cora.reads("dm").count("Please verify it at the source") == 2


def test_a_call_for_help_reaches_the_delegate(team: Clinic) -> None:
    """Lee asks while Cora is away; Noah gets the card."""
    team.roster(row("license", "2026-12-24"))
    team.cora.types("/cred away today Dec 4, 2026 @noah")
    team.cora.sees("Noah Berg stands in.")
    team.on("2026-11-23", "11:05")
    team.lee.clicks("I need help")
    team.lee.fills({"What do you need?": "Where is the portal?"})
    team.lee.submits()
    team.lee.sees("Your message is on its way to Noah Berg")
    told = team.noah.sees("Where is the portal?", in_="dm")
    assert "For Cora Diaz, who is away through Dec 4, 2026." in told


def asks_for_help(team: Clinic) -> None:
    """Lee has asked, and Cora has the card."""
    team.roster(row("license", "2026-12-24"))
    team.on("2026-11-24")
    team.lee.clicks("I need help")
    team.lee.fills({"What do you need?": "Where is the portal?"})
    team.lee.submits()
    team.lee.sees("Your message is on its way to Cora Diaz")
    team.cora.sees("Where is the portal?", in_="dm")


def test_a_call_for_help_that_waits_goes_along(team: Clinic) -> None:
    """Cora leaves at once: Noah has the card too, and whoever of them helps has done it for both."""
    asks_for_help(team)
    team.cora.types("/cred away today Dec 4, 2026 @noah")
    told = team.noah.sees("Where is the portal?", in_="dm")
    assert "For Cora Diaz, who is away through Dec 4, 2026." in told
    team.noah.clicks("Done", in_="dm", near="Where is the portal?")
    team.noah.sees("Done, says Noah Berg.", in_="dm")
    team.cora.sees("Done, says Noah Berg.", in_="dm")


def test_a_call_for_help_waits_for_the_first_morning_of_an_absence(team: Clinic) -> None:
    """From Thursday on: nobody is disturbed at midnight, Noah has the card at nine; on Monday it is Cora's again."""
    asks_for_help(team)
    team.cora.types("/cred away 2026-11-26 2026-11-27 @noah")
    team.cora.sees("Noah Berg stands in.")
    team.on("2026-11-26", "00:30")
    assert "Where is the portal?" not in team.noah.reads("dm")
    team.on("2026-11-26")
    team.noah.sees("Where is the portal?", in_="dm")
    team.on("2026-11-30")
    team.noah.sees("This is with Cora Diaz now.", in_="dm")
    assert "Done" in team.cora.buttons(in_="dm", near="Where is the portal?")


def test_a_call_for_help_comes_back_with_who_cancels(team: Clinic) -> None:
    """Cora stays after all: Noah's card has nothing more to press."""
    asks_for_help(team)
    team.cora.types("/cred away today Dec 4, 2026 @noah")
    team.noah.sees("Where is the portal?", in_="dm")
    team.cora.types("/cred away")
    team.cora.clicks("Cancel")
    team.noah.sees("This is with Cora Diaz now.", in_="dm")
    assert "Done" not in team.noah.buttons(in_="dm", near="Where is the portal?")


def test_status_says_who_stands_in(team: Clinic) -> None:
    """Whoever looks knows whom to ask."""
    team.cora.types("/cred away today Dec 4, 2026 Noah Berg")
    team.cora.sees("Noah Berg stands in.")
    team.lee.types("/cred status")
    team.lee.sees("Cora Diaz is away through Dec 4, 2026: Noah Berg stands in.")


def test_alone_it_shows_and_cancels(team: Clinic) -> None:
    """What is planned, each with **Cancel**; the delegate hears that it is off."""
    team.cora.types("/cred away")
    team.cora.sees("You have no absences planned.")
    team.cora.types("/cred away 2026-12-21 2027-01-04 @noah")
    team.cora.sees("Away from Dec 21, 2026")
    team.cora.types("/cred away")
    team.cora.clicks("Cancel")
    team.cora.sees("Canceled: Dec 21, 2026 through Jan 4, 2027.")
    team.noah.sees("You're no longer asked to stand in for Cora Diaz", in_="dm")
    team.noah.types("/cred away")
    team.noah.sees("You have no absences planned.")


def test_canceling_an_absence_twice_is_answered_about_the_absence(team: Clinic) -> None:
    """The second press on the same list hears what became of it; a provider's leave is another matter."""
    team.cora.types("/cred away 2026-12-21 2027-01-04 @noah")
    team.cora.types("/cred away")
    team.cora.clicks("Cancel")
    team.cora.clicks("Cancel")
    team.cora.sees("This absence is over or was canceled already. /cred away shows what is planned.")
    team.cora.types("/cred return @lee")
    team.cora.sees("This provider isn't on leave, their employment hasn't ended, and neither is planned.")


def test_an_absence_by_form(team: Clinic) -> None:
    """**Plan an absence** asks for both days and who stands in; the wrong way round it comes back filled."""
    team.cora.types("/cred away")
    team.cora.clicks("Plan an absence")
    team.cora.fills({"First day away": "2026-12-21", "Last day away": "2026-12-18", "Who stands in": "Noah Berg"})
    team.cora.submits()
    team.cora.sees("The last day is before the first, Dec 21, 2026.")
    team.cora.fills({"Last day away": "2026-12-31"})
    team.cora.submits()
    team.cora.sees("Away from Dec 21, 2026 through Dec 31, 2026: Noah Berg stands in.")


def test_an_ambiguous_date_is_asked(team: Clinic) -> None:
    """The form opens with what was understood, and names both readings of the rest."""
    team.cora.types("/cred away 12/4/2026 12/20/2026 @noah")
    team.cora.sees("“12/4/2026” could be Dec 4, 2026 or Apr 12, 2026.")
    team.cora.fills({"First day away": "2026-12-04"})
    team.cora.submits()
    team.cora.sees("Away from Dec 4, 2026 through Dec 20, 2026: Noah Berg stands in.")


def test_overlapping_absences_are_one(team: Clinic) -> None:
    """The later word takes the place of the earlier, and says so."""
    team.cora.types("/cred away 2026-12-21 2027-01-04 @noah")
    team.cora.sees("Noah Berg stands in.")
    team.cora.types("/cred away 2026-12-28 2027-01-08 @ada")
    told = team.cora.sees("Away from Dec 28, 2026 through Jan 8, 2027: Ada Novak stands in.")
    assert "This replaces Dec 21, 2026 through Jan 4, 2027." in told


def test_somebody_who_cannot_stand_in(team: Clinic) -> None:
    """Dana keeps no files; the form opens with the dates kept."""
    team.cora.types("/cred away 2026-12-21 2027-01-04 @dana")
    team.cora.sees("Dana Whitfield isn't a coordinator")
    team.cora.clicks("Open the form")
    team.cora.fills({"Who stands in": "Noah Berg"})
    team.cora.submits()
    team.cora.sees("Away from Dec 21, 2026 through Jan 4, 2027: Noah Berg stands in.")


def test_without_a_delegate_nothing_is_planned(team: Clinic) -> None:
    """A coordinator's files need somebody."""
    team.cora.types("/cred away 2026-12-21 2027-01-04")
    team.cora.sees("Who stands in for you?")
    assert team.acts("away_planned") == 0


def test_a_provider_plans_no_absence_here(clinic: Clinic) -> None:
    """Lee reads who does."""
    clinic.lee.types("/cred away 2026-12-21 2027-01-04 @cora")
    clinic.lee.sees("only coordinators, approvers and admins plan absences")


def test_an_approvers_vote_stays_theirs(clinic: Clinic) -> None:
    """The thread of what waits for Dana says that she is away; nobody votes in her place."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("R-1001", in_=APPROVALS)
    clinic.dana.types("/cred away today Dec 4, 2026")
    clinic.dana.sees("Your votes on privilege requests stay with you")
    clinic.ruth.sees("Dana Whitfield is away from Nov 23, 2026 through Dec 4, 2026.", in_=APPROVALS)
    approves(clinic.dana)


def test_a_request_made_meanwhile_says_who_is_away(clinic: Clinic) -> None:
    """Whoever waits for a vote knows from the beginning that it may take a while."""
    clinic.roster(*rows(CORE))
    clinic.dana.types("/cred away today Dec 4, 2026")
    clinic.dana.sees("Your votes on privilege requests stay with you")
    requests(clinic, "Psychiatry, core")
    clinic.ruth.sees("Dana Whitfield is away from Nov 23, 2026 through Dec 4, 2026.", in_=APPROVALS)
