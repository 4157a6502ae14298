"""A request that was returned, referred or withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from bot.changes.privileges.requests import RequestChanged, answer_return, reopen, withdraw
from bot.changes.privileges.votes import Voted
from bot.rules.context import Context
from bot.rules.privileges.models import LineState, StepState, VoteChoice
from bot.rules.privileges.rounds import RoundOpening
from bot.rules.refusals import Invalid, PrivilegeRefusal, Refused
from bot.store.engine import Database
from bot.store.privileges.rounds import rounds_of
from bot.store.tables import Deadline
from tests.support.privileges import Clinic, audited, expire, open_clinic, said


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    return open_clinic(db, ctx.policies)


def returned(clinic: Clinic, ctx: Context, choice: VoteChoice = VoteChoice.RETURN) -> int:
    """Noa recommends, then Mia stops the step."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Noa")
    assert isinstance(clinic.vote(ctx, request_id, "Mia", choice, reason="Where were the cases?"), Voted)
    return request_id


def does(clinic: Clinic, ctx: Context, change: Any, by: str, *args: Any, **said: Any) -> Any:
    with clinic.db.writing() as session:
        return change(session, ctx, clinic.people[by], *args, **said)


def newest_opening(clinic: Clinic, request_id: int) -> RoundOpening | None:
    with clinic.db.reading() as session:
        return rounds_of(session, request_id)[-1].opening


def open_deadlines(clinic: Clinic) -> list[date]:
    with clinic.db.reading() as session:
        waiting = select(Deadline.due_on).where(Deadline.kind == "step", col(Deadline.closed_at).is_(None))
        return list(session.exec(waiting).all())


def test_an_answer_opens_the_same_step_for_another_round(clinic: Clinic, ctx: Context) -> None:
    """Earlier votes are still seen; the step waits anew, with the answer beside it."""
    request_id = returned(clinic, ctx)
    assert does(clinic, ctx, answer_return, "Lee", request_id, " At Mercy. ") == RequestChanged(1001, LineState.OPEN)
    view = clinic.view(ctx, request_id)
    assert view.step
    assert (view.step.position, view.step.round) == (1, 2)
    assert newest_opening(clinic, request_id) == RoundOpening("answer", "At Mercy.", "Lee")
    assert [(v.person_name, v.round) for v in view.step.votes] == [("Noa", 1), ("Mia", 1)]
    assert open_deadlines(clinic) == [date(2026, 11, 30)]
    assert [m.subject for m in said(clinic.db, "round_reopened")] == [view.step.id]


def test_votes_of_an_earlier_round_do_not_count(clinic: Clinic, ctx: Context) -> None:
    """After the answer both committee members vote again; one of them alone does not pass the step."""
    request_id = returned(clinic, ctx)
    does(clinic, ctx, answer_return, "Lee", request_id, "At Mercy.")
    assert clinic.vote(ctx, request_id, "Mia") == Voted(StepState.OPEN, LineState.OPEN, granted=False)
    assert clinic.vote(ctx, request_id, "Noa") == Voted(StepState.PASSED, LineState.OPEN, granted=False)


def test_an_answered_request_shows_its_criteria_live_again(clinic: Clinic, ctx: Context) -> None:
    """What lapsed while the request was returned is seen by the voters of the next round."""
    request_id = returned(clinic, ctx)
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "license", date(2026, 11, 22))
    assert clinic.view(ctx, request_id).eligibility.eligible
    does(clinic, ctx, answer_return, "Lee", request_id, "At Mercy.")
    assert not clinic.view(ctx, request_id).eligibility.eligible


def test_every_round_stays_to_be_read(clinic: Clinic, ctx: Context) -> None:
    """Two answers and a meeting: each stands by the round it opened, in order, with the votes of that round."""
    request_id = returned(clinic, ctx)
    does(clinic, ctx, answer_return, "Lee", request_id, "At Mercy.")
    clinic.vote(ctx, request_id, "Mia", VoteChoice.RETURN, reason="Since when?")
    does(clinic, ctx, answer_return, "Lee", request_id, "Since May.")
    clinic.vote(ctx, request_id, "Noa", VoteChoice.REFER, reason="Let us talk.")
    does(clinic, ctx, reopen, "Cora", request_id, on=date(2026, 11, 20), note="Discussed.")
    with clinic.db.reading() as session:
        rounds = rounds_of(session, request_id)
    assert [(r.number, r.opening and r.opening.text, [v.reason for v in r.votes][-1:]) for r in rounds] == [
        (1, None, ["Where were the cases?"]),
        (2, "At Mercy.", ["Since when?"]),
        (3, "Since May.", ["Let us talk."]),
        (4, "Discussed.", []),
    ]


def test_an_answer_and_a_meeting_are_on_record(clinic: Clinic, ctx: Context) -> None:
    """Each is one audit event: who, on which request, from what to what, and what was said."""
    request_id = returned(clinic, ctx)
    does(clinic, ctx, answer_return, "Lee", request_id, "At Mercy.")
    clinic.vote(ctx, request_id, "Noa", VoteChoice.REFER, reason="Let us talk.")
    does(clinic, ctx, reopen, "Cora", request_id, on=date(2026, 11, 20), note="Discussed.")
    events = audited(clinic.db, "return_answered") + audited(clinic.db, "request_reopened")
    assert [(e.actor, e.subject, e.before, e.after, e.reason) for e in events] == [
        ("ULEE", f"request:{request_id}", {"state": "returned"}, {"state": "open"}, "At Mercy."),
        (
            "UCORA",
            f"request:{request_id}",
            {"state": "referred"},
            {"state": "open"},
            "Meeting of 2026-11-20: Discussed.",
        ),
    ]


def test_an_answer_needs_words(clinic: Clinic, ctx: Context) -> None:
    """Blank text is an error of the field, and the request stays returned."""
    request_id = returned(clinic, ctx)
    assert does(clinic, ctx, answer_return, "Lee", request_id, "  ") == Invalid(
        "answer", PrivilegeRefusal.ANSWER_MISSING
    )
    assert clinic.view(ctx, request_id).state is LineState.RETURNED


def test_only_a_returned_request_is_answered(clinic: Clinic, ctx: Context) -> None:
    """The second of two answers learns that the request is open again."""
    request_id = returned(clinic, ctx)
    does(clinic, ctx, answer_return, "Lee", request_id, "At Mercy.")
    again = does(clinic, ctx, answer_return, "Lee", request_id, "At Mercy!")
    assert again == Refused(PrivilegeRefusal.NOT_RETURNED, {"number": 1001, "state": LineState.OPEN})


def test_a_referred_request_comes_back_from_a_meeting(clinic: Clinic, ctx: Context) -> None:
    """The coordinator, who was told, records date and note, and the step opens for another round."""
    request_id = returned(clinic, ctx, VoteChoice.REFER)
    assert [m.channel for m in said(clinic.db, "referred_dm")] == [f"person:{clinic.people['Cora'].id}"]
    assert does(clinic, ctx, reopen, "Cora", request_id, on=date(2026, 11, 20), note="Discussed.")
    view = clinic.view(ctx, request_id)
    assert newest_opening(clinic, request_id) == RoundOpening("meeting", "Discussed.", "Cora", date(2026, 11, 20))
    assert view.step
    assert view.step.round == 2


@pytest.mark.parametrize(("by", "code"), [("Lee", "own_request"), ("Mia", "stranger")])
def test_only_a_coordinator_reopens(clinic: Clinic, ctx: Context, by: str, code: str) -> None:
    """Neither the provider nor a voter brings a referred request back."""
    request_id = returned(clinic, ctx, VoteChoice.REFER)
    refused = does(clinic, ctx, reopen, by, request_id, on=date(2026, 11, 20), note="Discussed.")
    assert refused.code == code
    assert clinic.view(ctx, request_id).state is LineState.REFERRED


def test_a_meeting_of_tomorrow_decided_nothing_yet(clinic: Clinic, ctx: Context) -> None:
    """A meeting's date in the future is an error of the field."""
    request_id = returned(clinic, ctx, VoteChoice.REFER)
    invalid = does(clinic, ctx, reopen, "Cora", request_id, on=date(2026, 11, 24), note="Discussed.")
    assert (invalid.field, invalid.code) == ("on", "meeting_in_future")


@pytest.mark.parametrize("stopped", [False, True])
def test_a_request_is_withdrawn_until_it_ends(clinic: Clinic, ctx: Context, *, stopped: bool) -> None:
    """Open or returned, the requester may withdraw it: no step and no deadline is left open."""
    request_id = returned(clinic, ctx) if stopped else clinic.request(ctx).request_id
    assert does(clinic, ctx, withdraw, "Lee", request_id) == RequestChanged(1001, LineState.WITHDRAWN)
    view = clinic.view(ctx, request_id)
    assert (view.state, view.step, view.steps[0].state) == (LineState.WITHDRAWN, None, StepState.STOPPED)
    assert open_deadlines(clinic) == []
    assert len(audited(clinic.db, "request_withdrawn")) == 1


def test_a_request_that_ended_is_not_withdrawn(clinic: Clinic, ctx: Context) -> None:
    """A granted privilege does not go away by withdrawing its request."""
    request_id = clinic.grant(ctx).request_id
    refused = does(clinic, ctx, withdraw, "Lee", request_id)
    assert refused == Refused(PrivilegeRefusal.REQUEST_ENDED, {"number": 1001, "state": LineState.GRANTED})


def test_a_vote_on_a_withdrawn_request_learns_of_the_withdrawal(clinic: Clinic, ctx: Context) -> None:
    """Nobody's vote closed the step, and the refusal says what did."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Noa")
    does(clinic, ctx, withdraw, "Lee", request_id)
    refused = clinic.vote(ctx, request_id, "Mia")
    assert refused.code == "step_closed"
    assert (refused.facts["line_state"], refused.facts["by"]) == (LineState.WITHDRAWN, None)


def test_a_withdrawn_privilege_may_be_asked_for_again(clinic: Clinic, ctx: Context) -> None:
    """A new request gets a new number."""
    does(clinic, ctx, withdraw, "Lee", clinic.request(ctx).request_id)
    assert clinic.request(ctx).number == 1002
