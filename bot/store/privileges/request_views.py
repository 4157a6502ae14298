"""How stored requests become the values that cards show; ``requests.py`` is the way in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from bot.rules.credentials.models import ProviderFile
from bot.rules.policy import Policies
from bot.rules.privileges import models
from bot.rules.privileges.criteria import check
from bot.rules.privileges.models import LineState, RequestView, StepState, StepView, VoteChoice
from bot.store.credentials.files import read_files
from bot.store.privileges.evidence import read_snapshots
from bot.store.tables import ApprovalStep, PersonRow, PrivilegeGrant, PrivilegeRequest, RequestLine, VoteRow
from bot.store.tables.column_types import required

CREDBOT = "Credbot"
"""Who asks where nobody did: a reinstatement opens by itself."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What many requests are built from, read at once; each by the id it belongs to."""

    files: dict[int, ProviderFile]
    people: dict[int, PersonRow]
    steps: dict[int, list[ApprovalStep]]
    votes: dict[int, list[tuple[VoteRow, PersonRow]]]
    seen: dict[int, models.Eligibility]
    granted: dict[int, PrivilegeGrant]


def read_requests(session: Session, request_ids: Collection[int], policies: Policies, today: date) -> list[RequestView]:
    """Requests in the order of their numbers, in a constant number of queries."""
    query = select(PrivilegeRequest, RequestLine).join(
        RequestLine, col(RequestLine.request_id) == col(PrivilegeRequest.id)
    )
    wanted = query.where(col(PrivilegeRequest.id).in_(request_ids)).order_by(col(PrivilegeRequest.number))
    rows = session.exec(wanted.execution_options(populate_existing=True)).all()
    if not rows:
        return []
    parts = _parts(session, rows, today)
    return [_view(request, line, parts, policies) for request, line in rows]


def _parts(session: Session, rows: Iterable[tuple[PrivilegeRequest, RequestLine]], today: date) -> _Parts:
    requests, lines = [request for request, _ in rows], [line for _, line in rows]
    steps = _steps(session, [required(line.id) for line in lines])
    step_ids = [required(step.id) for own in steps.values() for step in own]
    return _Parts(
        files=read_files(session, {request.provider_id for request in requests}, today),
        people=_people(session, {request.requester_id for request in requests if request.requester_id}),
        steps=steps,
        votes=_votes(session, step_ids),
        seen=read_snapshots(session, {line.snapshot_id for line in lines if line.snapshot_id}),
        granted=_granted(session, requests, lines),
    )


def _people(session: Session, person_ids: Collection[int]) -> dict[int, PersonRow]:
    return {required(p.id): p for p in session.exec(select(PersonRow).where(col(PersonRow.id).in_(person_ids)))}


def _steps(session: Session, line_ids: Collection[int]) -> dict[int, list[ApprovalStep]]:
    grouped: dict[int, list[ApprovalStep]] = defaultdict(list)
    query = select(ApprovalStep).where(col(ApprovalStep.line_id).in_(line_ids)).order_by(col(ApprovalStep.position))
    for step in session.exec(query.execution_options(populate_existing=True)):
        grouped[step.line_id].append(step)
    return grouped


def _votes(session: Session, step_ids: Collection[int]) -> dict[int, list[tuple[VoteRow, PersonRow]]]:
    grouped: dict[int, list[tuple[VoteRow, PersonRow]]] = defaultdict(list)
    query = select(VoteRow, PersonRow).join(PersonRow, col(VoteRow.person_id) == col(PersonRow.id))
    for vote, person in session.exec(query.where(col(VoteRow.step_id).in_(step_ids)).order_by(col(VoteRow.id))):
        grouped[vote.step_id].append((vote, person))
    return grouped


def _granted(
    session: Session, requests: Iterable[PrivilegeRequest], lines: Iterable[RequestLine]
) -> dict[int, PrivilegeGrant]:
    """By request: what it granted, or what a reinstatement brought back."""
    of_line = {required(line.id): line.request_id for line in lines if line.state == LineState.GRANTED}
    brought_back = {r.grant_id: required(r.id) for r in requests if r.grant_id and required(r.id) in of_line.values()}
    query = select(PrivilegeGrant).where(
        col(PrivilegeGrant.line_id).in_(of_line) | col(PrivilegeGrant.id).in_(brought_back)
    )
    return {of_line.get(g.line_id) or brought_back[required(g.id)]: g for g in session.exec(query)}


def _view(request: PrivilegeRequest, line: RequestLine, parts: _Parts, policies: Policies) -> RequestView:
    file = parts.files[request.provider_id]
    requester = parts.people.get(request.requester_id or 0)
    granted = parts.granted.get(required(request.id))
    steps = parts.steps[required(line.id)]
    state = LineState(line.state)
    return RequestView(
        id=required(request.id),
        number=request.number,
        kind=request.kind,
        provider=file.provider,
        requester_id=request.requester_id or 0,
        requester_name=requester.name if requester else CREDBOT,
        privilege=line.privilege,
        reason=request.reason,
        line_id=required(line.id),
        state=state,
        steps=tuple(_step(step, parts.votes[required(step.id)]) for step in steps),
        eligibility=parts.seen[line.snapshot_id] if line.snapshot_id else check(line.privilege, file, policies),
        asked_on=request.asked_on,
        stopped_reason=_stopped_reason(steps, parts.votes),
        stopped_criterion=line.reason if state is LineState.NOT_ELIGIBLE else None,
        grant_starts_on=granted.starts_on if granted else None,
        grant_ends_on=granted.ends_on if granted else None,
    )


def _step(step: ApprovalStep, votes: Iterable[tuple[VoteRow, PersonRow]]) -> StepView:
    return StepView(
        id=required(step.id),
        position=step.position,
        body=step.body,
        mode=step.mode,
        quorum=step.quorum,
        round=step.round,
        state=StepState(step.state),
        due_on=step.due_at,
        votes=tuple(_vote(vote, person) for vote, person in votes),
    )


def _vote(vote: VoteRow, person: PersonRow) -> models.Vote:
    return models.Vote(vote.person_id, person.name, person.slack_user_id, VoteChoice(vote.choice), vote.at, vote.round)


def _stopped_reason(steps: Iterable[ApprovalStep], votes: dict[int, list[Any]]) -> str | None:
    for step in steps:
        for vote, _ in votes[required(step.id)]:
            if vote.round == step.round and vote.choice != VoteChoice.APPROVE:
                return str(vote.reason) if vote.reason else None
    return None
