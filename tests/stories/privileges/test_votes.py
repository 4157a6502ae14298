"""Deciding: who may, in which order, what a denial is called, and what nobody sees who should not."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.store.tables import AuditEvent
from tests.stories.conftest import Clinic
from tests.stories.scenes import APPROVALS, CORE, ECT, approves, denies, requests, rows

NOT_MET = "criterion not met (not eligible; not an adverse action)"
CARD = "R-1001 · Lee Chen"


def core(clinic: Clinic) -> None:
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)


def ect(clinic: Clinic) -> None:
    clinic.roster(*rows(ECT))
    requests(clinic, "Electroconvulsive therapy (ECT)")
    clinic.omar.sees("What the file shows", in_=APPROVALS)


def events(clinic: Clinic, act: str) -> list[AuditEvent]:
    with clinic.bot.reading() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.act == act)))


def test_the_chair_grants_a_core_privilege(clinic: Clinic) -> None:
    """One approval by delegation: card, thread, requester and ``/cred privileges`` say so."""
    core(clinic)
    approves(clinic.dana)
    clinic.dana.sees("Granted by the department chair, Nov 23, 2026 through Nov 22, 2028.", in_=APPROVALS)
    clinic.lee.sees("Congratulations!", in_="dm")
    clinic.noah.types("/cred privileges @lee", in_="#general")
    clinic.noah.sees("Psychiatry, core: active", in_="#general")


def test_the_last_approval_asks_first(clinic: Clinic) -> None:
    """Dana reads what her vote does before it counts; going back, she has cast none."""
    core(clinic)
    clinic.dana.clicks("Approve", near=CARD, in_=APPROVALS, confirms=False)
    assert clinic.dana.asked == (
        "Approve?\n"
        "Yours is the last approval that is needed: Psychiatry, core is granted to Lee Chen if every criterion is met"
        " then. A vote can't be taken back.\n"
        "[Approve] [Go back]"
    )
    clinic.dana.never_sees("was recorded. Thank you", in_=APPROVALS)
    approves(clinic.dana)


def test_two_recommend_and_the_director_grants(clinic: Clinic) -> None:
    """ECT: two of the committee, then the medical director; the thread says whose turn it is."""
    ect(clinic)
    approves(clinic.omar)
    clinic.omar.sees("1 of 2 approvals", in_=APPROVALS)
    approves(clinic.priya)
    clinic.ruth.sees("The credentials committee recommends it. Next, the medical director grants.", in_=APPROVALS)
    clinic.ruth.sees("Step 2 of 2", in_=APPROVALS)
    approves(clinic.ruth)
    clinic.ruth.sees("Granted by the medical director", in_=APPROVALS)
    clinic.lee.sees("Granted by the medical director", in_="dm")


def test_each_vote_is_a_reply_with_body_and_person(clinic: Clinic) -> None:
    """The thread has a line for each vote: body, person, word."""
    ect(clinic)
    approves(clinic.omar)
    clinic.priya.sees("The credentials committee: Omar Haddad approved.", in_=APPROVALS)


def test_a_decided_card_has_no_buttons(clinic: Clinic) -> None:
    """Once granted there is nothing left to press."""
    core(clinic)
    approves(clinic.dana)
    clinic.dana.sees("Granted by", in_=APPROVALS)
    clinic.delivered()
    assert clinic.dana.buttons(near=CARD, in_=APPROVALS) == []


@pytest.mark.parametrize("button", ["Approve", "Deny", "Details"])
def test_only_approvers_of_the_body_act(clinic: Clinic, button: str) -> None:
    """A committee member has no part in the chair's step, not even to look; he reads why."""
    core(clinic)
    clinic.omar.clicks(button, near=CARD, in_=APPROVALS)
    clinic.omar.sees("You are not an approver of this step. Its card says whose it is.")
    assert events(clinic, "refused")


def test_a_coordinator_decides_nothing(clinic: Clinic) -> None:
    """Cora sees the card, and is no approver."""
    core(clinic)
    clinic.cora.clicks("Approve", near=CARD, in_=APPROVALS)
    clinic.cora.sees("You are not an approver of this step.", in_=APPROVALS)


def test_nobody_decides_their_own_request(clinic: Clinic) -> None:
    """Lee is an approver too, and his request is for others."""
    clinic.is_also("lee", "approver:department_chair")
    clinic.workspace.invite("privilege-requests", "lee")
    core(clinic)
    clinic.lee.clicks("Approve", near=CARD, in_=APPROVALS)
    clinic.lee.sees("This request is about you, so others decide it.", in_=APPROVALS)


def test_nobody_decides_what_they_asked_for(clinic: Clinic) -> None:
    """Cora asked for Lee, so she does not approve it, approver or not."""
    clinic.is_also("cora", "approver:department_chair")
    clinic.roster(*rows(CORE))
    clinic.cora.types("/cred request @lee")
    clinic.cora.fills({"Privileges": ["Psychiatry, core"]})
    clinic.cora.submits()
    clinic.cora.sees(CARD, in_=APPROVALS)
    clinic.cora.closes()
    clinic.cora.clicks("Approve", near=CARD, in_=APPROVALS)
    clinic.cora.sees("You made this request, so others decide it.", in_=APPROVALS)


def test_nobody_votes_in_two_steps(clinic: Clinic) -> None:
    """Omar is of the committee and director as well: he recommended, so another grants."""
    clinic.is_also("omar", "approver:medical_director")
    ect(clinic)
    approves(clinic.omar)
    approves(clinic.priya)
    clinic.omar.sees("Step 2 of 2", in_=APPROVALS)
    clinic.omar.clicks("Approve", near=CARD, in_=APPROVALS)
    clinic.omar.sees("You voted in an earlier step of this request", in_=APPROVALS)


def test_nobody_votes_twice(clinic: Clinic) -> None:
    """A vote cannot be changed, nor cast again in its round."""
    ect(clinic)
    approves(clinic.omar)
    clinic.omar.clicks("Approve", near=CARD, in_=APPROVALS)
    clinic.omar.sees("You have voted in this round already, and a vote can't be changed.", in_=APPROVALS)


def test_not_met_is_not_eligible_and_no_adverse_action(clinic: Clinic) -> None:
    """The denial names a criterion; card, thread and provider read "not eligible", never "denied"."""
    core(clinic)
    denies(clinic.dana, NOT_MET, "The residency is not in psychiatry", "Residency")
    told = clinic.dana.sees("Not eligible: a criterion is not met. This is not an adverse action.", in_=APPROVALS)
    assert "denied" not in told.lower()
    clinic.lee.sees("Not eligible: Residency is not met. This is not an adverse action", in_="dm")
    clinic.lee.sees("> The residency is not in psychiatry", in_="dm")


def test_a_typed_reason_never_reaches_the_channel(clinic: Clinic) -> None:
    """What the chair wrote is in the requester's DM and in Details only."""
    core(clinic)
    denies(clinic.dana, NOT_MET, "Board order 17 in Ohio", "State license (NY)")
    clinic.lee.sees("> Board order 17 in Ohio", in_="dm")
    clinic.delivered()
    assert "Ohio" not in clinic.omar.reads(APPROVALS)


def test_not_met_names_its_criterion(clinic: Clinic) -> None:
    """Without a criterion the form stays open at that field, with the reason still in it."""
    core(clinic)
    denies(clinic.dana, NOT_MET, "Not enough cases")
    told = clinic.dana.sees("Please choose which criterion is not met.")
    assert "Reason: Not enough cases" in told


def test_one_denial_stops_a_step_of_two(clinic: Clinic) -> None:
    """One of the committee returns it: the step stops at once, with one approval or none."""
    ect(clinic)
    approves(clinic.omar)
    denies(clinic.priya, "return for information", "Which device?")
    clinic.priya.sees("Returned for information to Lee Chen.", in_=APPROVALS)
    clinic.delivered()
    assert clinic.priya.buttons(near=CARD, in_=APPROVALS) == []


def test_details_are_for_reviewers_and_recorded(clinic: Clinic) -> None:
    """The chair reads numbers and the reason of the request; the opening is an audit event."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core", "I start on <!channel> Monday")
    clinic.dana.clicks("Details", near=CARD, in_=APPROVALS)
    told = clinic.dana.sees("245871")
    assert "> I start on <!channel> Monday" in told
    assert len(events(clinic, "details_opened")) == 1


def test_the_late_click_learns_who_was_first(clinic: Clinic) -> None:
    """Dana presses an old picture of the card: she reads who closed the step, and nothing is granted twice."""
    clinic.is_also("omar", "approver:department_chair")
    core(clinic)
    late = clinic.dana.holds("Approve", CARD)
    approves(clinic.omar)
    clinic.omar.sees("Granted by", in_=APPROVALS)
    late()
    clinic.dana.sees("Omar Haddad was first: this step was closed", in_=APPROVALS)
    assert len(events(clinic, "vote_cast")) == 1


def test_a_lapse_since_the_request_is_not_approved_over(clinic: Clinic) -> None:
    """The license ran out while the request waited: Approve is refused and says which, and nothing is granted."""
    clinic.roster(*rows(CORE, license="2026-11-24"))
    requests(clinic, "Psychiatry, core")
    clinic.on("2026-11-25")
    clinic.dana.clicks("Approve", near=CARD, in_=APPROVALS)
    clinic.dana.sees("A criterion is no longer met: State license", in_=APPROVALS)
    clinic.dana.sees("• State license (NY): not met", in_=APPROVALS)
    assert not events(clinic, "privilege_granted")


def test_an_open_step_is_remembered_in_its_thread(clinic: Clinic) -> None:
    """After five business days, and every three after, a reply says what is missing; nobody gets a DM."""
    ect(clinic)
    approves(clinic.omar)
    clinic.on("2026-11-30")
    clinic.priya.sees("R-1001 is waiting for the credentials committee: 1 approval needed, due today", in_=APPROVALS)
    clinic.on("2026-12-03")
    clinic.priya.sees("1 approval needed, due 3 days ago", in_=APPROVALS)
    assert clinic.priya.messages("dm") == []


def test_the_open_step_is_in_its_approvers_queue(clinic: Clinic) -> None:
    """``/cred queue`` shows the chair what waits for a vote."""
    core(clinic)
    clinic.dana.types("/cred queue", in_=APPROVALS)
    clinic.dana.sees("Waiting for your vote on its card in the approvals channel, due in 7 days", in_=APPROVALS)
