"""Privilege requests: reading them, and the locks under which they change."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.rules import values
from bot.rules.policy import Policies
from bot.rules.privileges import models
from bot.rules.privileges.models import ReviewView, StepView
from bot.rules.privileges.votes import may_vote
from bot.rules.values import Refused
from bot.store.outbox.messages import known
from bot.store.privileges.grants import read_privileges
from bot.store.privileges.request_views import read_reviews
from bot.store.tables import Review, ReviewLine, ReviewStep, Vote

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


def read_review(session: Session, review_id: int, policies: Policies, today: date) -> ReviewView:
    """A request as it stands: criteria live while it is open, as they were when it closed. LookupError if none."""
    found = read_reviews(session, [review_id], policies, today)
    if not found:
        raise LookupError(f"no review {review_id}")
    return found[0]


def by_number(session: Session, number: int, policies: Policies, today: date) -> ReviewView | None:
    """The request that people know as R-``number``."""
    review_id = session.exec(select(Review.id).where(Review.number == number)).first()
    return read_review(session, review_id, policies, today) if review_id else None


def requests_of(session: Session, provider_id: int, policies: Policies, today: date) -> list[ReviewView]:
    """A provider's requests that have not ended: open, returned or referred."""
    query = select(Review.id).where(Review.provider_id == provider_id, Review.state == "open")
    return read_reviews(session, [known(i) for i in session.exec(query)], policies, today)


def open_steps_for(session: Session, person: values.Person, policies: Policies, today: date) -> list[ReviewView]:
    """Requests whose open step waits for this person's vote; nothing of their own."""
    query = select(ReviewLine.review_id).join(ReviewStep, col(ReviewStep.line_id) == col(ReviewLine.id))
    waiting = session.exec(query.where(ReviewStep.state == "open")).all()
    reviews = read_reviews(session, waiting, policies, today)
    return [r for r in reviews if r.step and may_vote(person, r.step, r, voted_elsewhere(person, r.step, r)) is None]


def asked_already(session: Session, provider_id: int, policies: Policies, today: date) -> dict[str, Refused]:
    """Why a privilege is not to be asked for now, by its key: ``already_open`` (``number``), ``already_granted``."""
    granted = {p.privilege: p.ends_on for p in read_privileges(session, provider_id) if p.active(today)}
    return {
        key: Refused("already_granted", {"privilege": key, "ends_on": ends_on}) for key, ends_on in granted.items()
    } | {
        r.privilege: Refused("already_open", {"privilege": r.privilege, "number": r.number})
        for r in requests_of(session, provider_id, policies, today)
    }


def read_vote(session: Session, vote_id: int, policies: Policies, today: date) -> tuple[StepView, models.Vote]:
    """A vote and the step it was cast in. LookupError if there is none."""
    row = session.get(Vote, vote_id)
    if row is None:
        raise LookupError(f"no vote {vote_id}")
    view = read_review(session, review_of_step(session, row.step_id) or 0, policies, today)
    step = next(s for s in view.steps if s.id == row.step_id)
    return step, next(v for v in step.votes if (v.person_id, v.round) == (row.person_id, row.round))


def review_of_step(session: Session, step_id: int) -> int | None:
    """The id of the review that a step belongs to."""
    query = select(ReviewLine.review_id).join(ReviewStep, col(ReviewStep.line_id) == col(ReviewLine.id))
    return session.exec(query.where(ReviewStep.id == step_id)).first()


def hold_review(session: Session, review_id: int) -> tuple[Review, ReviewLine] | None:
    """Locks a review until the commit; votes, withdrawal and reopening all begin with it."""
    locked = select(Review).where(Review.id == review_id).with_for_update(key_share=True)
    review = session.exec(locked.execution_options(populate_existing=True)).first()
    if review is None:
        return None
    line = select(ReviewLine).where(ReviewLine.review_id == review_id)
    return review, session.exec(line.execution_options(populate_existing=True)).one()


def claim_step(session: Session, step_id: int) -> ReviewStep | None:
    """Locks the open step; None where it is not open any more, so somebody else was first."""
    claimed = (
        update(ReviewStep)
        .where(col(ReviewStep.id) == step_id, col(ReviewStep.state) == "open")
        .values(version=ReviewStep.version + 1)
        .returning(ReviewStep)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    return session.execute(claimed).scalars().first()


def last_step(session: Session, line_id: int) -> ReviewStep:
    """The step that a line came to."""
    query = select(ReviewStep).where(ReviewStep.line_id == line_id).order_by(col(ReviewStep.position).desc())
    newest = session.exec(query.limit(1).execution_options(populate_existing=True)).first()
    if newest is None:
        raise LookupError(f"line {line_id} has no step")
    return newest


def voted_elsewhere(person: values.Person, step: StepView, review: ReviewView) -> bool:
    """Whether a person has a vote in another step of the line."""
    others = (other for other in review.steps if other.id != step.id)
    return any(vote.person_id == person.id for other in others for vote in other.votes)
