"""Privilege requests: reading them, and the locks under which they change."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.privileges import models
from bot.rules.privileges.models import RequestView, StepState, StepView
from bot.rules.privileges.votes import barred
from bot.rules.refusals import PrivilegeRefusal, Refused
from bot.store.privileges.grants import hold_files, read_privileges
from bot.store.privileges.request_views import read_requests
from bot.store.providers.profiles import providers
from bot.store.tables import ApprovalStep, PrivilegeRequest, RequestLine, VoteRow
from bot.store.tables.column_types import required

__all__ = [
    "asked_already",
    "claim_step",
    "hold_request",
    "hold_requests_of",
    "last_step",
    "open_steps_for",
    "read_request",
    "read_requests",
    "read_vote",
    "request_of_step",
    "requests_of",
    "voted_elsewhere",
    "votes_awaited",
]


def read_request(session: Session, request_id: int, policies: Policies, today: date) -> RequestView:
    """A request as it stands: criteria live while it is open, as they were when it closed. LookupError if none."""
    found = read_requests(session, [request_id], policies, today)
    if not found:
        raise LookupError(f"no request {request_id}")
    return found[0]


def requests_of(session: Session, provider_id: int, policies: Policies, today: date) -> list[RequestView]:
    """A provider's requests that have not ended: open, returned or referred."""
    query = select(PrivilegeRequest.id).where(
        PrivilegeRequest.provider_id == provider_id, PrivilegeRequest.state == "open"
    )
    return read_requests(session, [required(i) for i in session.exec(query)], policies, today)


def open_steps_for(session: Session, person: Person, policies: Policies, today: date) -> list[RequestView]:
    """Requests whose open step waits for this person's vote; nothing of their own."""
    return read_requests(session, votes_awaited(session, person), policies, today)


def votes_awaited(session: Session, person: Person) -> list[int]:
    """The ids of those requests, the soonest due first: read without the files that they are about."""
    other = aliased(ApprovalStep)
    voted = (
        select(VoteRow.id)
        .join(other, col(other.id) == col(VoteRow.step_id))
        .where(col(other.line_id) == col(ApprovalStep.line_id), VoteRow.person_id == person.id)
        .where(or_(col(other.id) != col(ApprovalStep.id), col(VoteRow.round) == col(ApprovalStep.round)))
    )
    query = (
        select(PrivilegeRequest.id, PrivilegeRequest.provider_id, PrivilegeRequest.requester_id, ApprovalStep.body)
        .join(RequestLine, col(RequestLine.request_id) == col(PrivilegeRequest.id))
        .join(ApprovalStep, col(ApprovalStep.line_id) == col(RequestLine.id))
        .where(ApprovalStep.state == StepState.OPEN.value, ~voted.exists())
        .order_by(col(ApprovalStep.due_at), col(PrivilegeRequest.id))
    )
    rows = session.exec(query).all()
    about = providers(session, {provider_id for _, provider_id, _, _ in rows})
    return [
        required(request_id)
        for request_id, provider_id, requester_id, body in rows
        if barred(person, body, about[provider_id], requester_id) is None
    ]


def asked_already(session: Session, provider_id: int, policies: Policies, today: date) -> dict[str, Refused]:
    """Why a privilege is not to be asked for now, by its key: ``already_open`` (``number``), ``already_granted``."""
    granted = {p.privilege: p.ends_on for p in read_privileges(session, provider_id) if p.active(today)}
    return {
        key: Refused(PrivilegeRefusal.ALREADY_GRANTED, {"privilege": key, "ends_on": ends_on})
        for key, ends_on in granted.items()
    } | {
        r.privilege: Refused(PrivilegeRefusal.ALREADY_OPEN, {"privilege": r.privilege, "number": r.number})
        for r in requests_of(session, provider_id, policies, today)
    }


def read_vote(session: Session, vote_id: int, policies: Policies, today: date) -> tuple[StepView, models.Vote]:
    """A vote and the step it was cast in. LookupError if there is none."""
    row = session.get(VoteRow, vote_id)
    if row is None:
        raise LookupError(f"no vote {vote_id}")
    view = read_request(session, request_of_step(session, row.step_id) or 0, policies, today)
    step = next(s for s in view.steps if s.id == row.step_id)
    return step, next(v for v in step.votes if (v.person_id, v.round) == (row.person_id, row.round))


def request_of_step(session: Session, step_id: int) -> int | None:
    """The id of the request that a step belongs to."""
    query = select(RequestLine.request_id).join(ApprovalStep, col(ApprovalStep.line_id) == col(RequestLine.id))
    return session.exec(query.where(ApprovalStep.id == step_id)).first()


def hold_request(session: Session, request_id: int) -> tuple[PrivilegeRequest, RequestLine] | None:
    """Locks a request until the commit, after its file; votes, withdrawal and reopening all begin with it."""
    provider_id = session.exec(select(PrivilegeRequest.provider_id).where(PrivilegeRequest.id == request_id)).first()
    if provider_id is None:
        return None
    hold_files(session, [provider_id])
    locked = select(PrivilegeRequest).where(PrivilegeRequest.id == request_id).with_for_update(key_share=True)
    request = session.exec(locked.execution_options(populate_existing=True)).one()
    line = select(RequestLine).where(RequestLine.request_id == request_id)
    return request, session.exec(line.execution_options(populate_existing=True)).one()


def hold_requests_of(session: Session, provider_id: int) -> None:
    """Locks a file, every request of it that has not ended, and its open steps, until the commit."""
    hold_files(session, [provider_id])
    open_still = select(PrivilegeRequest.id).where(
        PrivilegeRequest.provider_id == provider_id, PrivilegeRequest.state == "open"
    )
    requests = session.exec(open_still.order_by(col(PrivilegeRequest.id)).with_for_update(key_share=True)).all()
    steps = (
        select(ApprovalStep.id)
        .join(RequestLine, col(RequestLine.id) == col(ApprovalStep.line_id))
        .where(col(RequestLine.request_id).in_(requests), ApprovalStep.state == StepState.OPEN.value)
        .order_by(col(ApprovalStep.id))
    )
    session.exec(steps.with_for_update(of=ApprovalStep, key_share=True)).all()


def claim_step(session: Session, step_id: int) -> ApprovalStep | None:
    """Locks the open step; None where it is not open any more, so somebody else was first."""
    claimed = (
        update(ApprovalStep)
        .where(col(ApprovalStep.id) == step_id, col(ApprovalStep.state) == "open")
        .values(version=ApprovalStep.version + 1)
        .returning(ApprovalStep)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    return session.execute(claimed).scalars().first()


def last_step(session: Session, line_id: int) -> ApprovalStep:
    """The step that a line came to."""
    query = select(ApprovalStep).where(ApprovalStep.line_id == line_id).order_by(col(ApprovalStep.position).desc())
    newest = session.exec(query.limit(1).execution_options(populate_existing=True)).first()
    if newest is None:
        raise LookupError(f"line {line_id} has no step")
    return newest


def voted_elsewhere(person: Person, step: StepView, request: RequestView) -> bool:
    """Whether a person has a vote in another step of the line."""
    others = (other for other in request.steps if other.id != step.id)
    return any(vote.person_id == person.id for other in others for vote in other.votes)
