"""One person's vote, and what it decides: the step, the line, the privilege."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.changes.privileges.approval_steps import close_step, end_line, open_next_step
from bot.changes.privileges.grants import grant_privilege
from bot.changes.privileges.notices import (
    show_change,
    show_evidence,
    tell_outcome,
    tell_passed,
    tell_vote,
    tell_who_is_away,
)
from bot.changes.refusals import refuse
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.privileges import models
from bot.rules.privileges.models import LineState, RequestView, StepState, StepView, VoteChoice
from bot.rules.privileges.rounds import Round
from bot.rules.privileges.votes import count, may_vote
from bot.rules.providers.employment import status_on
from bot.rules.providers.models import EmploymentStatus
from bot.rules.refusals import Invalid, PrivilegeRefusal, ProviderRefusal, Refusal, Refused
from bot.store import audit
from bot.store.database_time import database_now
from bot.store.privileges.evidence import keep_snapshot
from bot.store.privileges.requests import (
    claim_step,
    hold_request,
    read_request,
    read_requests,
    request_of_step,
    voted_elsewhere,
)
from bot.store.privileges.rounds import rounds_of
from bot.store.providers.employment import statuses_of
from bot.store.tables import ApprovalStep, PrivilegeRequest, RequestLine, VoteRow
from bot.store.tables.column_types import required

LATE: frozenset[Refusal] = frozenset(
    {PrivilegeRefusal.STEP_CLOSED, PrivilegeRefusal.ALREADY_VOTED, PrivilegeRefusal.VOTED_IN_OTHER_STEP}
)
"""Refusals of people who may decide: no attempt at what they may not."""

_STOPPED = {
    VoteChoice.NOT_ELIGIBLE: LineState.NOT_ELIGIBLE,
    VoteChoice.RETURN: LineState.RETURNED,
    VoteChoice.REFER: LineState.REFERRED,
}


@dataclass(frozen=True, slots=True)
class Voted:
    """What the step and the line are after the vote. ``granted``: this vote granted the privilege."""

    step_state: StepState
    line_state: LineState
    granted: bool


@dataclass(frozen=True, slots=True)
class _Ballot:
    actor: Person
    choice: VoteChoice
    reason: str | None
    criterion: str | None


@dataclass(frozen=True, slots=True)
class _Locked:
    """The rows of an open step, held by this transaction, and the request as its voter sees it."""

    request: PrivilegeRequest
    line: RequestLine
    step: ApprovalStep
    view: RequestView


def cast_vote(
    session: Session,
    ctx: Context,
    actor: Person,
    step_id: int,
    choice: VoteChoice,
    *,
    reason: str | None = None,
    criterion: str | None = None,
    of_round: int | None = None,
) -> Voted | Refused | Invalid:
    """Casts a vote, which nobody can change; whoever closes the step first has closed it.

    A "no" needs its reason, and not eligible the ``criterion`` (a credential type). ``of_round`` is the round that
    the clicked card showed. Refusals: as ``votes.may_vote``, where ``step_closed`` also says ``choice``,
    ``line_state`` and ``number``; ``criterion_unmet`` (``criteria``) for an Approve that would grant,
    ``privilege_not_in_policies`` for one that would pass the step of a privilege whose rules nobody knows.
    """
    held = hold_request(session, request_of_step(session, step_id) or 0)
    if held is None:
        return Refused(PrivilegeRefusal.NO_SUCH_REQUEST)
    request, line = held
    step = claim_step(session, step_id)
    view = read_request(session, required(request.id), ctx.policies, ctx.today)
    refused = _may_not(session, actor, view, step_id, of_round)
    if refused or step is None:
        return refused or Refused(PrivilegeRefusal.NO_SUCH_REQUEST)
    ballot = _Ballot(actor, choice, (reason or "").strip() or None, criterion)
    return _incomplete(view, ballot) or _count_in(session, ctx, _Locked(request, line, step, view), ballot)


def barred_from_vote(session: Session, ctx: Context, actor: Person, step_id: int, of_round: int) -> Refused | None:
    """Why somebody may not vote in this round, for those who are about to type a reason; as ``cast_vote``."""
    request_id = request_of_step(session, step_id)
    if request_id is None:
        return Refused(PrivilegeRefusal.NO_SUCH_REQUEST)
    return _may_not(session, actor, read_request(session, request_id, ctx.policies, ctx.today), step_id, of_round)


def opened_details(session: Session, ctx: Context, actor: Person, request_id: int) -> tuple[Round, ...] | Refused:
    """Typed reasons and what each voter saw, for those who may vote on one of the steps; each opening is recorded."""
    view = next(iter(read_requests(session, [request_id], ctx.policies, ctx.today)), None)
    if view is None:
        return Refused(PrivilegeRefusal.NO_SUCH_REQUEST)
    barred = [may_vote(actor, step, view, voted_in_other_step=False) for step in view.steps]
    refused = next((r for r in barred if r and r.code not in LATE), None)
    if refused and all(r and r.code not in LATE for r in barred):
        return refuse(session, actor, refused, f"request:{request_id}")
    audit.record(session, actor, "details_opened", f"request:{request_id}")
    return rounds_of(session, request_id)


def _may_not(session: Session, actor: Person, view: RequestView, step_id: int, of_round: int | None) -> Refused | None:
    step = next(s for s in view.steps if s.id == step_id)
    refused = may_vote(actor, step, view, voted_elsewhere(actor, step, view))
    if refused is None and of_round in (None, step.round):
        return None
    if refused is None or refused.code == PrivilegeRefusal.STEP_CLOSED:
        return _closed(actor, view, step, of_round or step.round)
    return refused if refused.code in LATE else refuse(session, actor, refused, f"request:{view.id}")


def _closed(actor: Person, view: RequestView, step: StepView, of_round: int) -> Refused:
    """Who closed a step's round, when and how. A withdrawal has nobody's vote; ``state`` open: a new round runs."""
    withdrawn = view.state is LineState.WITHDRAWN and step.state is StepState.STOPPED
    cast = () if withdrawn else [vote for vote in step.votes if vote.round == of_round]
    last = cast[-1] if cast else None
    return Refused(
        PrivilegeRefusal.STEP_CLOSED,
        {
            "number": view.number,
            "state": step.state,
            "line_state": view.state,
            "by": last.person_name if last else None,
            "mine": last is not None and last.person_id == actor.id,
            "at": last.at if last else None,
            "choice": last.choice if last else None,
        },
    )


def _incomplete(view: RequestView, ballot: _Ballot) -> Invalid | None:
    if ballot.choice is VoteChoice.APPROVE:
        return None
    if ballot.reason is None:
        return Invalid("reason", PrivilegeRefusal.REASON_MISSING)
    criteria = {c.credential_type for c in view.eligibility.criteria}
    if ballot.choice is VoteChoice.NOT_ELIGIBLE and ballot.criterion not in criteria:
        return Invalid("criterion", PrivilegeRefusal.CRITERION_MISSING)
    return None


def _count_in(session: Session, ctx: Context, held: _Locked, ballot: _Ballot) -> Voted | Refused:
    state = _outcome(session, held, ballot)
    seen = keep_snapshot(session, held.view.eligibility)
    if state is StepState.PASSED and held.line.privilege not in ctx.policies.privileges:
        return Refused(PrivilegeRefusal.PRIVILEGE_NOT_IN_POLICIES, {"privilege": held.line.privilege})
    granting = state is StepState.PASSED and held.step.mode == "grant"
    if granting and (ended := _ended(session, ctx, held.request.provider_id)):
        return ended
    if granting and not held.view.eligibility.eligible:
        return _unmet(session, held.view, ballot.actor, seen)
    vote_id = _insert(session, held, ballot, seen)
    line_state = _line_after(state, ballot.choice, granting=granting)
    _record(session, held, ballot, state, line_state)
    if state is not StepState.OPEN:
        close_step(session, ctx, held.step, state)
    if line_state is not LineState.OPEN:
        _end(session, held, ballot, line_state, seen)
    elif state is StepState.PASSED:
        open_next_step(session, ctx, held.request, held.line, held.step.position)
    if granting:
        grant_privilege(session, ctx, ballot.actor, held.request, held.line)
    voted = Voted(state, line_state, granting)
    _tell(session, ctx, held, vote_id, voted)
    return voted


def _outcome(session: Session, held: _Locked, ballot: _Ballot) -> StepState:
    """The step's state once this vote is counted; votes of earlier rounds are not."""
    step = next(s for s in held.view.steps if s.id == held.step.id)
    actor = ballot.actor
    own = models.Vote(actor.id, actor.name, actor.slack_user_id, ballot.choice, database_now(session), step.round)
    return count([*(vote for vote in step.votes if vote.round == step.round), own], step.quorum)


def _line_after(state: StepState, choice: VoteChoice, *, granting: bool) -> LineState:
    if granting:
        return LineState.GRANTED
    return _STOPPED[choice] if state is StepState.STOPPED else LineState.OPEN


def _ended(session: Session, ctx: Context, provider_id: int) -> Refused | None:
    """Nothing is granted to somebody who works here no more; the request may be held for the medical director."""
    now = status_on(statuses_of(session, [provider_id])[provider_id], ctx.today)
    return Refused(ProviderRefusal.HAS_ENDED, {"since": now.since}) if now.status is EmploymentStatus.ENDED else None


def _unmet(session: Session, view: RequestView, actor: Person, seen: int) -> Refused:
    """A lapse since the request was made: refused, and shown to all who look at the card."""
    show_evidence(session, view.id, seen)
    show_change(session, view.id)
    if not view.eligibility.may_ask:
        facts = {"privilege": view.privilege, "type": view.provider.type}
        return refuse(session, actor, Refused(PrivilegeRefusal.NOT_ASKED_BY, facts), f"request:{view.id}")
    unmet = tuple(c for c in view.eligibility.criteria if not c.met)
    audit.record(
        session,
        actor,
        "refused",
        f"request:{view.id}",
        after={"criteria": {c.credential_type: c.state for c in unmet}},
        reason=PrivilegeRefusal.CRITERION_UNMET.value,
    )
    return Refused(
        PrivilegeRefusal.CRITERION_UNMET, {"privilege": view.privilege, "criteria": unmet, "number": view.number}
    )


def _insert(session: Session, held: _Locked, ballot: _Ballot, seen: int) -> int:
    vote = VoteRow(
        step_id=required(held.step.id),
        round=held.step.round,
        person_id=ballot.actor.id,
        choice=ballot.choice.value,
        reason=ballot.reason,
        snapshot_id=seen,
        at=database_now(session),
    )
    session.add(vote)
    session.flush()
    return required(vote.id)


def _end(session: Session, held: _Locked, ballot: _Ballot, state: LineState, seen: int) -> None:
    if state is LineState.NOT_ELIGIBLE:
        held.line.reason = ballot.criterion
    end_line(session, held.request, held.line, state, seen)


def _record(session: Session, held: _Locked, ballot: _Ballot, state: StepState, line: LineState) -> None:
    after = {
        "step": held.step.id,
        "body": held.step.body,
        "round": held.step.round,
        "choice": ballot.choice,
        "criterion": ballot.criterion,
        "step_state": state,
        "line_state": line,
    }
    before = {"step_state": StepState.OPEN, "line_state": LineState.OPEN}
    audit.record(
        session,
        ballot.actor,
        "vote_cast",
        f"request:{held.view.id}",
        before=before,
        after=after,
        reason=ballot.reason,
    )


def _tell(session: Session, ctx: Context, held: _Locked, vote_id: int, voted: Voted) -> None:
    request_id = held.view.id
    show_change(session, request_id)
    tell_vote(session, request_id, vote_id)
    if voted.line_state is not LineState.OPEN:
        view = read_request(session, request_id, ctx.policies, ctx.today)
        tell_outcome(session, ctx, view, str(vote_id))
    elif voted.step_state is StepState.PASSED:
        tell_passed(session, request_id, required(held.step.id))
        tell_who_is_away(session, ctx, read_request(session, request_id, ctx.policies, ctx.today))
