"""Votes: what they pass, stop, grant and leave behind, and who may not cast them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select

from bot.changes.privileges.votes import Voted, cast_vote, opened_details
from bot.rules.context import Context
from bot.rules.people.models import HeldRole, Role
from bot.rules.privileges.models import CriterionState, LineState, StepState, VoteChoice
from bot.rules.privileges.rounds import Round
from bot.rules.refusals import Invalid, PrivilegeRefusal, Refused
from bot.store.engine import Database
from bot.store.privileges.grants import read_privileges
from bot.store.privileges.requests import open_steps_for
from bot.store.tables import ApprovalStep, Deadline, PrivilegeGrant
from tests.support.privileges import Clinic, audited, expire, open_clinic, revoke, said

NO = {"choice": VoteChoice.NOT_ELIGIBLE, "reason": "The logs show three cases.", "criterion": "ect_training"}


@pytest.fixture
def clinic(db: Database, ctx: Context) -> Clinic:
    return open_clinic(db, ctx.policies)


def test_two_recommend_and_the_medical_director_grants(clinic: Clinic, ctx: Context) -> None:
    """The second recommendation passes the first step; the grant starts today and ends before its anniversary."""
    request_id = clinic.request(ctx).request_id
    assert clinic.vote(ctx, request_id, "Mia") == Voted(StepState.OPEN, LineState.OPEN, granted=False)
    assert clinic.vote(ctx, request_id, "Noa") == Voted(StepState.PASSED, LineState.OPEN, granted=False)
    assert clinic.vote(ctx, request_id, "Omar") == Voted(StepState.PASSED, LineState.GRANTED, granted=True)
    view = clinic.view(ctx, request_id)
    assert (view.grant_starts_on, view.grant_ends_on) == (date(2026, 11, 23), date(2028, 11, 22))


def test_a_core_privilege_takes_one_signature(clinic: Clinic, ctx: Context) -> None:
    """The department chair's approval grants at once, and the privilege is active."""
    request_id = clinic.request(ctx, "psychiatry_core").request_id
    assert clinic.vote(ctx, request_id, "Ada").granted
    with clinic.db.reading() as session:
        granted = read_privileges(session, clinic.lee)
    assert [(p.privilege, p.active(ctx.today)) for p in granted] == [("psychiatry_core", True)]


def test_the_next_step_opens_when_the_one_before_passes(clinic: Clinic, ctx: Context) -> None:
    """The committee's deadline closes, and the medical director's opens."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    clinic.vote(ctx, request_id, "Noa")
    first, second = clinic.view(ctx, request_id).steps
    assert (first.state, second.state, second.body) == (StepState.PASSED, StepState.OPEN, "medical_director")
    with clinic.db.reading() as session:
        waiting = select(Deadline.subject_id).where(Deadline.kind == "step", col(Deadline.closed_at).is_(None))
        assert session.exec(waiting).all() == [second.id]


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        (VoteChoice.NOT_ELIGIBLE, LineState.NOT_ELIGIBLE),
        (VoteChoice.RETURN, LineState.RETURNED),
        (VoteChoice.REFER, LineState.REFERRED),
    ],
)
def test_one_no_stops_the_step(clinic: Clinic, ctx: Context, choice: VoteChoice, state: LineState) -> None:
    """Whatever the kind of "no", one person's is enough, after a recommendation too."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    voted = clinic.vote(ctx, request_id, "Noa", choice, reason="Three cases.", criterion="ect_training")
    assert voted == Voted(StepState.STOPPED, state, granted=False)
    view = clinic.view(ctx, request_id)
    assert (view.step, view.state, view.stopped_reason) == (None, state, "Three cases.")


def test_not_eligible_names_its_criterion(clinic: Clinic, ctx: Context) -> None:
    """The line keeps which criterion was not met, and a provider who did not ask is told by a notice."""
    request_id = clinic.request(ctx, by="Cora").request_id
    clinic.vote(ctx, request_id, "Mia", **NO)
    assert clinic.view(ctx, request_id).stopped_criterion == "ect_training"
    assert [n.facts for n in said(clinic.db, "provider_notice")] == [{"kind": "asked"}, {"kind": "not_eligible"}]


@pytest.mark.parametrize(
    ("said_so", "field"),
    [
        ({"choice": VoteChoice.RETURN, "reason": " "}, "reason"),
        ({"choice": VoteChoice.REFER}, "reason"),
        ({**NO, "criterion": None}, "criterion"),
        ({**NO, "criterion": "bls"}, "criterion"),
    ],
)
def test_a_no_says_why(clinic: Clinic, ctx: Context, said_so: dict[str, object], field: str) -> None:
    """Without a reason, or a criterion of this privilege, the vote is not cast."""
    request_id = clinic.request(ctx).request_id
    invalid = clinic.vote(ctx, request_id, "Mia", **said_so)
    assert isinstance(invalid, Invalid)
    assert invalid.field == field
    assert clinic.view(ctx, request_id).steps[0].votes == ()


@pytest.mark.parametrize(
    ("by", "code"), [("Omar", "not_of_the_body"), ("Sam", "not_of_the_body"), ("Cora", "requester")]
)
def test_who_may_not_vote_is_refused_and_recorded(clinic: Clinic, ctx: Context, by: str, code: str) -> None:
    """Not another body, not a bystander, not the person who made the request."""
    request_id = clinic.request(ctx, by="Cora").request_id
    assert clinic.vote(ctx, request_id, by).code == code
    assert [e.reason for e in audited(clinic.db, "refused")] == [code]


def test_nobody_decides_about_themselves(clinic: Clinic, ctx: Context) -> None:
    """A provider who sits on the committee does not vote on their own request, whoever made it."""
    request_id = clinic.request(ctx, by="Cora").request_id
    seated = replace(clinic.people["Lee"], roles=frozenset({HeldRole(Role.APPROVER)}))
    step = clinic.view(ctx, request_id).steps[0]
    with clinic.db.writing() as session:
        refused = cast_vote(session, ctx, seated, step.id, VoteChoice.APPROVE)
    assert isinstance(refused, Refused)
    assert refused.code == "own_request"


def test_a_person_votes_once_a_round(clinic: Clinic, ctx: Context) -> None:
    """The same approval twice does not make two."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    assert clinic.vote(ctx, request_id, "Mia").code == "already_voted"
    assert clinic.view(ctx, request_id).step


def test_a_person_votes_in_one_step_of_a_line(clinic: Clinic, ctx: Context) -> None:
    """Who recommended does not also grant, even with a role in every body."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Zed")
    clinic.vote(ctx, request_id, "Mia")
    assert clinic.vote(ctx, request_id, "Zed").code == "voted_in_other_step"


def test_the_second_click_learns_who_was_first(clinic: Clinic, ctx: Context) -> None:
    """A vote on a closed step says who closed it, when, how, and what became of the request."""
    request_id = clinic.request(ctx).request_id
    step = clinic.view(ctx, request_id).steps[0]
    clinic.vote(ctx, request_id, "Mia", VoteChoice.REFER, reason="Let us talk.")
    refused = clinic.vote(ctx, request_id, "Noa")
    at = clinic.view(ctx, request_id).steps[0].votes[0].at
    assert refused == Refused(
        PrivilegeRefusal.STEP_CLOSED,
        {
            "number": 1001,
            "state": StepState.STOPPED,
            "line_state": LineState.REFERRED,
            "by": "Mia",
            "mine": False,
            "at": at,
            "choice": VoteChoice.REFER,
        },
    )
    assert step.id == clinic.view(ctx, request_id).steps[0].id


def test_a_click_on_an_earlier_round_is_late(clinic: Clinic, ctx: Context) -> None:
    """A card that showed the first round cannot vote in the second."""
    request_id = clinic.request(ctx).request_id
    with clinic.db.writing() as session:
        for step in session.exec(select(ApprovalStep)).all():
            step.round = 2
    assert clinic.vote(ctx, request_id, "Mia", of_round=1).code == "step_closed"
    assert isinstance(clinic.vote(ctx, request_id, "Mia", of_round=2), Voted)


def test_an_approval_that_would_grant_checks_again(clinic: Clinic, ctx: Context) -> None:
    """A criterion that lapsed since the recommendation blocks the grant; the thread shows the criteria anew."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    clinic.vote(ctx, request_id, "Noa")
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "board_certification", date(2026, 11, 22))
    refused = clinic.vote(ctx, request_id, "Omar")
    assert refused.code == "criterion_unmet"
    assert [(c.credential_type, c.state) for c in refused.facts["criteria"]] == [
        ("board_certification", CriterionState.EXPIRED)
    ]
    assert (clinic.view(ctx, request_id).state, len(said(clinic.db, "evidence"))) == (LineState.OPEN, 2)
    with clinic.db.reading() as session:
        assert session.exec(select(PrivilegeGrant)).all() == []


def test_a_recommendation_is_free_while_a_criterion_waits(clinic: Clinic, ctx: Context) -> None:
    """Only the vote that would grant is held to the criteria; the committee may recommend before."""
    request_id = clinic.request(ctx).request_id
    with clinic.db.writing() as session:
        revoke(session, clinic.lee, "license")
    assert isinstance(clinic.vote(ctx, request_id, "Mia"), Voted)


def test_each_vote_keeps_what_it_saw(clinic: Clinic, ctx: Context) -> None:
    """Details shows reason and criteria as they were then, not as they are now."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "license", date(2026, 11, 22))
    clinic.vote(ctx, request_id, "Noa", VoteChoice.RETURN, reason="Renew the license first.")
    with clinic.db.writing() as session:
        (only,) = opened_details(session, ctx, clinic.people["Mia"], request_id)
    first, second = only.votes
    assert (first.seen[0].state, second.seen[0].state) == (CriterionState.MET, CriterionState.EXPIRED)
    assert (only.body, second.person_name, second.reason) == (
        "credentials_committee",
        "Noa",
        "Renew the license first.",
    )


def test_opening_the_details_is_recorded(clinic: Clinic, ctx: Context) -> None:
    """Reviewers of a step see typed reasons, each opening with an audit event; others are refused."""
    request_id = clinic.request(ctx).request_id
    with clinic.db.writing() as session:
        assert opened_details(session, ctx, clinic.people["Mia"], request_id) == (
            Round("credentials_committee", 1, None, ()),
        )
        refused = opened_details(session, ctx, clinic.people["Cora"], request_id)
    assert isinstance(refused, Refused)
    assert [(e.actor, e.subject) for e in audited(clinic.db, "details_opened")] == [("UMIA", f"request:{request_id}")]


def test_a_closed_request_shows_what_was_seen_when_it_closed(clinic: Clinic, ctx: Context) -> None:
    """A lapse after the grant does not rewrite the card of the decision."""
    request_id = clinic.grant(ctx).request_id
    with clinic.db.writing() as session:
        expire(session, clinic.lee, "license", date(2026, 11, 22))
    assert clinic.view(ctx, request_id).eligibility.eligible


def test_a_route_that_became_shorter_still_ends_with_a_grant(clinic: Clinic, ctx: Context) -> None:
    """A recommendation never grants: where the route lost its second step, its granting step follows."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    only_last = ctx.policies.routes["special"].model_copy(update={"steps": ctx.policies.routes["special"].steps[1:]})
    shorter = replace(
        ctx, policies=ctx.policies.model_copy(update={"routes": {**ctx.policies.routes, "special": only_last}})
    )
    assert clinic.vote(shorter, request_id, "Noa") == Voted(StepState.PASSED, LineState.OPEN, granted=False)
    step = clinic.view(shorter, request_id).step
    assert step
    assert (step.position, step.body, step.mode) == (2, "medical_director", "grant")


def test_a_queue_holds_what_waits_for_this_person(clinic: Clinic, ctx: Context) -> None:
    """A request waits for the committee until a member has voted, and never for its requester."""
    request_id = clinic.request(ctx).request_id
    clinic.vote(ctx, request_id, "Mia")
    with clinic.db.reading() as session:
        waits = {
            name: [r.number for r in open_steps_for(session, clinic.people[name], ctx.policies, ctx.today)]
            for name in ("Mia", "Noa", "Omar", "Lee")
        }
    assert waits == {"Mia": [], "Noa": [1001], "Omar": [], "Lee": []}
