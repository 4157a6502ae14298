"""What was said in a request, round by round: restricted, so whoever shows it records the opening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from bot.rules.views import CastVote, Opening, Round
from bot.store.outbox.messages import known
from bot.store.privileges.evidence import read_snapshots
from bot.store.tables import AnotherRound, Person, ReviewLine, ReviewStep, Vote

OfRound = tuple[int, int]
"""A step's id and the number of its round."""


def rounds_of(session: Session, review_id: int) -> tuple[Round, ...]:
    """Every round of every step with what opened it, its votes, their typed reasons and what they saw; oldest first."""
    steps = session.exec(
        select(ReviewStep)
        .join(ReviewLine, col(ReviewStep.line_id) == col(ReviewLine.id))
        .where(ReviewLine.review_id == review_id)
        .order_by(col(ReviewStep.position))
    ).all()
    ids = [known(step.id) for step in steps]
    votes, openings = _votes(session, ids), _openings(session, ids)
    return tuple(
        Round(step.body, number, openings.get((known(step.id), number)), tuple(votes[known(step.id), number]))
        for step in steps
        for number in range(1, step.round + 1)
    )


def _votes(session: Session, step_ids: Iterable[int]) -> Mapping[OfRound, list[CastVote]]:
    query = select(Vote, Person.name).join(Person, col(Vote.person_id) == col(Person.id))
    rows = session.exec(query.where(col(Vote.step_id).in_(step_ids)).order_by(col(Vote.id))).all()
    seen = read_snapshots(session, {vote.snapshot_id for vote, _ in rows})
    grouped: dict[OfRound, list[CastVote]] = defaultdict(list)
    for vote, name in rows:
        cast = CastVote(name, vote.choice, vote.reason, seen[vote.snapshot_id].criteria)
        grouped[vote.step_id, vote.round].append(cast)
    return grouped


def _openings(session: Session, step_ids: Iterable[int]) -> dict[OfRound, Opening]:
    query = select(AnotherRound, Person.name).join(Person, col(AnotherRound.person_id) == col(Person.id), isouter=True)
    return {
        (row.step_id, row.round): Opening(row.after, row.text, name or "", row.held_on)
        for row, name in session.exec(query.where(col(AnotherRound.step_id).in_(step_ids)))
    }
