"""A privilege is asked for, withdrawn, explained, or brought back from a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from bot.changes.privileges.approval_steps import NewRequest, close_step, end_line, open_another_round, open_request
from bot.changes.privileges.notices import show_change, tell_outcome, tell_round, tell_who_is_away
from bot.changes.refusals import refuse
from bot.rules.context import Context
from bot.rules.credentials.models import ProviderFile
from bot.rules.credentials.standing import status_of
from bot.rules.people.models import Person, Role
from bot.rules.people.recipients import to_person
from bot.rules.permissions import Permission, is_own, may
from bot.rules.privileges.criteria import check
from bot.rules.privileges.models import Eligibility, LineState, RequestView, StepState
from bot.rules.providers.models import EmploymentStatus, Provider
from bot.rules.refusals import CommonRefusal, Invalid, PrivilegeRefusal, ProviderRefusal, Refused
from bot.store import audit
from bot.store.credentials.files import read_file
from bot.store.privileges.evidence import keep_snapshot
from bot.store.privileges.grants import hold_files
from bot.store.privileges.requests import (
    asked_already,
    claim_step,
    hold_request,
    hold_requests_of,
    last_step,
    read_request,
    read_requests,
    requests_of,
)
from bot.store.tables import PrivilegeRequest, RequestLine
from bot.store.tables.column_types import required

Held = tuple[PrivilegeRequest, RequestLine]
"""Locked until the commit."""


@dataclass(frozen=True, slots=True)
class Requested:
    """One request of its own for each privilege; people see R-``number``."""

    request_id: int
    number: int
    privilege: str


@dataclass(frozen=True, slots=True)
class RequestChanged:
    """The request R-``number`` is now in this state."""

    number: int
    state: LineState


class RequestTurn(StrEnum):
    """What brings a request on from outside its steps."""

    WITHDRAW = "withdraw"
    ANSWER = "answer"
    REOPEN = "reopen"


_WAITS_FOR = {
    RequestTurn.WITHDRAW: (
        PrivilegeRefusal.REQUEST_ENDED,
        frozenset({LineState.OPEN, LineState.RETURNED, LineState.REFERRED}),
    ),
    RequestTurn.ANSWER: (PrivilegeRefusal.NOT_RETURNED, frozenset({LineState.RETURNED})),
    RequestTurn.REOPEN: (PrivilegeRefusal.NOT_REFERRED, frozenset({LineState.REFERRED})),
}


def at_hand(session: Session, ctx: Context, actor: Person, request_id: int, turn: RequestTurn) -> RequestView | Refused:
    """The request, where this person may do that with it now: asked before anything is typed, and again after.

    Refusals: ``no_such_request``, as ``permissions.may``, for a reopening ``own_request`` and ``coordinators_only``;
    ``request_ended``, ``not_returned``, ``not_referred`` (``number``, ``state``).
    """
    view = next(iter(read_requests(session, [request_id], ctx.policies, ctx.today)), None)
    if view is None:
        return Refused(PrivilegeRefusal.NO_SUCH_REQUEST)
    if refused := (
        may_reopen(actor, view.provider)
        if turn is RequestTurn.REOPEN
        else may(actor, Permission.REQUEST, view.provider)
    ):
        return refuse(session, actor, refused, f"request:{request_id}")
    code, states = _WAITS_FOR[turn]
    return view if view.state in states else Refused(code, {"number": view.number, "state": view.state})


def may_reopen(actor: Person, about: Provider | None) -> Refused | None:
    """Why not: as ``permissions.may``, ``own_request``, ``coordinators_only``."""
    if refused := may(actor, Permission.REQUEST, about):
        return refused
    if is_own(actor, about):
        return Refused(PrivilegeRefusal.OWN_REQUEST)
    return None if actor.has(Role.COORDINATOR) else Refused(CommonRefusal.COORDINATORS_ONLY, {"act": "reopen"})


def request_privileges(
    session: Session,
    ctx: Context,
    actor: Person,
    provider_id: int,
    privileges: Sequence[str],
    *,
    reason: str | None = None,
) -> list[Requested] | Refused | Invalid:
    """Opens a request for each privilege, or none at all. LookupError where there is no such provider.

    Refusals: as ``permissions.may``, ``has_ended``, ``no_approvals_channel``, and about one ``privilege``:
    ``not_asked_by``, ``already_open`` (``number``), ``already_granted`` (``ends_on``), ``criteria_missing``
    (``criteria``).
    """
    hold_files(session, [provider_id])
    file = read_file(session, provider_id, ctx.today)
    if refused := may(actor, Permission.REQUEST, file.provider):
        return refuse(session, actor, refused, f"provider:{provider_id}")
    if status_of(file).status is EmploymentStatus.ENDED:
        return Refused(ProviderRefusal.HAS_ENDED, {"since": status_of(file).since})
    if not ctx.approvals_channel:
        return Refused(PrivilegeRefusal.NO_APPROVALS_CHANNEL)
    chosen = list(dict.fromkeys(privileges))
    if invalid := _unknown(ctx, chosen):
        return invalid
    eligible = [check(privilege, file, ctx.policies) for privilege in chosen]
    if obstacle := _first_obstacle(session, ctx, file, eligible):
        return obstacle
    return [
        _open(session, ctx, actor, seen, NewRequest("request", provider_id, seen.privilege, actor.id or None, reason))
        for seen in eligible
    ]


def withdraw(session: Session, ctx: Context, actor: Person, request_id: int) -> RequestChanged | Refused:
    """Ends a request that is open, returned or referred. Refusals: as ``at_hand``."""
    found = _held_at_hand(session, ctx, actor, request_id, RequestTurn.WITHDRAW)
    if isinstance(found, Refused):
        return found
    held, view = found
    _withdraw(session, ctx, actor, held, view)
    return RequestChanged(view.number, LineState.WITHDRAWN)


def withdraw_all(
    session: Session, ctx: Context, actor: Person | str, provider_id: int, why: str | None = None
) -> tuple[int, ...]:
    """Ends every request of somebody who has ended; the numbers. Who may, is asked before."""
    numbers = []
    hold_requests_of(session, provider_id)
    for there in requests_of(session, provider_id, ctx.policies, ctx.today):
        held = hold_request(session, there.id)
        view = read_request(session, there.id, ctx.policies, ctx.today)
        if held and view.state in _WAITS_FOR[RequestTurn.WITHDRAW][1]:
            _withdraw(session, ctx, actor, held, view, why)
            numbers.append(view.number)
    return tuple(numbers)


def answer_return(
    session: Session, ctx: Context, actor: Person, request_id: int, text: str
) -> RequestChanged | Refused | Invalid:
    """Gives the information a request was returned for, and opens the same step for another round.

    Refusals: as ``at_hand``.
    """
    found = _held_at_hand(session, ctx, actor, request_id, RequestTurn.ANSWER)
    if isinstance(found, Refused):
        return found
    held, view = found
    answer = text.strip()
    if not answer:
        return Invalid("answer", PrivilegeRefusal.ANSWER_MISSING)
    _record(session, actor, "return_answered", view, LineState.OPEN, reason=answer)
    return _another_round(session, ctx, actor, held, answer)


def reopen(
    session: Session, ctx: Context, actor: Person, request_id: int, *, on: date, note: str
) -> RequestChanged | Refused | Invalid:
    """Brings a referred request back from the meeting held ``on``, to another round of the same step.

    Refusals: as ``at_hand``.
    """
    found = _held_at_hand(session, ctx, actor, request_id, RequestTurn.REOPEN)
    if isinstance(found, Refused):
        return found
    held, view = found
    said = note.strip()
    if not said:
        return Invalid("note", PrivilegeRefusal.NOTE_MISSING)
    if on > ctx.today:
        return Invalid("on", PrivilegeRefusal.MEETING_IN_FUTURE, {"on": on})
    _record(session, actor, "request_reopened", view, LineState.OPEN, reason=f"Meeting of {on}: {said}")
    return _another_round(session, ctx, actor, held, said, held_on=on)


def _held_at_hand(
    session: Session, ctx: Context, actor: Person, request_id: int, turn: RequestTurn
) -> tuple[Held, RequestView] | Refused:
    """As ``at_hand``, and nothing of it changes until the commit."""
    held = hold_request(session, request_id)
    if held is None:
        return Refused(PrivilegeRefusal.NO_SUCH_REQUEST)
    view = at_hand(session, ctx, actor, request_id, turn)
    return view if isinstance(view, Refused) else (held, view)


def _withdraw(
    session: Session,
    ctx: Context,
    actor: Person | str,
    held: Held,
    view: RequestView,
    why: str | None = None,
) -> None:
    request, line = held
    step = claim_step(session, last_step(session, view.line_id).id or 0)
    if step:
        close_step(session, ctx, step, StepState.STOPPED)
    end_line(session, request, line, LineState.WITHDRAWN, keep_snapshot(session, view.eligibility))
    _record(session, actor, "request_withdrawn", view, LineState.WITHDRAWN, reason=why)
    show_change(session, view.id)
    ended = read_request(session, view.id, ctx.policies, ctx.today)
    tell_outcome(session, ctx, ended, f"{view.id}:withdrawn")


def _unknown(ctx: Context, chosen: Sequence[str]) -> Invalid | None:
    if not chosen:
        return Invalid("privileges", CommonRefusal.NOTHING_CHOSEN)
    unknown = next((p for p in chosen if p not in ctx.policies.privileges), None)
    return Invalid("privileges", PrivilegeRefusal.NO_SUCH_PRIVILEGE, {"privilege": unknown}) if unknown else None


def _first_obstacle(
    session: Session, ctx: Context, file: ProviderFile, eligible: Sequence[Eligibility]
) -> Refused | None:
    taken = asked_already(session, file.provider.id, ctx.policies, ctx.today)
    for seen in eligible:
        facts = {"privilege": seen.privilege}
        if not seen.may_ask:
            return Refused(PrivilegeRefusal.NOT_ASKED_BY, {**facts, "type": file.provider.type})
        if seen.privilege in taken:
            return taken[seen.privilege]
        if not seen.eligible:
            missing = tuple(c for c in seen.criteria if not c.met)
            return Refused(PrivilegeRefusal.CRITERIA_MISSING, {**facts, "criteria": missing})
    return None


def _open(session: Session, ctx: Context, actor: Person, seen: Eligibility, asked: NewRequest) -> Requested:
    told = to_person(actor.id) if actor.id else None
    request = open_request(session, ctx, asked, seen, told=told)
    after = {"number": request.number, "privilege": asked.privilege, "provider": asked.provider_id}
    audit.record(session, actor, "privilege_requested", f"request:{request.id}", after=after, reason=asked.reason)
    return Requested(required(request.id), request.number, asked.privilege)


def _another_round(
    session: Session,
    ctx: Context,
    actor: Person,
    held: Held,
    said: str,
    held_on: date | None = None,
) -> RequestChanged:
    request, _ = held
    open_another_round(session, ctx, actor, held, said, held_on)
    show_change(session, required(request.id))
    view = read_request(session, required(request.id), ctx.policies, ctx.today)
    if view.step:
        tell_round(session, view.id, view.step, "meeting" if held_on else "answer")
        tell_who_is_away(session, ctx, view)
    return RequestChanged(request.number, LineState.OPEN)


def _record(
    session: Session,
    actor: Person | str,
    act: str,
    view: RequestView,
    state: LineState,
    *,
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        actor,
        act,
        f"request:{view.id}",
        before={"state": view.state},
        after={"state": state},
        reason=reason,
    )
