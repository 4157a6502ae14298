"""An admin's list of messages that did not get through: one message a day, whatever fails at once."""

from __future__ import annotations

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, requests, rows

CHANNEL = "privilege-requests"
LISTS = ("could not be sent", "your decision", "a newer list below")


def lists(clinic: Clinic, who: str = "ada") -> list[str]:
    """The lists in an admin's DM."""
    return [text for text in getattr(clinic, who).messages("dm") if any(said in text for said in LISTS)]


def two_requests_that_fail(clinic: Clinic) -> None:
    """Lee asks for two privileges, and the bot is in the channel no more."""
    clinic.workspace.kick(CHANNEL, "credbot")
    clinic.roster(*rows((*CORE, "mate")))
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["Psychiatry, core", "Buprenorphine"], "Reason": ""})
    clinic.lee.submits()
    clinic.ada.sees("2 messages (request) to", in_="dm")


def test_what_fails_alike_is_one_question(clinic: Clinic) -> None:
    """Two cards fail for one reason: Ada gets one message with one pair of buttons, mends it, and both go out."""
    two_requests_that_fail(clinic)
    assert len(lists(clinic)) == 1
    assert clinic.ada.buttons(near="could not be sent", in_="dm") == ["Send again", "Drop"]
    clinic.workspace.invite(CHANNEL, "credbot")
    clinic.ada.clicks("Send again", in_="dm")
    clinic.ada.sees("I'll send 2 messages again.")
    for number in ("R-1001", "R-1002"):
        clinic.dana.sees(f"{number} · Lee Chen", in_=APPROVALS)
    clinic.ada.sees("No message needs your decision anymore", in_="dm")
    assert clinic.ada.reads("dm").count("Sent again by Ada Novak.") == 2


def test_the_second_admin_learns_who_was_first(clinic: Clinic) -> None:
    """Both admins see the list; whoever comes second reads that it is settled, and by whom."""
    clinic.is_also("cora", "admin")
    two_requests_that_fail(clinic)
    late = clinic.cora.holds("Drop", near="could not be sent", in_="dm")
    clinic.ada.clicks("Drop", near="could not be sent", in_="dm")
    assert clinic.ada.asked is not None
    assert "messages to" in clinic.ada.asked
    assert "will never be sent." in clinic.ada.asked
    clinic.ada.sees("Dropped: I won't send them.")
    late()
    clinic.cora.sees("Ada Novak", in_="dm")
    assert clinic.acts("message_drop") == 2


def test_a_new_day_has_a_new_list(clinic: Clinic) -> None:
    """What fails on another day (a card that must show the withdrawal) opens a list with all that is open."""
    two_requests_that_fail(clinic)
    clinic.on("2026-11-24", "10:00")
    clinic.lee.clicks("Withdraw", in_="dm")
    clinic.lee.sees("The request ends")
    clinic.lee.submits()
    clinic.ada.sees("a newer list below", in_="dm")
    clinic.eventually(lambda: len(lists(clinic)) == 2)
    assert clinic.ada.buttons(near="could not be sent", in_="dm").count("Drop") == 1


def test_an_uncertain_message_is_asked_about(clinic: Clinic) -> None:
    """The answer was lost and the channel cannot be read: Ada looks herself, and says that it arrived."""
    clinic.workspace.faults.add("chat.postMessage", "lost_answer", match={"channel": clinic.approvals})
    clinic.workspace.faults.add("conversations.history", "remove_bot")
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.ada.sees("I don't know whether a message (request) arrived", in_="dm")
    clinic.ada.clicks("It arrived", in_="dm")
    clinic.ada.sees("It arrived, says Ada Novak.", in_="dm")
