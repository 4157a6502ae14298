"""Privilege requests: reading them, and the locks under which they change."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.privileges import models
from bot.rules.privileges.models import RequestView, StepView
from bot.rules.privileges.votes import may_vote
from bot.rules.refusals import PrivilegeRefusal
from bot.rules.results import Refused
from bot.store.privileges.grants import read_privileges
from bot.store.privileges.request_views import read_reviews
from bot.store.tables import ApprovalStep, PrivilegeRequest, RequestLine, VoteRow
from bot.store.tables.columns import required

__all__ = [
    "asked_already",
    "by_number",
    "claim_step",
    "hold_review",
    "last_step",
    "open_steps_for",
    "read_review",
    "read_reviews",
    "read_vote",
    "requests_of",
    "review_of_step",
    "voted_elsewhere",
]


def read_review(session: Session, review_id: int, policies: Policies, today: date) -> RequestView:
    """A request as it stands: criteria live while it is open, as they were when it closed. LookupError if none."""
    found = read_reviews(session, [review_id], policies, today)
    if not found:
        raise LookupError(f"no review {review_id}")
    return found[0]


def by_number(session: Session, number: int, policies: Policies, today: date) -> RequestView | None:
    """The request that people know as R-``number``."""
    review_id = session.exec(select(PrivilegeRequest.id).where(PrivilegeRequest.number == number)).first()
    return read_review(session, review_id, policies, today) if review_id else None


def requests_of(session: Session, provider_id: int, policies: Policies, today: date) -> list[RequestView]:
    """A provider's requests that have not ended: open, returned or referred."""
    query = select(PrivilegeRequest.id).where(
        PrivilegeRequest.provider_id == provider_id, PrivilegeRequest.state == "open"
    )
    return read_reviews(session, [required(i) for i in session.exec(query)], policies, today)


def open_steps_for(session: Session, person: Person, policies: Policies, today: date) -> list[RequestView]:
    """Requests whose open step waits for this person's vote; nothing of their own."""
    query = select(RequestLine.review_id).join(ApprovalStep, col(ApprovalStep.line_id) == col(RequestLine.id))
    waiting = session.exec(query.where(ApprovalStep.state == "open")).all()
    reviews = read_reviews(session, waiting, policies, today)
    return [r for r in reviews if r.step and may_vote(person, r.step, r, voted_elsewhere(person, r.step, r)) is None]


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
    view = read_review(session, review_of_step(session, row.step_id) or 0, policies, today)
    step = next(s for s in view.steps if s.id == row.step_id)
    return step, next(v for v in step.votes if (v.person_id, v.round) == (row.person_id, row.round))


def review_of_step(session: Session, step_id: int) -> int | None:
    """The id of the review that a step belongs to."""
    query = select(RequestLine.review_id).join(ApprovalStep, col(ApprovalStep.line_id) == col(RequestLine.id))
    return session.exec(query.where(ApprovalStep.id == step_id)).first()


def hold_review(session: Session, review_id: int) -> tuple[PrivilegeRequest, RequestLine] | None:
    """Locks a review until the commit; votes, withdrawal and reopening all begin with it."""
    locked = select(PrivilegeRequest).where(PrivilegeRequest.id == review_id).with_for_update(key_share=True)
    review = session.exec(locked.execution_options(populate_existing=True)).first()
    if review is None:
        return None
    line = select(RequestLine).where(RequestLine.review_id == review_id)
    return review, session.exec(line.execution_options(populate_existing=True)).one()


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


def voted_elsewhere(person: Person, step: StepView, review: RequestView) -> bool:
    """Whether a person has a vote in another step of the line."""
    others = (other for other in review.steps if other.id != step.id)
    return any(vote.person_id == person.id for other in others for vote in other.votes)
