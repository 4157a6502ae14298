"""The decision on a whole file: credentialed, or recredentialed. It starts the recredentialing clock anew."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session, col, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.reconcile import reconcile
from bot.rules.context import Context
from bot.rules.credentialing import check_decision, cycle_of
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialingRefusal, Invalid, ProviderRefusal, Refused
from bot.store import audit, tables
from bot.store.database_time import database_now
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs

INITIAL, AGAIN = "initial", "recredentialing"
KINDS = (INITIAL, AGAIN)
BODIES = ("medical_director", "credentials_committee", "governing_body")
"""Who decides on a file: a clean one the medical director, any other a committee's meeting (NCQA CR 2)."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in a file's favor, as a coordinator records it. ``reference``: the minutes or the signature."""

    decided_on: date
    kind: str
    body: str
    reference: str
    corrects: bool = False
    """The last decision on record was wrong, and this is what it should have said."""


@dataclass(frozen=True, slots=True)
class DecisionKept:
    """``due_on``: when the file is to be decided again."""

    provider: Provider
    due_on: date


def record_decision(
    session: Session, ctx: Context, actor: Person, provider_id: int, decided: Decided
) -> DecisionKept | Refused | Invalid:
    """A coordinator records what a body decided, never about their own file.

    Invalid: those of ``check_decision``, ``reference_missing``, and ``initial_needed`` where the recredentialing
    file had grown too old. Refused: ``no_such_provider``, ``never_own_decision``, ``coordinators_only``.
    """
    hold_files(session, [provider_id])
    provider = profiles.provider(session, provider_id)
    if provider is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    refused = refuse_unless_allowed(session, actor, Permission.DECIDE_FILE, provider)
    problem = refused or _problem(ctx, provider, decided)
    if problem:
        return problem
    last = _last(session, provider_id)
    if decided.corrects and last is not None:
        supersede(session, [last], EndedAs.CORRECTED, actor.id)
    session.add(
        tables.CredentialingDecision(
            provider_id=provider_id,
            kind=decided.kind,
            body=decided.body,
            reference=decided.reference,
            valid_from=decided.decided_on,
            recorded_at=database_now(session),
            recorded_by=actor.id or None,
        )
    )
    session.get_one(tables.ProviderRow, provider_id).last_decision_on = decided.decided_on
    before = {"last_decision_on": provider.last_decision_on}
    audit.record(session, actor, "file_decided", f"provider:{provider_id}", before=before, after=asdict(decided))
    reconcile(session, ctx, [provider_id])
    cycle = cycle_of(decided.decided_on, ctx.policies.recredentialing)
    return DecisionKept(provider, cycle.due_on if cycle else decided.decided_on)


def _problem(ctx: Context, provider: Provider, decided: Decided) -> Invalid | None:
    last = provider.last_decision_on
    wrong = check_decision(decided.decided_on, last, ctx.today, corrects=decided.corrects)
    if wrong:
        return wrong
    if not decided.reference:
        return Invalid("minutes", CredentialingRefusal.MINUTES_MISSING)
    cycle = cycle_of(last, ctx.policies.recredentialing)
    if cycle and not decided.corrects and decided.kind == AGAIN and cycle.lapsed(decided.decided_on):
        return Invalid("decision", CredentialingRefusal.INITIAL_NEEDED, {"usable_until": cycle.usable_until})
    return None


def _last(session: Session, provider_id: int) -> tables.CredentialingDecision | None:
    query = select(tables.CredentialingDecision).where(
        tables.CredentialingDecision.provider_id == provider_id,
        col(tables.CredentialingDecision.superseded_at).is_(None),
    )
    return session.exec(
        query.order_by(col(tables.CredentialingDecision.valid_from).desc(), col(tables.CredentialingDecision.id).desc())
    ).first()
