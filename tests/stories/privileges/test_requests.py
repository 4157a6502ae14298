"""Asking for a privilege: the form, what blocks, the card in the approvers' channel, and the way back."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, approves, denies, presses, requests, rows

RETURN, REFER = "return for information", "refer to a meeting"


def asked(clinic: Clinic, reason: str = "") -> None:
    """Lee has asked for psychiatry's core privileges; the card is with the approvers."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core", reason)
    clinic.dana.sees("What the file shows", in_=APPROVALS)


def returned(clinic: Clinic) -> None:
    """The chair wants to know something first."""
    asked(clinic)
    denies(clinic.dana, RETURN, "Which site?")
    clinic.lee.sees("The department chair needs something from you", in_="dm")


def test_the_form_shows_each_criterion_and_why(clinic: Clinic) -> None:
    """Met, expiring or missing: all criteria stand in the form, with their dates in words."""
    clinic.roster(*rows(CORE, malpractice="2026-12-20"))
    clinic.lee.types("/cred request")
    told = clinic.lee.sees("Psychiatry, core")
    assert "• Malpractice insurance: met, but expires in 27 days, Dec 20, 2026" in told
    assert "• MATE training: missing, nothing is on file" in told


def test_what_is_not_eligible_cannot_be_chosen(clinic: Clinic) -> None:
    """A privilege with a missing criterion is explained, and not among the choices."""
    clinic.roster(*rows(CORE))
    clinic.lee.types("/cred request")
    clinic.lee.sees("Buprenorphine · not eligible yet")
    assert clinic.lee.options("Privileges") == ["Psychiatry, core", "Psychotherapy, core"]


def test_with_nothing_eligible_the_form_says_what_is_missing(clinic: Clinic) -> None:
    """An empty file opens no form to send, only what it lacks."""
    clinic.lee.types("/cred request")
    told = clinic.lee.sees("doesn't meet the criteria for any privilege yet")
    assert "• State license: missing, nothing is on file" in told


def test_what_is_eligible_is_asked_for_from_the_answer(clinic: Clinic) -> None:
    """``/cred eligible`` leads to the form with that privilege chosen, and afterwards says that it is asked for."""
    clinic.roster(*rows(CORE))
    clinic.lee.types("/cred eligible psychotherapy_core")
    clinic.lee.sees("Lee Chen meets every criterion.")
    clinic.lee.clicks("Request this privilege")
    clinic.lee.fills({"Reason": "Groups on Tuesdays"})
    clinic.lee.submits()
    clinic.lee.sees("R-1001 requests Psychotherapy, core.")
    clinic.lee.closes()
    clinic.lee.types("/cred eligible psychotherapy_core")
    clinic.lee.sees("R-1001 already requests this and is still open.")


def test_what_is_missing_is_added_from_the_answer(clinic: Clinic) -> None:
    """The button of a missing criterion opens the form of that type; it then waits for a coordinator's look."""
    clinic.roster(*rows(CORE[:2]))
    clinic.lee.types("/cred eligible psychotherapy_core")
    clinic.lee.clicks("Add Malpractice insurance")
    clinic.lee.fills({"Number": "MPL-204418", "Expires on": "2027-12-15"})
    clinic.lee.submits()
    clinic.lee.sees("Recorded: Malpractice insurance for Lee Chen")
    clinic.cora.types("/cred eligible psychotherapy_core @lee")
    clinic.cora.sees("Malpractice insurance: not verified yet")
    assert "Verify" in clinic.cora.buttons(near="Malpractice insurance")


def test_nobody_asks_for_somebody_who_has_ended(clinic: Clinic) -> None:
    """The criteria are still shown, without a request."""
    clinic.roster(*rows(CORE))
    clinic.cora.types("/cred end @lee 2026-11-23")
    clinic.cora.fills({"Why": "Resigned", "Is an investigation open or likely?": "No"})
    clinic.cora.submits()
    clinic.cora.sees("ended")
    clinic.cora.closes()
    clinic.cora.types("/cred eligible psychotherapy_core @lee")
    clinic.cora.sees("Lee Chen meets every criterion.")
    assert "Request this privilege" not in clinic.cora.buttons()


def test_the_requester_reads_the_number(clinic: Clinic) -> None:
    """The number that people know the request by is in the answer, and in the requester's DM."""
    clinic.roster(*rows(CORE))
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["Psychiatry, core"]})
    clinic.lee.submits()
    clinic.lee.sees("R-1001 requests Psychiatry, core. I'll let you know when it's decided.")
    clinic.lee.sees("Your request is with the department chair.", in_="dm")


def test_each_privilege_is_a_request_of_its_own(clinic: Clinic) -> None:
    """Two privileges chosen at once are two numbers and two cards."""
    clinic.roster(*rows(CORE))
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["Psychiatry, core", "Psychotherapy, core"]})
    clinic.lee.submits()
    clinic.dana.sees("R-1001 · Lee Chen · Psychiatry, core", in_=APPROVALS)
    clinic.dana.sees("R-1002 · Lee Chen · Psychotherapy, core", in_=APPROVALS)


def test_the_card_says_what_the_chair_needs_and_no_more(clinic: Clinic) -> None:
    """Name, privilege, criteria, step and buttons; no number, and no word that was typed."""
    asked(clinic, "Because of <!channel> and R. Roe")
    told = clinic.dana.sees("R-1001 · Lee Chen · Psychiatry, core", in_=APPROVALS)
    assert "Criteria: all 4 met" in told
    assert clinic.dana.buttons(near="R-1001", in_=APPROVALS) == ["Approve", "Deny", "Details"]
    everything = clinic.dana.reads(APPROVALS)
    assert not any(secret in everything for secret in ("245871", "FC1234563", "MPL-204418", "Roe"))


def test_the_evidence_stands_in_the_thread(clinic: Clinic) -> None:
    """The first reply: for each criterion met or not, when it was verified, and when it expires."""
    asked(clinic)
    told = clinic.dana.sees("What the file shows", in_=APPROVALS)
    assert "• State license (NY): met · verified on Nov 2, 2026 (carried over) · expires Dec 31, 2028" in told


def test_a_coordinator_asks_for_somebody(clinic: Clinic) -> None:
    """Cora asks for Lee: she has the request in her DM, and he hears of it."""
    clinic.roster(*rows(CORE))
    clinic.cora.types("/cred request @lee")
    clinic.cora.fills({"Privileges": ["Psychiatry, core"]})
    clinic.cora.submits()
    clinic.cora.sees("R-1001 · Psychiatry, core for Lee Chen", in_="dm")
    clinic.lee.sees("Cora Diaz requested Psychiatry, core for you.", in_="dm")


def test_a_provider_asks_for_nobody_else(clinic: Clinic) -> None:
    """Maya may not ask for Lee."""
    clinic.maya.types("/cred request @lee")
    clinic.maya.sees("You can see and change only your own file.")


def test_what_is_asked_already_is_not_offered(clinic: Clinic) -> None:
    """While R-1001 is open the form names it, and offers the rest."""
    asked(clinic)
    clinic.lee.types("/cred request")
    clinic.lee.sees("Psychiatry, core · already requested, R-1001")
    assert clinic.lee.options("Privileges") == ["Psychotherapy, core"]


def test_what_was_asked_while_the_form_was_open_comes_back_with_everything_typed(clinic: Clinic) -> None:
    """Cora was faster with one of two: Lee reads which, keeps his words, and sends the other."""
    clinic.roster(*rows(CORE))
    for one, words in ((clinic.lee, "request"), (clinic.cora, "request @lee")):
        one.types(f"/cred {words}")
        one.fills({"Privileges": ["Psychiatry, core"], "Reason": "I start on Monday"})
    clinic.cora.submits()
    clinic.cora.sees("R-1001 requests Psychiatry, core")
    clinic.lee.fills({"Privileges": ["Psychiatry, core", "Psychotherapy, core"]})
    clinic.lee.submits()
    told = clinic.lee.sees("R-1001 already requests this and is still open.")
    assert "Reason: I start on Monday" in told
    clinic.lee.submits()
    clinic.lee.sees("R-1002 requests Psychotherapy, core")


def test_an_answer_to_what_was_withdrawn_is_given_back(clinic: Clinic) -> None:
    """The coordinator withdrew while Lee typed: he reads that it ended, and his words stay before him."""
    returned(clinic)
    clinic.lee.clicks("Answer", in_="dm")
    clinic.lee.fills({"Answer": "At the north site"})
    presses(clinic, "cora", "withdraw", "1")
    clinic.cora.sees("The request ends")
    clinic.cora.submits()
    clinic.cora.sees("R-1001 was withdrawn.")
    clinic.lee.submits()
    told = clinic.lee.sees("is no longer waiting for an answer")
    assert "Answer: At the north site" in told


@pytest.mark.parametrize("button", ["Answer", "Withdraw"])
def test_a_stranger_who_presses_leaves_an_audit_event(clinic: Clinic, button: str) -> None:
    """Whoever tries what they may not is refused before they type, and it is on record."""
    returned(clinic)
    presses(clinic, "noah", button.lower(), "1")
    clinic.noah.sees("You can see and change only your own file.")
    assert clinic.acts("refused", "stranger") == 1


def test_only_a_coordinator_reopens(clinic: Clinic) -> None:
    """The requester who presses **Reopen** is refused before he types a note."""
    asked(clinic)
    denies(clinic.dana, REFER, "Two of us disagree")
    clinic.cora.sees("referred it to a meeting", in_="dm")
    presses(clinic, "lee", "reopen", "1")
    clinic.lee.sees("This request is about you, so others decide it.")


def test_what_lapsed_while_the_form_was_open_is_refused(clinic: Clinic) -> None:
    """The criteria are checked when the form is sent, not when it opened."""
    clinic.roster(*rows(CORE, license="2026-11-24"))
    clinic.lee.types("/cred request")
    clinic.lee.fills({"Privileges": ["Psychiatry, core"]})
    clinic.on("2026-11-25")
    clinic.lee.submits()
    clinic.lee.sees("State license (NY) is not met")
    clinic.dana.never_sees("R-1001", in_=APPROVALS)


def test_withdraw_ends_the_request(clinic: Clinic) -> None:
    """The requester withdraws, after one more question: the card loses its buttons and says so."""
    asked(clinic)
    clinic.lee.clicks("Withdraw", in_="dm")
    clinic.lee.sees("The request ends, and the votes so far are kept with it.")
    clinic.lee.submits()
    clinic.dana.sees("Withdrawn.", in_=APPROVALS)
    clinic.lee.sees("This request was withdrawn.", in_="dm")
    clinic.delivered()
    assert clinic.dana.buttons(near="R-1001", in_=APPROVALS) == []


def test_a_withdrawn_request_can_be_asked_again(clinic: Clinic) -> None:
    """It has another number then."""
    asked(clinic)
    clinic.lee.clicks("Withdraw", in_="dm")
    clinic.lee.sees("The request ends")
    clinic.lee.submits()
    clinic.lee.sees("This request was withdrawn.", in_="dm")
    clinic.lee.closes()
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("R-1002 · Lee Chen", in_=APPROVALS)


def test_an_answer_opens_the_same_step_again(clinic: Clinic) -> None:
    """Return for information: the requester reads the question, answers, and the chair votes in round 2."""
    returned(clinic)
    clinic.lee.sees("> Which site?", in_="dm")
    clinic.lee.clicks("Answer", in_="dm")
    clinic.lee.fills({"Answer": "North, from <!channel> Monday"})
    clinic.lee.submits()
    clinic.lee.sees("Your answer was added to R-1001, which is open again.")
    clinic.dana.sees("the department chair votes again (round 2)", in_=APPROVALS)
    clinic.dana.sees("· round 2", in_=APPROVALS)
    assert "North" not in clinic.dana.reads(APPROVALS)
    approves(clinic.dana)
    clinic.dana.sees("Granted by the department chair", in_=APPROVALS)


def test_the_answer_is_read_in_details(clinic: Clinic) -> None:
    """What the requester answered is there for the reviewers, and for them alone."""
    returned(clinic)
    clinic.lee.clicks("Answer", in_="dm")
    clinic.lee.fills({"Answer": "The north site"})
    clinic.lee.submits()
    clinic.dana.sees("· round 2", in_=APPROVALS)
    clinic.dana.clicks("Details", in_=APPROVALS)
    clinic.dana.sees("> The north site")


def test_a_returned_request_has_no_votes_to_cast(clinic: Clinic) -> None:
    """While it waits for an answer nobody can approve it, and the card says what it waits for."""
    returned(clinic)
    clinic.dana.sees("Returned for information to Lee Chen.", in_=APPROVALS)
    clinic.delivered()
    assert clinic.dana.buttons(near="R-1001", in_=APPROVALS) == []


def test_an_answer_comes_once(clinic: Clinic) -> None:
    """Whoever presses **Answer** on an old card reads that nothing waits any more, before typing."""
    returned(clinic)
    late = clinic.lee.holds("Answer", in_="dm")
    clinic.lee.clicks("Answer", in_="dm")
    clinic.lee.fills({"Answer": "North"})
    clinic.lee.submits()
    clinic.lee.sees("open again")
    clinic.lee.closes()
    late()
    clinic.lee.sees("is no longer waiting for an answer")


def test_the_coordinator_reopens_after_the_meeting(clinic: Clinic) -> None:
    """Refer to a meeting: the coordinator has **Reopen** with date and note, then the step votes again."""
    asked(clinic)
    denies(clinic.dana, REFER, "Two of us disagree")
    clinic.lee.sees("It will be discussed at a meeting.", in_="dm")
    clinic.cora.sees("The department chair referred it to a meeting.", in_="dm")
    clinic.cora.clicks("Reopen", in_="dm")
    clinic.cora.fills({"Meeting on": "2026-11-23", "Note": "The board agrees"})
    clinic.cora.submits()
    clinic.dana.sees("The meeting was held: the department chair votes again (round 2)", in_=APPROVALS)
    clinic.cora.sees("It is open again.", in_="dm")


def test_a_meeting_lies_in_the_past(clinic: Clinic) -> None:
    """A date that is to come is asked again, and the note is still there."""
    asked(clinic)
    denies(clinic.dana, REFER, "Two of us disagree")
    clinic.cora.clicks("Reopen", in_="dm")
    clinic.cora.fills({"Meeting on": "2026-12-24", "Note": "The board agrees"})
    clinic.cora.submits()
    told = clinic.cora.sees("This date is in the future. When did the meeting take place?")
    assert "Note: The board agrees" in told
