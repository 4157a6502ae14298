"""How stored requests become the values that cards show; ``requests.py`` is the way in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from bot.rules import values
from bot.rules.policy import Policies
from bot.rules.privileges import models
from bot.rules.privileges.criteria import check
from bot.rules.privileges.models import Choice, LineState, ReviewView, StepState, StepView
from bot.store.credentials.files import read_files
from bot.store.outbox.messages import known
from bot.store.privileges.evidence import read_snapshots
from bot.store.tables import Person, PrivilegeGrant, Review, ReviewLine, ReviewStep, Vote

CREDBOT = "Credbot"
"""Who asks where nobody did: a reinstatement opens by itself."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What many reviews are built from, read at once; each by the id it belongs to."""

    files: dict[int, values.ProviderFile]
    people: dict[int, Person]
    steps: dict[int, list[ReviewStep]]
    votes: dict[int, list[tuple[Vote, Person]]]
    seen: dict[int, models.Eligibility]
    granted: dict[int, PrivilegeGrant]


def read_reviews(session: Session, review_ids: Collection[int], policies: Policies, today: date) -> list[ReviewView]:
    """Requests in the order of their numbers, in a constant number of queries."""
    query = select(Review, ReviewLine).join(ReviewLine, col(ReviewLine.review_id) == col(Review.id))
    wanted = query.where(col(Review.id).in_(review_ids)).order_by(col(Review.number))
    rows = session.exec(wanted.execution_options(populate_existing=True)).all()
    if not rows:
        return []
    parts = _parts(session, rows, today)
    return [_view(review, line, parts, policies) for review, line in rows]


def _parts(session: Session, rows: Iterable[tuple[Review, ReviewLine]], today: date) -> _Parts:
    reviews, lines = [review for review, _ in rows], [line for _, line in rows]
    steps = _steps(session, [known(line.id) for line in lines])
    step_ids = [known(step.id) for own in steps.values() for step in own]
    return _Parts(
        files=read_files(session, {review.provider_id for review in reviews}, today),
        people=_people(session, {review.requester_id for review in reviews if review.requester_id}),
        steps=steps,
        votes=_votes(session, step_ids),
        seen=read_snapshots(session, {line.snapshot_id for line in lines if line.snapshot_id}),
        granted=_granted(session, reviews, lines),
    )


def _people(session: Session, person_ids: Collection[int]) -> dict[int, Person]:
    return {known(p.id): p for p in session.exec(select(Person).where(col(Person.id).in_(person_ids)))}


def _steps(session: Session, line_ids: Collection[int]) -> dict[int, list[ReviewStep]]:
    grouped: dict[int, list[ReviewStep]] = defaultdict(list)
    query = select(ReviewStep).where(col(ReviewStep.line_id).in_(line_ids)).order_by(col(ReviewStep.position))
    for step in session.exec(query.execution_options(populate_existing=True)):
        grouped[step.line_id].append(step)
    return grouped


def _votes(session: Session, step_ids: Collection[int]) -> dict[int, list[tuple[Vote, Person]]]:
    grouped: dict[int, list[tuple[Vote, Person]]] = defaultdict(list)
    query = select(Vote, Person).join(Person, col(Vote.person_id) == col(Person.id))
    for vote, person in session.exec(query.where(col(Vote.step_id).in_(step_ids)).order_by(col(Vote.id))):
        grouped[vote.step_id].append((vote, person))
    return grouped


def _granted(session: Session, reviews: Iterable[Review], lines: Iterable[ReviewLine]) -> dict[int, PrivilegeGrant]:
    """By review: what it granted, or what a reinstatement brought back."""
    of_line = {known(line.id): line.review_id for line in lines if line.state == LineState.GRANTED}
    brought_back = {r.grant_id: known(r.id) for r in reviews if r.grant_id and known(r.id) in of_line.values()}
    query = select(PrivilegeGrant).where(
        col(PrivilegeGrant.line_id).in_(of_line) | col(PrivilegeGrant.id).in_(brought_back)
    )
    return {of_line.get(g.line_id) or brought_back[known(g.id)]: g for g in session.exec(query)}


def _view(review: Review, line: ReviewLine, parts: _Parts, policies: Policies) -> ReviewView:
    file = parts.files[review.provider_id]
    requester = parts.people.get(review.requester_id or 0)
    granted = parts.granted.get(known(review.id))
    steps = parts.steps[known(line.id)]
    state = LineState(line.state)
    return ReviewView(
        id=known(review.id),
        number=review.number,
        kind=review.kind,
        provider=file.provider,
        requester_id=review.requester_id or 0,
        requester_name=requester.name if requester else CREDBOT,
        privilege=line.privilege,
        reason=review.reason,
        line_id=known(line.id),
        state=state,
        steps=tuple(_step(step, parts.votes[known(step.id)]) for step in steps),
        eligibility=parts.seen[line.snapshot_id] if line.snapshot_id else check(line.privilege, file, policies),
        asked_on=review.asked_on,
        stopped_reason=_stopped_reason(steps, parts.votes),
        stopped_criterion=line.reason if state is LineState.NOT_ELIGIBLE else None,
        grant_starts_on=granted.starts_on if granted else None,
        grant_ends_on=granted.ends_on if granted else None,
    )


def _step(step: ReviewStep, votes: Iterable[tuple[Vote, Person]]) -> StepView:
    return StepView(
        id=known(step.id),
        position=step.position,
        body=step.body,
        mode=step.mode,
        quorum=step.quorum,
        round=step.round,
        state=StepState(step.state),
        due_on=step.due_at,
        votes=tuple(_vote(vote, person) for vote, person in votes),
    )


def _vote(vote: Vote, person: Person) -> models.Vote:
    return models.Vote(vote.person_id, person.name, person.slack_user_id, Choice(vote.choice), vote.at, vote.round)


def _stopped_reason(steps: Iterable[ReviewStep], votes: dict[int, list[Any]]) -> str | None:
    for step in steps:
        for vote, _ in votes[known(step.id)]:
            if vote.round == step.round and vote.choice != Choice.APPROVE:
                return str(vote.reason) if vote.reason else None
    return None
