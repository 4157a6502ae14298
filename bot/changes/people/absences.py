"""Somebody is away for some days, and somebody else stands in: planned, replaced, cut short. It ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.changes.people.assignments import not_an_owner
from bot.changes.people.reassignment import acting_for_cards, pass_on
from bot.changes.privileges.notices import tell_away
from bot.changes.refusals import refuse
from bot.rules.context import Context
from bot.rules.people.models import AbsenceView, Person, Role
from bot.rules.people.recipients import to_person
from bot.rules.refusals import CommonRefusal, Invalid, PeopleRefusal, Refused
from bot.store import audit
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.people import accounts
from bot.store.people.absences import absences_of
from bot.store.privileges.requests import open_steps_for
from bot.store.superseding import supersede
from bot.store.tables import Absence
from bot.store.tables.column_types import HOW_IT_ENDED, EndedAs, required

LONGEST = timedelta(days=366)
MOST = 12
"""Absences that somebody has planned at a time."""
OFTEN, WITHIN = 20, timedelta(hours=1)
"""So many planned within that, real time: each is told to others."""


@dataclass(frozen=True, slots=True)
class AbsenceRecorded:
    """The absence as recorded."""

    absence: AbsenceView
    replaced: tuple[AbsenceView, ...]
    """Absences that it took the place of, because they overlapped."""
    delegate_away: AbsenceView | None
    """When the one who stands in is away as well, so that somebody else does."""
    votes: bool
    """An approver: nobody votes in their place."""


@dataclass(frozen=True, slots=True)
class AbsenceEnded:
    """The absence that is not to be, or ended yesterday."""

    absence: AbsenceView


def go_away(
    session: Session, ctx: Context, actor: Person, from_on: date | None, until: date | None, delegate_id: int | None
) -> AbsenceRecorded | Refused | Invalid:
    """Who keeps files names who stands in; whoever only approves does not. What overlaps is replaced.

    Invalid: ``date_missing``, ``away_ends_before_start``, ``away_is_over``, ``away_too_long``, ``delegate_missing``,
    ``delegate_is_oneself``, and those of ``not_an_owner``. Refused: ``nothing_to_stand_in_for``,
    ``too_many_absences``, ``absences_too_often``.
    """
    if not actor.has(Role.COORDINATOR, Role.APPROVER):
        return refuse(session, actor, Refused(PeopleRefusal.NOTHING_TO_STAND_IN_FOR), f"person:{actor.id}")
    if from_on is None or until is None:
        return Invalid("until" if from_on else "from_on", CommonRefusal.DATE_MISSING)
    problem = _dates(from_on, until, ctx.today)
    if problem is None and actor.has(Role.COORDINATOR):
        problem = _delegate(session, ctx, actor, delegate_id)
    if problem:
        return problem
    stands_in = delegate_id if actor.has(Role.COORDINATOR) else None
    before = acting_for_cards(session, ctx)
    planned = absences_of(session, [actor.id], ctx.today)
    replaced = [old for old in planned if old.from_on <= until and old.until >= from_on]
    if refused := _too_many(session, actor, len(planned) - len(replaced)):
        return refused
    for old in replaced:
        _end(session, ctx, old, replaced=True)
    absence = _add(session, actor, from_on, until, stands_in)
    after = {"from_on": from_on, "until": until, "delegate_id": stands_in}
    instead_of = {"replaced": [old.id for old in replaced]} if replaced else None
    audit.record(session, actor, "away_planned", f"person:{actor.id}", before=instead_of, after=after)
    pass_on(session, ctx, before)
    _tell(session, ctx, actor, absence, replaced)
    theirs = absences_of(session, [stands_in], from_on) if stands_in else []
    also = next((one for one in theirs if one.from_on <= until), None)
    return AbsenceRecorded(absence, tuple(replaced), also, actor.has(Role.APPROVER))


def come_back(session: Session, ctx: Context, actor: Person, absence_id: int) -> AbsenceEnded | Refused:
    """Takes back one's own absence; of one that has begun, the days so far stay. Refused: ``no_such_absence``."""
    absence = next((one for one in absences_of(session, [actor.id], ctx.today) if one.id == absence_id), None)
    if absence is None:
        return Refused(PeopleRefusal.NO_SUCH_ABSENCE)
    before = acting_for_cards(session, ctx)
    _end(session, ctx, absence)
    was = {"from_on": absence.from_on, "until": absence.until, "delegate_id": absence.delegate_id}
    audit.record(session, actor, "away_ended", f"person:{actor.id}", before=was, after={"back_on": ctx.today})
    pass_on(session, ctx, before)
    if absence.delegate_id:
        _say(session, "standing_in_over", absence)
    return AbsenceEnded(absence)


def _dates(from_on: date, until: date, today: date) -> Invalid | None:
    if until < from_on:
        return Invalid("until", PeopleRefusal.AWAY_ENDS_BEFORE_START, {"from_on": from_on})
    if until < today:
        return Invalid("until", PeopleRefusal.AWAY_IS_OVER, {"until": until})
    if until - from_on > LONGEST:
        return Invalid("until", PeopleRefusal.AWAY_TOO_LONG, {"until": until})
    return None


def _delegate(session: Session, ctx: Context, actor: Person, delegate_id: int | None) -> Invalid | None:
    if delegate_id is None:
        return Invalid("delegate", PeopleRefusal.DELEGATE_MISSING)
    if delegate_id == actor.id:
        return Invalid("delegate", PeopleRefusal.DELEGATE_IS_ONESELF)
    delegate = accounts.person(session, delegate_id, on=ctx.today, admins=ctx.admins)
    return not_an_owner(delegate, "delegate")


def _too_many(session: Session, actor: Person, others: int) -> Refused | None:
    """``others`` are planned besides and stay."""
    if others >= MOST:
        return Refused(PeopleRefusal.TOO_MANY_ABSENCES, {"most": MOST})
    lately = (Absence.person_id == actor.id, Absence.recorded_at > database_now(session) - WITHIN)
    recorded = session.exec(select(func.count()).select_from(Absence).where(*lately)).one()
    return Refused(PeopleRefusal.ABSENCES_TOO_OFTEN) if recorded >= OFTEN else None


def _add(session: Session, actor: Person, from_on: date, until: date, delegate_id: int | None) -> AbsenceView:
    row = Absence(
        person_id=actor.id,
        delegate_id=delegate_id,
        valid_from=from_on,
        valid_to=until,
        recorded_at=database_now(session),
        recorded_by=actor.id,
    )
    session.add(row)
    session.flush()
    return next(one for one in absences_of(session, [actor.id], from_on) if one.id == required(row.id))


def _end(session: Session, ctx: Context, absence: AbsenceView, *, replaced: bool = False) -> None:
    """Superseded; the days that somebody was away already stay a fact of their own."""
    row = session.exec(select(Absence).where(col(Absence.id) == absence.id)).one()
    been = row.model_dump(exclude={"id", *HOW_IT_ENDED})
    yesterday = ctx.today - timedelta(days=1)
    begun = row.valid_from <= yesterday
    supersede(session, [row], EndedAs.CORRECTED if replaced or begun else EndedAs.VOIDED, row.person_id)
    if begun:
        session.add(Absence(**{**been, "valid_to": yesterday, "recorded_at": database_now(session)}))
    session.flush()


def _tell(session: Session, ctx: Context, actor: Person, absence: AbsenceView, replaced: Iterable[AbsenceView]) -> None:
    """The one who stands in, whoever would have until now, and the threads that wait for the vote."""
    for old in replaced:
        if old.delegate_id and old.delegate_id != absence.delegate_id:
            _say(session, "standing_in_over", old)
    if absence.delegate_id:
        _say(session, "standing_in", absence)
    for request in open_steps_for(session, actor, ctx.policies, ctx.today):
        tell_away(session, request, absence)


def _say(session: Session, kind: str, absence: AbsenceView) -> None:
    messages.say(session, kind, absence.id, to_person(absence.delegate_id), key=f"{kind}:{absence.id}")
