"""What follows from an end once its day has come: requests are withdrawn, calls closed, tasks opened.

Reminders stop and privileges end by themselves, since both follow from the status (``rules/reminders/deadlines.py``,
``store/privileges/grants.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.changes.privileges.lapses import CREDBOT
from bot.changes.privileges.requests import withdraw_all
from bot.changes.reminders.answers import pressed
from bot.changes.reminders.tasks import close_tasks, close_those, finish_task, open_task
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.permissions import MEDICAL_DIRECTOR
from bot.rules.providers.models import EmploymentStatus
from bot.rules.refusals import Refused
from bot.rules.reminders.catalog import DeadlineKind
from bot.store import audit
from bot.store.as_of import not_superseded
from bot.store.database_time import database_now
from bot.store.people import accounts
from bot.store.privileges.requests import hold_requests_of, requests_of
from bot.store.providers.employment import still_here
from bot.store.providers.profiles import provider, providers, supervised_by
from bot.store.reminders.deadlines import close_deadlines, refresh_messages
from bot.store.tables import Deadline, ProviderStatusRow, Task
from bot.store.tables.column_types import required
from bot.store.workspace.processed_events import tell_admins

AFTER_AN_END = ("payer_terminations", "agreements", "tail_cover")
"""What the owner has to do about everybody who ends."""
HELD, SUPERVISOR_LEFT = "withdrawal_held", "supervisor_left"
WHILE_HERE = ("leave_over", "account_deactivated")
"""Tasks that an end answers."""
WHY = "the provider ended"


@dataclass(frozen=True, slots=True)
class OffboardingResult:
    """What an end led to. ``held``: requests that wait for the medical director instead of being withdrawn."""

    withdrawn: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    supervised: tuple[str, ...] = ()
    """Names of those whom the person supervised; their owners have a task."""


NOTHING = OffboardingResult()


@dataclass(frozen=True, slots=True)
class EndToCome:
    """An end that a run ahead of its day leaves alone. ``requests``: numbers of those that are open still."""

    name: str
    on: date
    requests: tuple[int, ...]

    def __str__(self) -> str:
        """``would end: Lee Chen on 2026-12-31; still open: R-1001``, for a terminal."""
        still_open = "; still open: " + ", ".join(f"R-{number}" for number in self.requests) if self.requests else ""
        return f"would end: {self.name} on {self.on}{still_open}"


def ends_to_come(session: Session, ctx: Context) -> list[EndToCome]:
    """What would be carried out by now if it were now; in the order of the days."""
    if ctx.really is None:
        return []
    rows = session.exec(_open_ends(ctx.today).where(col(ProviderStatusRow.valid_from) > ctx.really)).all()
    named = providers(session, {row.provider_id for row in rows})
    return [
        EndToCome(
            named[row.provider_id].name,
            row.valid_from,
            tuple(one.number for one in requests_of(session, row.provider_id, ctx.policies, ctx.today)),
        )
        for row in sorted(rows, key=lambda row: (row.valid_from, row.id))
    ]


def carry_out_ends(session: Session, ctx: Context, provider_ids: Collection[int]) -> None:
    """Whatever ends among these files had to wait for their day. Done once; the chain says when."""
    for row in _due(session, ctx, provider_ids):
        followed = carry_out(session, ctx, row, CREDBOT)
        after = {"status": row.id, "withdrawn": followed.withdrawn, "held": followed.held}
        audit.record(session, CREDBOT, "end_carried_out", f"provider:{row.provider_id}", after=after)


def carry_out(session: Session, ctx: Context, row: ProviderStatusRow, actor: Person | str) -> OffboardingResult:
    """What follows from one end. The caller records it."""
    row.carried_out_at = database_now(session)
    session.flush()
    followed = OffboardingResult(
        *_requests(session, ctx, row, actor),
        supervised=_tell_of_the_supervisor(session, ctx, row),
    )
    _close_calls(session, ctx, row.provider_id)
    answered = (*WHILE_HERE, SUPERVISOR_LEFT)
    close_tasks(session, ctx, row.provider_id, answered, pressed("ended", actor, ctx.now))
    facts = {"ended_on": row.valid_from.isoformat()}
    for kind in AFTER_AN_END:
        open_task(session, ctx, row.provider_id, kind, key=f"{kind}:{row.id}", facts=facts)
    return followed


def withdraw_held(session: Session, ctx: Context, actor: Person, deadline_id: int) -> tuple[int, ...] | Refused:
    """The medical director lets the requests of somebody who ended go; their numbers.

    Refused: ``already_done``, ``not_yours``.
    """
    if row := session.get(Deadline, deadline_id):
        hold_requests_of(session, row.provider_id)
    done = finish_task(session, ctx, actor, deadline_id, "withdrawn")
    if isinstance(done, Refused):
        return done
    return withdraw_all(session, ctx, actor, done.provider_id, WHY)


def undo(session: Session, ctx: Context, provider_id: int, actor: Person) -> None:
    """The end is no longer believed: what it asked of others is nobody's task any more. Withdrawn stays withdrawn."""
    own = and_(col(Task.provider_id) == provider_id, col(Task.kind).in_((*AFTER_AN_END, HELD)))
    supervised = col(Task.key).startswith(f"{SUPERVISOR_LEFT}:{provider_id}:")
    close_those(session, ctx, or_(own, supervised), pressed("undone", actor, ctx.now))


def _due(session: Session, ctx: Context, provider_ids: Collection[int]) -> Iterable[ProviderStatusRow]:
    until = min(ctx.today, ctx.really) if ctx.really else ctx.today
    query = _open_ends(until).where(col(ProviderStatusRow.provider_id).in_(provider_ids))
    return session.exec(query.order_by(col(ProviderStatusRow.id)).with_for_update(key_share=True)).all()


def _open_ends(until: date) -> SelectOfScalar[ProviderStatusRow]:
    """Ends up to a day whose consequences are still to be carried out."""
    return select(ProviderStatusRow).where(
        ProviderStatusRow.status == EmploymentStatus.ENDED.value,
        col(ProviderStatusRow.carried_out_at).is_(None),
        col(ProviderStatusRow.valid_from) <= until,
        *not_superseded(ProviderStatusRow),
    )


def _requests(
    session: Session, ctx: Context, row: ProviderStatusRow, actor: Person | str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Withdrawn and held: while an investigation is open or likely a withdrawal may be reportable (45 CFR 60.12)."""
    if row.investigation in (None, "no"):
        return withdraw_all(session, ctx, actor, row.provider_id, WHY), ()
    numbers = tuple(request.number for request in requests_of(session, row.provider_id, ctx.policies, ctx.today))
    if numbers:
        facts = {"numbers": list(numbers), "ended_on": row.valid_from.isoformat()}
        key = f"{HELD}:{row.id}"
        open_task(session, ctx, row.provider_id, HELD, key=key, facts=facts, assignee=MEDICAL_DIRECTOR)
        _see_that_somebody_decides(session, ctx, row, len(numbers))
    return (), numbers


def _see_that_somebody_decides(session: Session, ctx: Context, row: ProviderStatusRow, n: int) -> None:
    """Where nobody holds the role, those who can grant it hear once; the owner is reminded."""
    directors = accounts.medical_directors(session, on=ctx.today, admins=ctx.admins)
    if accounts.director_for(row.provider_id, directors):
        return
    who = provider(session, row.provider_id)
    facts = {"name": who.name if who else "", "n": n}
    tell_admins(session, ctx.admins, ctx.today, "no_medical_director", str(row.id), facts)


def _tell_of_the_supervisor(session: Session, ctx: Context, row: ProviderStatusRow) -> tuple[str, ...]:
    """A supervised clinician has no independent privilege: whoever answers for one has to act the same day."""
    who = provider(session, row.provider_id)
    under = supervised_by(session, who.person_id) if who and who.person_id else []
    left = still_here(session, under, ctx.today)
    for one in left:
        facts = {"supervisor": who.name if who else "", "ended_on": row.valid_from.isoformat()}
        key = f"{SUPERVISOR_LEFT}:{row.provider_id}:{row.id}:{one.id}"
        open_task(session, ctx, one.id, SUPERVISOR_LEFT, key=key, facts=facts, due_on=ctx.today)
    return tuple(one.name for one in left)


def _close_calls(session: Session, ctx: Context, provider_id: int) -> None:
    """Calls for help do not follow from the file, so reconciling leaves them open."""
    calls = select(Deadline.id).where(
        Deadline.provider_id == provider_id, Deadline.kind == DeadlineKind.HELP.value, col(Deadline.closed_at).is_(None)
    )
    found = [required(deadline_id) for deadline_id in session.exec(calls).all()]
    close_deadlines(session, found, ctx.now)
    refresh_messages(session, found)
