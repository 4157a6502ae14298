"""Leave, end and return of a provider: one row from a day on, one audit event; the rest follows on that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session, col, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.providers.offboarding import NOTHING, WHILE_HERE, OffboardingResult, carry_out, undo
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import pressed
from bot.changes.reminders.tasks import close_tasks, open_task
from bot.rules.context import Context
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers import employment
from bot.rules.providers.employment import Reason, StatusStep, status_on
from bot.rules.providers.models import Provider, ProviderStatus
from bot.rules.refusals import Invalid, ProviderRefusal, Refused
from bot.store import audit, tables
from bot.store.database_time import database_now
from bot.store.privileges.requests import hold_requests_of
from bot.store.providers import profiles
from bot.store.providers.employment import statuses_of
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs

INVESTIGATION = ("no", "yes", "unsure")
LEAVE_OVER = "leave_over"


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """What the provider is, or will be from ``status.since`` on; ``before`` is what they were until then.

    ``called_off``: a leave or an end was taken back, so that ``status`` is as if it had never been.
    """

    provider: Provider
    before: ProviderStatus
    status: ProviderStatus
    called_off: bool = False
    followed: OffboardingResult = NOTHING


def go_on_leave(
    session: Session, ctx: Context, actor: Person, provider_id: int, since: date, expected_back: date | None
) -> StatusChanged | Refused | Invalid:
    """Pauses the provider's own reminders from ``since`` on, until somebody says that they are back.

    Invalid and Refused: the codes of ``employment.leave``; ``coordinators_only``, ``no_such_provider``.
    """
    held = _held(session, actor, provider_id)
    if isinstance(held, Refused):
        return held
    provider, there = held
    step = employment.leave(there, since, expected_back, ctx.today)
    if not isinstance(step, StatusStep):
        return step
    row = _write(session, actor, provider_id, step)
    close_tasks(session, ctx, provider_id, WHILE_HERE, pressed("on_leave", actor, ctx.now))
    if row and expected_back:
        facts = {"back_on": expected_back.isoformat()}
        key = f"{LEAVE_OVER}:{row.id}"
        open_task(session, ctx, provider_id, LEAVE_OVER, key=key, facts=facts, due_on=expected_back, by=actor)
    return _done(session, ctx, actor, "provider_on_leave", provider, there, step)


def end_provider(
    session: Session,
    ctx: Context,
    actor: Person,
    provider_id: int,
    since: date,
    reason: str | None,
    investigation: str | None,
) -> StatusChanged | Refused | Invalid:
    """Ends reminders, privileges and requests from ``since`` on; in the future, on that day.

    ``investigation``: whether one is open or likely (no, yes, unsure); unless it is no, open requests wait for the
    medical director. Invalid: ``reason_class_missing``, ``investigation_missing``, those of ``employment.end``.
    Refused: ``coordinators_only``, ``no_such_provider``.
    """
    held = _held(session, actor, provider_id)
    if isinstance(held, Refused):
        return held
    provider, there = held
    if reason not in list(Reason):
        return Invalid("reason_class", ProviderRefusal.REASON_CLASS_MISSING)
    if investigation not in INVESTIGATION:
        return Invalid("investigation", ProviderRefusal.INVESTIGATION_MISSING)
    step = employment.end(there, since, Reason(reason), ctx.today)
    if not isinstance(step, StatusStep):
        return step
    replaced = _superseded(session, step)
    row = _write(session, actor, provider_id, step, investigation)
    followed = _follow(session, ctx, actor, row, replaced) if row else NOTHING
    return _done(session, ctx, actor, "provider_ended", provider, there, step, followed)


def return_provider(
    session: Session, ctx: Context, actor: Person, provider_id: int, *, mistake: bool = False
) -> StatusChanged | Refused:
    """Back today from a leave, or rehired after an end. What is planned is called off; a ``mistake`` never was.

    Privileges come back after a mistake only: somebody rehired asks for them anew. Refused: ``not_on_leave``,
    ``coordinators_only``, ``no_such_provider``.
    """
    held = _held(session, actor, provider_id)
    if isinstance(held, Refused):
        return held
    provider, there = held
    step = employment.come_back(there, ctx.today, mistake=mistake)
    if isinstance(step, Refused):
        return step
    close_tasks(session, ctx, provider_id, (LEAVE_OVER,), pressed("back", actor, ctx.now))
    if step.superseded:
        undo(session, ctx, provider_id, actor)
    _write(session, actor, provider_id, step)
    return _done(session, ctx, actor, "provider_returned", provider, there, step)


def _held(session: Session, actor: Person, provider_id: int) -> tuple[Provider, tuple[ProviderStatus, ...]] | Refused:
    """The provider and their statuses, which stay as they are until the commit, as do their requests."""
    provider = profiles.provider(session, provider_id)
    if provider is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    if refused := refuse_unless_allowed(session, actor, Permission.CHANGE_STATUS, provider):
        return refused
    hold_requests_of(session, provider_id)
    return provider, statuses_of(session, [provider_id])[provider_id]


def _write(
    session: Session, actor: Person, provider_id: int, step: StatusStep, investigation: str | None = None
) -> tables.ProviderStatusRow | None:
    how = EndedAs.VOIDED if step.new is None else EndedAs.CORRECTED
    supersede(session, _superseded(session, step), how, actor.id)
    if step.new is None or step.new.since is None:
        return None
    new = tables.ProviderStatusRow(
        provider_id=provider_id,
        status=step.new.status.value,
        valid_from=step.new.since,
        expected_back=step.new.expected_back,
        reason_class=step.new.reason,
        investigation=investigation,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
    )
    session.add(new)
    session.flush()
    return new


def _superseded(session: Session, step: StatusStep) -> Sequence[tables.ProviderStatusRow]:
    gone = select(tables.ProviderStatusRow).where(col(tables.ProviderStatusRow.id).in_(step.superseded))
    return session.exec(gone.order_by(col(tables.ProviderStatusRow.id))).all()


def _follow(
    session: Session,
    ctx: Context,
    actor: Person,
    row: tables.ProviderStatusRow,
    replaced: Sequence[tables.ProviderStatusRow],
) -> OffboardingResult:
    """What follows from an end is done once, although its day or reason is corrected; put off, it is undone."""
    done = next((one.carried_out_at for one in replaced if one.carried_out_at), None)
    if row.valid_from <= ctx.today and done:
        row.carried_out_at = done
        return NOTHING
    if done:
        undo(session, ctx, row.provider_id, actor)
    return carry_out(session, ctx, row, actor) if row.valid_from <= ctx.today else NOTHING


def _done(
    session: Session,
    ctx: Context,
    actor: Person,
    act: str,
    provider: Provider,
    before: tuple[ProviderStatus, ...],
    step: StatusStep,
    followed: OffboardingResult = NOTHING,
) -> StatusChanged:
    after = statuses_of(session, [provider.id])[provider.id]
    was, now = status_on(before, ctx.today), step.new or status_on(after, ctx.today)
    facts = {**asdict(now), "superseded": step.superseded, **asdict(followed)}
    audit.record(session, actor, act, f"provider:{provider.id}", before=asdict(was), after=facts)
    reconcile(session, ctx, [provider.id])
    return StatusChanged(provider, was, now, step.new is None, followed)
