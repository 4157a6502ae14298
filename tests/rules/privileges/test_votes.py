"""Votes: who may cast one, what stops a step and what passes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.people.models import HeldRole, Person, Role
from bot.rules.privileges.models import Eligibility, LineState, RequestView, StepState, StepView, Vote, VoteChoice
from bot.rules.privileges.votes import count, may_vote
from bot.rules.providers.models import Provider

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
LEE = Provider(1, "Lee Chen", "psychiatrist", person_id=10, department="Psychiatry")
STEP = StepView(1, 1, "credentials_committee", "recommend", 2, 1, StepState.OPEN, date(2026, 11, 30))
REVIEW = RequestView(
    id=1,
    number=1042,
    kind="request",
    provider=LEE,
    requester_id=20,
    requester_name="Cora",
    privilege="ect",
    reason=None,
    line_id=1,
    state=LineState.OPEN,
    steps=(STEP,),
    eligibility=Eligibility("ect", True, ()),
    asked_on=date(2026, 11, 23),
)


def vote(person_id: int, choice: VoteChoice = VoteChoice.APPROVE, at: datetime = NOW) -> Vote:
    return Vote(person_id, f"Person {person_id}", None, choice, at, round=1)


def approver(body: str | None = None, department: str | None = None, id: int = 30) -> Person:
    return Person(id, "U30", "Mia", roles=frozenset({HeldRole(Role.APPROVER, body, department)}))


def refusal(person: Person, step: StepView = STEP, *, voted_in_other_step: bool = False) -> str | None:
    refused = may_vote(person, step, REVIEW, voted_in_other_step)
    return refused.code if refused else None


@pytest.mark.parametrize(
    ("votes", "state"),
    [
        ([], StepState.OPEN),
        ([vote(1)], StepState.OPEN),
        ([vote(1), vote(1)], StepState.OPEN),
        ([vote(1), vote(2)], StepState.PASSED),
        ([vote(1), vote(2), vote(3)], StepState.PASSED),
        ([vote(1, VoteChoice.NOT_ELIGIBLE)], StepState.STOPPED),
        ([vote(1), vote(2, VoteChoice.RETURN)], StepState.STOPPED),
        ([vote(1), vote(2, VoteChoice.REFER)], StepState.STOPPED),
    ],
)
def test_two_people_pass_a_step_and_one_stops_it(votes: list[Vote], state: StepState) -> None:
    """With a quorum of two: different people count, and the first "no" ends it."""
    assert count(votes, 2) is state


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (approver(), None),
        (approver("credentials_committee"), None),
        (approver("credentials_committee", "psychiatry "), None),
        (approver("credentials_committee", "Psychology"), "not_of_the_body"),
        (approver("medical_director"), "not_of_the_body"),
        (Person(30, "U30", "Ada", roles=frozenset({HeldRole(Role.ADMIN)})), "not_of_the_body"),
        (Person(30, "U30", "Nobody"), "not_of_the_body"),
    ],
)
def test_an_approver_of_the_body_votes_and_no_one_else(person: Person, code: str | None) -> None:
    """A role without a body is for any; an admin is no approver."""
    assert refusal(person) == code


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (approver(id=10), "own_request"),
        (replace(approver(), provider_id=1), "own_request"),
        (replace(approver(), own_files=frozenset({1})), "own_request"),
        (approver(id=20), "requester"),
        (replace(approver(), guest=True), "guest"),
        (replace(approver(), bot=True), "bot"),
        (replace(approver(), deactivated=True), "deactivated"),
    ],
)
def test_nobody_with_a_stake_or_without_standing_votes(person: Person, code: str) -> None:
    """Not the subject, nor the requester, nor a guest, a bot or somebody who left."""
    assert refusal(person) == code


def test_a_vote_is_cast_once_a_round() -> None:
    """A second click in the same round is refused; another round asks again."""
    voted = replace(STEP, votes=(vote(30),))

    assert refusal(approver(), voted) == "already_voted"
    assert refusal(approver(), replace(voted, round=2)) is None


def test_a_person_votes_in_one_step_of_a_line() -> None:
    """Whoever recommended does not also grant."""
    assert refusal(approver(), voted_in_other_step=True) == "voted_in_other_step"


def test_the_second_click_learns_who_was_first() -> None:
    """A closed step names its state and the person and time that closed it."""
    later = NOW + timedelta(minutes=1)
    closed = replace(STEP, state=StepState.PASSED, votes=(vote(40), vote(41, at=later)))

    refused = may_vote(approver(), closed, REVIEW, False)

    assert refused is not None
    assert refused.code == "step_closed"
    assert refused.facts == {"state": StepState.PASSED, "by": "Person 41", "at": later}


def test_a_closed_step_without_votes_names_nobody() -> None:
    """A withdrawn request closed its step without anybody's vote."""
    refused = may_vote(approver(), replace(STEP, state=StepState.STOPPED), REVIEW, False)

    assert refused is not None
    assert refused.facts["by"] is None
