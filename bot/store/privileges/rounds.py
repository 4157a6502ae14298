"""What was said in a request, round by round: restricted, so whoever shows it records the opening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from bot.rules.privileges.rounds import CastVote, Round, RoundOpening
from bot.store.privileges.evidence import read_snapshots
from bot.store.tables import ApprovalRound, ApprovalStep, PersonRow, RequestLine, VoteRow
from bot.store.tables.column_types import required

OfRound = tuple[int, int]
"""A step's id and the number of its round."""


def rounds_of(session: Session, request_id: int) -> tuple[Round, ...]:
    """Every round of every step with what opened it, its votes, their typed reasons and what they saw; oldest first."""
    steps = session.exec(
        select(ApprovalStep)
        .join(RequestLine, col(ApprovalStep.line_id) == col(RequestLine.id))
        .where(RequestLine.request_id == request_id)
        .order_by(col(ApprovalStep.position))
    ).all()
    ids = [required(step.id) for step in steps]
    votes, openings = _votes(session, ids), _openings(session, ids)
    return tuple(
        Round(step.body, number, openings.get((required(step.id), number)), tuple(votes[required(step.id), number]))
        for step in steps
        for number in range(1, step.round + 1)
    )


def _votes(session: Session, step_ids: Iterable[int]) -> Mapping[OfRound, list[CastVote]]:
    query = select(VoteRow, PersonRow.name).join(PersonRow, col(VoteRow.person_id) == col(PersonRow.id))
    rows = session.exec(query.where(col(VoteRow.step_id).in_(step_ids)).order_by(col(VoteRow.id))).all()
    seen = read_snapshots(session, {vote.snapshot_id for vote, _ in rows})
    grouped: dict[OfRound, list[CastVote]] = defaultdict(list)
    for vote, name in rows:
        cast = CastVote(name, vote.choice, vote.reason, seen[vote.snapshot_id].criteria)
        grouped[vote.step_id, vote.round].append(cast)
    return grouped


def _openings(session: Session, step_ids: Iterable[int]) -> dict[OfRound, RoundOpening]:
    query = select(ApprovalRound, PersonRow.name).join(
        PersonRow, col(ApprovalRound.person_id) == col(PersonRow.id), isouter=True
    )
    return {
        (row.step_id, row.round): RoundOpening(row.after, row.text, name or "", row.held_on)
        for row, name in session.exec(query.where(col(ApprovalRound.step_id).in_(step_ids)))
    }
