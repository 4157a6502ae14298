"""Opening requests and their steps, and closing them: rows and deadlines. Who may, is asked before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col

from bot.changes.privileges.notices import announce
from bot.changes.reminders.next_due import opened
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.privileges.models import Eligibility, LineState, StepState
from bot.rules.privileges.routes import next_step, steps_of
from bot.rules.reminders.catalog import APPROVERS, DeadlineKind, SubjectType
from bot.rules.reminders.deadlines import WantedDeadline
from bot.rules.reminders.ladder import instant, step_due, step_rungs
from bot.store.database_time import database_now
from bot.store.privileges.evidence import keep_snapshot
from bot.store.privileges.requests import last_step, read_request
from bot.store.tables import ApprovalRound, ApprovalStep, Deadline, PrivilegeRequest, RequestLine
from bot.store.tables.column_types import required
from bot.store.tables.reminders import is_about

FIRST_NUMBER = 1000
"""People see R-1001 first."""
FINAL = frozenset({LineState.GRANTED, LineState.NOT_ELIGIBLE, LineState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request about to be opened. ``requester`` is a person's id; None where it opens by itself."""

    kind: str
    provider_id: int
    privilege: str
    requester: int | None = None
    reason: str | None = None
    grant_id: int | None = None
    """The grant that a reinstatement would bring back."""


def open_request(
    session: Session, ctx: Context, asked: NewRequest, seen: Eligibility, *, told: str | None
) -> PrivilegeRequest:
    """Opens a request at its first step, posts it to the approvers and shows its state to ``told``'s DM.

    The caller holds the provider's file (``hold_files``), which also makes the number unique.
    """
    request = _numbered(session, ctx, asked)
    line = RequestLine(request_id=required(request.id), privilege=asked.privilege)
    session.add(line)
    session.flush()
    open_next_step(session, ctx, request, line, 0)
    view = read_request(session, required(request.id), ctx.policies, ctx.today)
    announce(session, ctx, view, keep_snapshot(session, seen), told)
    return request


def open_next_step(session: Session, ctx: Context, request: PrivilegeRequest, line: RequestLine, position: int) -> None:
    """Makes the row of the step after ``position``, with the deadline of its approvers.

    Only a granting step grants: where the route has become shorter meanwhile, its last step is what follows.
    """
    steps = steps_of(request.kind, ctx.policies.routes[ctx.policies.privileges[line.privilege].route])
    step = next_step(steps, position) or steps[-1]
    row = ApprovalStep(
        line_id=required(line.id),
        position=position + 1,
        body=step.body,
        mode=step.mode,
        quorum=step.quorum,
        due_at=step_due(ctx.today, ctx.holidays),
    )
    session.add(row)
    session.flush()
    _await_votes(session, ctx, row, request.provider_id)


def open_another_round(
    session: Session,
    ctx: Context,
    actor: Person,
    held: tuple[PrivilegeRequest, RequestLine],
    said: str,
    held_on: date | None,
) -> None:
    """Opens a stopped step again after an answer, or a meeting ``held_on``. Earlier votes stay, and do not count."""
    request, line = held
    step = last_step(session, required(line.id))
    step.state, step.round, step.due_at = StepState.OPEN.value, step.round + 1, step_due(ctx.today, ctx.holidays)
    line.state, line.snapshot_id = LineState.OPEN.value, None
    session.add(
        ApprovalRound(
            step_id=required(step.id),
            round=step.round,
            after="meeting" if held_on else "answer",
            held_on=held_on,
            text=said,
            person_id=actor.id or None,
            at=database_now(session),
        )
    )
    session.flush()
    _await_votes(session, ctx, step, request.provider_id)


def close_step(session: Session, ctx: Context, step: ApprovalStep, state: StepState) -> None:
    step.state = state.value
    session.execute(
        update(Deadline)
        .where(is_about(SubjectType.STEP, required(step.id)), col(Deadline.closed_at).is_(None))
        .values(closed_at=ctx.now, next_at=None)
    )


def end_line(
    session: Session, request: PrivilegeRequest, line: RequestLine, state: LineState, snapshot_id: int
) -> None:
    """Takes a line out of ``open``, with what was seen then; a returned or referred one may come back."""
    line.state, line.snapshot_id = state.value, snapshot_id
    if state in FINAL:
        request.state = "closed"
    session.flush()


def _numbered(session: Session, ctx: Context, asked: NewRequest) -> PrivilegeRequest:
    request = PrivilegeRequest(
        kind=asked.kind,
        number=-asked.provider_id,  # nobody else's while the provider's file is held; the id is known only then
        provider_id=asked.provider_id,
        requester_id=asked.requester,
        reason=asked.reason,
        asked_on=ctx.today,
        policy_hash=ctx.policies.hash,
        grant_id=asked.grant_id,
    )
    session.add(request)
    session.flush()
    request.number = FIRST_NUMBER + required(request.id)
    session.flush()
    return request


def _await_votes(session: Session, ctx: Context, step: ApprovalStep, provider_id: int) -> None:
    want = WantedDeadline(DeadlineKind.STEP, required(step.id), APPROVERS, step.due_at)
    in_the_thread = instant(next(step_rungs(step.due_at)).on, ctx.zone)
    session.add(Deadline(**{**opened(provider_id, want, ctx), "next_at": in_the_thread}))
    session.flush()
