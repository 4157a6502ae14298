"""Votes on one step of a request: who may cast one, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable

from bot.rules.people.models import Person, Role
from bot.rules.permissions import is_own
from bot.rules.privileges.models import RequestView, StepState, StepView, Vote, VoteChoice
from bot.rules.providers.models import Provider
from bot.rules.refusals import PeopleRefusal, PrivilegeRefusal, Refused


def count(votes: Iterable[Vote], quorum: int) -> StepState:
    """The step's state after the votes of its open round.

    It passes when ``quorum`` different people approve; one "no" of whatever kind stops it at once.
    """
    cast = tuple(votes)
    if any(vote.choice is not VoteChoice.APPROVE for vote in cast):
        return StepState.STOPPED
    approvers = {vote.person_id for vote in cast}
    return StepState.PASSED if len(approvers) >= quorum else StepState.OPEN


def may_vote(person: Person, step: StepView, request: RequestView, voted_in_other_step: bool) -> Refused | None:
    """Why a person may not vote on a step now; None if they may.

    Codes: ``deactivated``, ``bot``, ``guest``, ``own_request`` (it is about them), ``requester`` (they made
    it), ``not_of_the_body``, ``step_closed`` (facts ``state``, ``by``, ``at``), ``already_voted``,
    ``voted_in_other_step``.
    """
    return (
        barred(person, step.body, request.provider, request.requester_id)
        or _too_late(person, step)
        or (Refused(PrivilegeRefusal.VOTED_IN_OTHER_STEP) if voted_in_other_step else None)
    )


def barred(person: Person, body: str, about: Provider, requester_id: int | None) -> Refused | None:
    """Why a person may not vote in any step of a body in a request about this provider; as ``may_vote``."""
    return _unfit(person) or _conflicted(person, about, requester_id) or _outside_the_body(person, body, about)


def of_the_body(person: Person, body: str, provider: Provider) -> bool:
    """Whether a person approves for a body; a role without a body is for any, a department narrows it."""
    return any(
        held.role is Role.APPROVER
        and held.body in (None, body)
        and (held.department is None or _same(held.department, provider.department))
        for held in person.roles
    )


def _unfit(person: Person) -> Refused | None:
    if person.deactivated:
        return Refused(PeopleRefusal.DEACTIVATED)
    if person.bot:
        return Refused(PeopleRefusal.BOT)
    return Refused(PeopleRefusal.GUEST) if person.guest else None


def _conflicted(person: Person, about: Provider, requester_id: int | None) -> Refused | None:
    """Nobody decides a request that is about them or that they made."""
    if is_own(person, about):
        return Refused(PrivilegeRefusal.OWN_REQUEST)
    return Refused(PrivilegeRefusal.REQUESTER) if person.id == requester_id else None


def _outside_the_body(person: Person, body: str, provider: Provider) -> Refused | None:
    if of_the_body(person, body, provider):
        return None
    return Refused(PrivilegeRefusal.NOT_OF_THE_BODY, {"body": body, "department": provider.department})


def _too_late(person: Person, step: StepView) -> Refused | None:
    cast = [vote for vote in step.votes if vote.round == step.round]
    if step.state is not StepState.OPEN:
        last = max(cast, key=lambda vote: vote.at, default=None)
        by, at = (last.person_name, last.at) if last else (None, None)
        return Refused(PrivilegeRefusal.STEP_CLOSED, {"state": step.state, "by": by, "at": at})
    voted = any(vote.person_id == person.id for vote in cast)
    return Refused(PrivilegeRefusal.ALREADY_VOTED) if voted else None


def _same(one: str, other: str | None) -> bool:
    return one.strip().casefold() == (other or "").strip().casefold()
