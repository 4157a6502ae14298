"""The coordinator's side of reminders: verifying, sending back, differences, silence, and what lapses."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import CORE, TEAM, granted, row, rows, verifies


def reported(clinic: Clinic) -> None:
    """Lee's license stands as he stated it; the coordinator has the task to verify it."""
    clinic.roster(row("license", "2028-12-31", verified=""))
    clinic.on("2026-11-23", "11:05")
    clinic.cora.sees("Please verify it at the source", in_="dm")


def sends_back(clinic: Clinic, problem: str, *, note: str = "") -> None:
    """Cora presses **Back to the provider** on her task, and says what is wrong."""
    clinic.cora.clicks("Back to the provider", in_="dm")
    clinic.cora.fills({"What is wrong?": problem, "Note to the provider": note})
    clinic.cora.submits()


def differs(clinic: Clinic) -> None:
    """Cora looked, and the board shows another expiry than Lee typed."""
    reported(clinic)
    clinic.cora.clicks("Verify", near="Please verify")
    verifies(clinic.cora, "245871", "2027-12-31")
    clinic.cora.sees("Recorded as a discrepancy")
    clinic.cora.closes()
    clinic.on("2026-11-24")
    clinic.cora.sees("The source shows something different from what was entered.", in_="dm")


def test_the_task_to_verify_names_its_day(clinic: Clinic) -> None:
    """Three business days to verify what was reported; Thursday, for a Monday."""
    reported(clinic)
    clinic.cora.sees("Please verify it at the source by Nov 26, 2026.", in_="dm")


def test_verifying_from_the_task_ends_it(clinic: Clinic) -> None:
    """**Verify** opens the form; what it records closes the task and tells the provider."""
    reported(clinic)
    clinic.cora.clicks("Verify", near="Please verify")
    verifies(clinic.cora, "245871", "2028-12-31")
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.sees("Verified by Cora Diaz. Nothing more to do.", in_="dm")
    clinic.lee.sees("Verified at the source on Nov 23, 2026", in_="dm")
    assert clinic.cora.buttons(in_="dm") == []


def test_what_nobody_verifies_is_asked_again(clinic: Clinic) -> None:
    """The task comes back on the day it is due."""
    reported(clinic)
    clinic.on("2026-11-26")
    assert clinic.cora.reads("dm").count("Please verify it at the source") == 2


def test_back_to_the_provider_reopens_the_ladder(clinic: Clinic) -> None:
    """A renewal that the board does not show goes back: Lee hears why, and is asked again."""
    clinic.roster(row("license", "2026-12-24"))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.clicks("Renewed")
    clinic.lee.fills({"Expires on": "2028-12-24"})
    clinic.lee.submits()
    clinic.on("2026-11-24")
    sends_back(clinic, "Not found at the source")
    clinic.cora.sees("Sent back. Lee Chen will be reminded again.")
    clinic.lee.sees("A coordinator couldn't find the renewal of State license (NY) at the source yet.", in_="dm")
    clinic.on("2026-11-24", "10:05")
    assert "Renewed" in clinic.lee.buttons(near="Expires in 30 days", in_="dm")


def test_a_first_report_sent_back_stays_in_sight(clinic: Clinic) -> None:
    """What the source does not show does not vanish: the status says so, and the provider reports it again."""
    reported(clinic)
    sends_back(clinic, "Not found at the source")
    clinic.cora.sees("Sent back. Lee Chen will be asked to report it again.")
    clinic.lee.sees("A coordinator couldn't find State license (NY) at the source yet.", in_="dm")
    clinic.lee.types("/cred status")
    said = clinic.lee.sees("Sent back – a coordinator couldn't find it at the source.", in_="dm")
    assert "State license · not on file" not in said
    clinic.lee.clicks("Report again")
    clinic.lee.sees("For Lee Chen")
    assert clinic.lee.modal is not None
    assert clinic.lee.modal.fields["Number"] == "245871"
    clinic.lee.fills({"Number": "245817"})
    clinic.lee.submits()
    clinic.lee.sees("Recorded: State license (NY) for Lee Chen, 245817, expires Dec 31, 2028.")


def test_what_is_wrong_is_what_the_provider_reads(clinic: Clinic) -> None:
    """A number that is wrong was not "not found": neither Lee nor his file says so."""
    reported(clinic)
    sends_back(clinic, "The number", note="Two digits look swapped.")
    clinic.cora.sees("Sent back.")
    clinic.cora.closes()
    told = clinic.lee.sees("A coordinator sent back State license (NY): the number is wrong.", in_="dm")
    assert "Cora Diaz: “Two digits look swapped.”" in told
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("Sent back – the number is wrong; the provider needs to report it again")
    clinic.lee.types("/cred add license NY 245817 2028-12-31")
    clinic.lee.sees("Recorded: State license (NY)")
    clinic.lee.types("/cred status")
    assert "Sent back" not in clinic.lee.sees("On file, to verify")
    assert "find" not in clinic.lee.reads("dm")


def test_a_report_sent_back_is_reported_again_once(clinic: Clinic) -> None:
    """**Report again** pressed on an old status, when it was done since, says so."""
    reported(clinic)
    sends_back(clinic, "Not found at the source")
    clinic.cora.sees("Sent back.")
    clinic.cora.closes()
    clinic.cora.types("/cred status @lee")
    clinic.cora.sees("not found at the source; the provider needs to report it again")
    clinic.lee.types("/cred add license NY 245817 2028-12-31")
    clinic.lee.sees("Recorded: State license (NY)")
    clinic.cora.clicks("Report again")
    clinic.cora.sees("This is already done.")


def test_a_difference_offers_two_ways_on(clinic: Clinic) -> None:
    """A discrepancy shows both values to the coordinator, and nothing is verified by it."""
    differs(clinic)
    told = clinic.cora.sees("• Expiration: entered Dec 31, 2028, the source shows Dec 31, 2027", in_="dm")
    assert "[Use the source's] [Ask the provider]" in told


def test_a_look_that_differs_is_not_called_verified(clinic: Clinic) -> None:
    """The card from which Cora looked says what she found, and where it goes on."""
    differs(clinic)
    clinic.cora.sees("Cora Diaz checked the source, and it shows something different. It isn't verified", in_="dm")
    assert "Verified by" not in clinic.cora.reads("dm")


def test_use_the_sources_makes_it_verified(clinic: Clinic) -> None:
    """**Use the source's** replaces what was typed; the status says so."""
    differs(clinic)
    clinic.cora.clicks("Use the source's", in_="dm")
    clinic.cora.sees("now matches the source, and is verified", in_="dm")
    clinic.cora.sees("Cora Diaz took what the source shows.", in_="dm")
    assert clinic.cora.buttons(in_="dm") == []
    clinic.lee.types("/cred status")
    clinic.lee.sees("Dec 31, 2027", in_="dm")


def test_ask_the_provider_tells_both_values(clinic: Clinic) -> None:
    """**Ask the provider** sends Lee the difference; it stays unverified until he answers."""
    differs(clinic)
    clinic.cora.clicks("Ask the provider", in_="dm")
    clinic.cora.sees("Lee Chen will be asked which is right.", in_="dm")
    told = clinic.lee.sees("For State license (NY), the source shows something different", in_="dm")
    assert "Dec 31, 2027" in told


def test_silence_is_said_to_the_team_once(clinic: Clinic) -> None:
    """Nobody answered for three business days at rung -14: the team's channel hears, without a number, one time."""
    clinic.roster(row("license", "2026-12-07"))
    clinic.on("2026-11-26")
    told = clinic.cora.sees("Lee Chen · State license (NY) expires in 11 days", in_=TEAM)
    assert "245871" not in told
    clinic.on("2026-12-03")
    assert clinic.cora.reads(TEAM).count("No renewal has been reported yet") == 1


def test_who_asked_for_help_is_not_silent(clinic: Clinic) -> None:
    """A call for help is an answer: the team's channel hears nothing."""
    clinic.roster(row("license", "2026-12-07"))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.clicks("I need help")
    clinic.lee.fills({"What do you need?": "Where is the portal?"})
    clinic.lee.submits()
    clinic.lee.sees("Your message is on its way")
    clinic.on("2026-11-27")
    assert "No renewal has been reported yet" not in clinic.cora.reads(TEAM)


def test_not_yet_is_still_silence(clinic: Clinic) -> None:
    """**Not yet** counts as unanswered: the team's channel hears all the same."""
    clinic.roster(row("license", "2026-12-07"))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.clicks("Not yet")
    clinic.lee.sees("I'll ask again on")
    clinic.on("2026-11-26")
    clinic.cora.sees("Lee Chen · State license (NY) expires in 11 days", in_=TEAM)


def test_after_the_lapse_the_ladder_goes_on_and_ends_with_the_owner(clinic: Clinic) -> None:
    """+1, +3 and +7 go to the provider; from the Monday after, it is the coordinator's task."""
    clinic.roster(row("license", "2026-11-27"))
    clinic.on("2026-12-04")
    said = [line for m in clinic.lee.messages("dm") for line in m.splitlines() if line.startswith("Expired")]
    assert said == ["Expired 3 days ago, Nov 27, 2026.", "Expired 7 days ago, Nov 27, 2026."]
    clinic.on("2026-12-07")
    clinic.cora.sees("Lapsed 10 days ago, Nov 27, 2026, and no renewal was reported.", in_="dm")
    assert clinic.cora.buttons(near="and no renewal was reported", in_="dm") == ["Renewed", "Submitted, waiting"]


def test_a_week_before_a_privilege_would_stop_the_owner_hears(clinic: Clinic) -> None:
    """The warning names the privilege that would become inactive."""
    clinic.roster(*rows(CORE, license="2026-12-02"))
    granted(clinic)
    clinic.on("2026-11-25")
    told = clinic.cora.sees("Without a verified renewal Psychiatry, core becomes inactive", in_="dm")
    assert "Lee Chen · State license (NY)" in told


def test_an_import_holds_what_is_past_until_started(clinic: Clinic) -> None:
    """Dates long past are not asked about on import day; the team sees how many, and **Start nudging** lets them go."""
    clinic.roster(row("license", "2026-10-01"), row("dea", "2026-09-01"))
    clinic.on("2026-11-23", "11:05")
    assert clinic.lee.messages("dm") == []
    clinic.cora.sees("The import brought 2 dates that have already passed, for 1 person", in_=TEAM)
    clinic.cora.clicks("Start nudging", in_=TEAM)
    clinic.cora.sees("Cora Diaz started nudging.", in_=TEAM)
    clinic.on("2026-11-23", "12:05")
    clinic.lee.sees("Hello Lee, 2 things need you", in_="dm")


def test_only_a_coordinator_starts_nudging(clinic: Clinic) -> None:
    """Others in the team's channel read who may, and what was held stays held."""
    clinic.workspace.invite("credentialing", "noah")
    clinic.roster(row("license", "2026-10-01"))
    clinic.noah.sees("Reminders waiting for you to start them", in_=TEAM)
    clinic.noah.clicks("Start nudging", in_=TEAM)
    clinic.noah.sees("Only coordinators can do this.", in_=TEAM)
    assert "Start nudging" in clinic.cora.buttons(in_=TEAM)
