"""A renewal that was filed with its issuer, who has not answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.terms import LockedCredential, hold, record_changed
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import mark_answer
from bot.rules.context import Context
from bot.rules.credentials.input import not_open_yet, type_gone
from bot.rules.credentials.models import RenewalFiling
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Refused
from bot.store import audit, tables
from bot.store.as_of import not_superseded
from bot.store.database_time import database_now
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs, required


@dataclass(frozen=True, slots=True)
class Submitted:
    """The filing as now on record."""

    provider: Provider
    credential_id: int
    filing_id: int
    filed_on: date


def report_filing(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    *,
    filed_on: date,
    receipt: str | None = None,
    expected_term_id: int | None = None,
) -> Submitted | Refused | Invalid:
    """The renewal of the newest term was filed; said again, it corrects what was said before.

    What a coordinator has confirmed, nobody's word replaces. Invalid: ``filed_in_future``, ``not_open_yet``. Refused:
    ``record_changed``, ``no_such_credential``, ``filing_confirmed``, those of ``may``.
    """
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    refused = refuse_unless_allowed(session, actor, Permission.UPDATE, held.file.provider)
    refused = refused or type_gone(ctx.policies, held.credential)
    if refused or expected_term_id not in (None, held.newest.id):
        return refused or record_changed(held.newest)
    said = filed_on, (receipt or "").strip() or None
    problem = _date_problem(ctx, held, filed_on) or _confirmed_already(held, said)
    if problem:
        return problem
    filing_id = _write(session, actor, held, *said)
    mark_answer(session, ctx, actor, [credential_id], "submitted")
    reconcile(session, ctx, [held.file.provider.id])
    return Submitted(held.file.provider, credential_id, filing_id, filed_on)


def _date_problem(ctx: Context, held: LockedCredential, filed_on: date) -> Invalid | None:
    if filed_on > ctx.today:
        return Invalid("filed_on", CredentialRefusal.FILED_IN_FUTURE, {"filed_on": filed_on})
    policy = ctx.policies.credential_type(held.credential.type)
    return not_open_yet(policy, held.newest.expires_on, filed_on, "filed_on")


def _confirmed_already(held: LockedCredential, said: tuple[date, str | None]) -> Refused | None:
    """Of the newest term; whoever says the same again changes nothing."""
    filing = held.credential.filing
    if filing is None or filing.term_id != held.newest.id or filing.confirmed_on is None:
        return None
    return confirmed_by(filing) if said != (filing.filed_on, filing.receipt) else None


def confirmed_by(filing: RenewalFiling) -> Refused:
    """Who confirmed it, when, and as filed on which day."""
    facts = {"by": filing.confirmed_by, "on": filing.confirmed_on, "filed_on": filing.filed_on}
    return Refused(CredentialRefusal.FILING_CONFIRMED, facts)


def _write(session: Session, actor: Person, held: LockedCredential, filed_on: date, receipt: str | None) -> int:
    """Nothing new is written where the same was said before."""
    before = _believed(session, held)
    if before and (before.filed_on, before.receipt) == (filed_on, receipt):
        return required(before.id)
    row = tables.RenewalFilingRow(
        credential_id=held.credential.id,
        term_id=held.newest.id,
        filed_on=filed_on,
        receipt=receipt,
        valid_from=filed_on,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
    )
    supersede(session, [before] if before else [], EndedAs.CORRECTED, actor.id)
    session.add(row)
    session.flush()
    was = _facts(before) if before else None
    audit.record(session, actor, "renewal_submitted", f"filing:{row.id}", before=was, after=_facts(row))
    return required(row.id)


def _believed(session: Session, held: LockedCredential) -> tables.RenewalFilingRow | None:
    of_term = select(tables.RenewalFilingRow).where(tables.RenewalFilingRow.term_id == held.newest.id)
    return session.exec(of_term.where(*not_superseded(tables.RenewalFilingRow))).first()


def _facts(row: tables.RenewalFilingRow) -> dict[str, Any]:
    return row.model_dump(include={"credential_id", "term_id", "filed_on", "receipt"})
