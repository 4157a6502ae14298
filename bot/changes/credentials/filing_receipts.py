"""**Confirm the filing**: a coordinator saw the receipt, so what was filed on time continues past its expiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.filings import confirmed_by
from bot.changes.credentials.terms import LockedCredential, hold
from bot.changes.privileges.lapses import withdraw_lapses
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import StillWaiting, held_deadline, mark_answer, pressed, still_waiting
from bot.rules.context import Context
from bot.rules.credentials.input import type_gone
from bot.rules.credentials.models import REVIEW_EVERY, JudgedCredential, RenewalFiling, Standing
from bot.rules.credentials.standing import judge_file
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, Refused
from bot.rules.reminders.catalog import DeadlineKind, answered_by
from bot.store import audit, tables
from bot.store.credentials.files import read_file
from bot.store.database_time import database_now
from bot.store.reminders import answers
from bot.store.reminders.deadlines import refresh_messages
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs, required


@dataclass(frozen=True, slots=True)
class FilingConfirmed:
    """A filing whose receipt was seen, and what the credential is worth with it."""

    provider: Provider
    judged: JudgedCredential
    filing_id: int
    review_on: date


@dataclass(frozen=True, slots=True)
class StillHolds:
    """A confirmed filing holds on; it is asked about again on that day."""

    review_on: date


def confirm_filing(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    *,
    filed_on: date | None,
    receipt: str | None,
    checked_on: date | None,
) -> FilingConfirmed | Refused | Invalid:
    """The receipt shows that it was filed, on which day. It counts from the expiry, whenever it is confirmed.

    A lapse that would not have been is superseded. Invalid: ``date_missing``, ``filed_in_future``,
    ``receipt_missing``, ``checked_in_future``, ``checked_before_filed``. Refused: ``no_filing``,
    ``filing_confirmed``, ``nothing_continues``, ``no_such_credential``, those of ``may``.
    """
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    refused = refuse_unless_allowed(session, actor, Permission.VERIFY, held.file.provider)
    refused = refused or type_gone(ctx.policies, held.credential) or _why_not(ctx, held)
    filing = held.credential.filing
    if refused or filing is None:
        return refused or Refused(CredentialRefusal.NO_FILING)
    seen = (receipt or "").strip()
    problem = _problem(ctx, filed_on, seen, checked_on)
    if problem or filed_on is None or checked_on is None:
        return problem or Invalid("filed_on", CommonRefusal.DATE_MISSING)
    row = _replace(session, actor, filing, credential_id, (filed_on, seen, checked_on), "filing_confirmed")
    judged = _judged(session, ctx, held)
    if judged.standing is Standing.CONTINUED and judged.term.expires_on:
        withdraw_lapses(session, ctx, actor, held.file.provider.id, judged.term, f"filing:{row.id}")
    mark_answer(session, ctx, actor, [credential_id], "confirmed")
    reconcile(session, ctx, [held.file.provider.id])
    return FilingConfirmed(held.file.provider, judged, required(row.id), checked_on + REVIEW_EVERY)


def _why_not(ctx: Context, held: LockedCredential) -> Refused | None:
    """No filing waits, somebody has confirmed it, or no policy says that it would keep anything in effect."""
    credential, filing = held.credential, held.credential.filing
    if filing is None:
        return Refused(CredentialRefusal.NO_FILING)
    if filing.confirmed_on:
        return confirmed_by(filing)
    continues = ctx.policies.continues(credential.type, credential.jurisdiction, held.file.provider.type)
    return None if continues else Refused(CredentialRefusal.NOTHING_CONTINUES)


def wait_on(session: Session, ctx: Context, actor: Person, deadline_id: int) -> StillHolds | StillWaiting | Refused:
    """**Still waiting**: the issuer has not acted; of a confirmed filing that it holds on, which confirms it anew.

    Refused: ``already_done``, ``not_yours``.
    """
    row = held_deadline(session, actor, deadline_id, answered_by("still_waiting"))
    if isinstance(row, Refused):
        return row
    if row.kind != DeadlineKind.FILING_REVIEW:
        return still_waiting(session, ctx, actor, deadline_id)
    filing = _filing(session, ctx, row)
    if filing is None:
        return Refused(CommonRefusal.ALREADY_DONE)
    seen = (filing.filed_on, filing.receipt, ctx.today)
    _replace(session, actor, filing, required(row.credential_id), seen, "filing_still_holds")
    until = ctx.today + REVIEW_EVERY
    answers.answer(session, [deadline_id], {**pressed("still_waiting", actor, ctx.now), "until": until.isoformat()})
    refresh_messages(session, [deadline_id])
    reconcile(session, ctx, [row.provider_id])
    return StillHolds(until)


def _problem(ctx: Context, filed_on: date | None, seen: str, checked_on: date | None) -> Invalid | None:
    if filed_on is None or checked_on is None:
        return Invalid("filed_on" if filed_on is None else "checked_on", CommonRefusal.DATE_MISSING)
    if filed_on > ctx.today:
        return Invalid("filed_on", CredentialRefusal.FILED_IN_FUTURE, {"filed_on": filed_on})
    if not seen:
        return Invalid("receipt", CredentialRefusal.RECEIPT_MISSING)
    if checked_on > ctx.today:
        return Invalid("checked_on", CredentialRefusal.CHECKED_IN_FUTURE)
    if checked_on < filed_on:
        return Invalid("checked_on", CredentialRefusal.CHECKED_BEFORE_FILED, {"filed_on": filed_on})
    return None


def _replace(
    session: Session,
    actor: Person,
    filing: RenewalFiling,
    credential_id: int,
    seen: tuple[date, str | None, date],
    act: str,
) -> tables.RenewalFilingRow:
    """What was believed of it until now stays on record."""
    filed_on, receipt, checked_on = seen
    before = session.get_one(tables.RenewalFilingRow, filing.id)
    row = tables.RenewalFilingRow(
        credential_id=credential_id,
        term_id=filing.term_id,
        filed_on=filed_on,
        receipt=receipt,
        confirmed_by=actor.id or None,
        confirmed_on=checked_on,
        review_on=checked_on + REVIEW_EVERY,
        valid_from=filed_on,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
    )
    supersede(session, [before], EndedAs.CORRECTED, actor.id)
    session.add(row)
    session.flush()
    audit.record(session, actor, act, f"filing:{row.id}", before=_facts(before), after=_facts(row))
    return row


def _facts(row: tables.RenewalFilingRow) -> dict[str, Any]:
    kept = {"credential_id", "term_id", "filed_on", "receipt", "confirmed_by", "confirmed_on", "review_on"}
    return row.model_dump(include=kept)


def _judged(session: Session, ctx: Context, held: LockedCredential) -> JudgedCredential:
    file = read_file(session, held.file.provider.id, ctx.today)
    return next(one for one in judge_file(file, ctx.policies) if one.credential.id == held.credential.id)


def _filing(session: Session, ctx: Context, row: tables.Deadline) -> RenewalFiling | None:
    """The filing that the deadline asks about, while it is believed and confirmed."""
    file = read_file(session, row.provider_id, ctx.today)
    filings = (one.filing for one in file.credentials if one.id == row.credential_id)
    return next((one for one in filings if one and one.id == row.subject_id and one.confirmed_on), None)
