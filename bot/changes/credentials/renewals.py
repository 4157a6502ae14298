"""A renewal adds a term beside the old one; a correction supersedes the newest, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.recording import Recorded, RecordOutcome, reconciled
from bot.changes.credentials.terms import (
    LockedCredential,
    add_term,
    hold,
    move_filings,
    move_verification,
    record_changed,
    supersede_term,
    term_facts,
)
from bot.changes.providers.profiles import NPI, npi_taken
from bot.changes.refusals import refuse
from bot.changes.reminders.answers import mark_answer
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput, check_stated, not_open_yet, type_gone
from bot.rules.credentials.models import Term
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, is_own
from bot.rules.refusals import CredentialRefusal, Invalid, ProviderRefusal, Refused
from bot.store import audit


def renew_term(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    *,
    number: str | None,
    issued_on: date | None,
    expires_on: date | None,
    expected_term_id: int | None = None,
    correction: bool = False,
    why: str | None = None,
) -> Recorded | Refused | Invalid:
    """What a renewed certificate says, or a correction of the newest term.

    A later expiry is a new term beside the old one. The same expiry with another number or issue date corrects
    the newest term; so does an earlier one, once it is said to be a ``correction``. An empty number stays as it
    is, and in a correction an empty issue date. ``expected_term_id`` is the newest term that the form was opened for.

    Invalid: the codes of ``check_stated``, ``earlier_than_present``, ``not_open_yet``, ``npi_taken``. Refused:
    ``record_changed``, ``no_such_credential``, ``never_own_npi`` and those of ``may``.
    """
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    refused = refuse_unless_allowed(session, actor, Permission.UPDATE, held.file.provider)
    refused = refused or type_gone(ctx.policies, held.credential)
    if refused or expected_term_id not in (None, held.newest.id):
        return refused or record_changed(held.newest)
    typed = CredentialInput(
        held.credential.type,
        held.credential.jurisdiction,
        number or held.newest.number,
        issued_on or _same_issue(held.newest, expires_on, correction=correction),
        expires_on,
    )
    checked = check_stated(typed, ctx.policies, ctx.today)
    if isinstance(checked, Invalid):
        return checked
    if checked.type == NPI and checked.number != held.newest.number and is_own(actor, held.file.provider):
        return refuse(session, actor, Refused(ProviderRefusal.NEVER_OWN_NPI), f"provider:{held.file.provider.id}")
    change = _change(held.newest, checked, correction=correction)
    problem = _renewal_problem(session, ctx, held, checked, change)
    if problem or change is None:
        return problem or _earlier_than_present(held.newest, checked)
    term_id = _write(session, ctx, actor, held, checked, change=change, why=why)
    if change is not RecordOutcome.SAME:
        mark_answer(session, ctx, actor, credential_id, "renewed")
    return reconciled(session, ctx, Recorded(held.file.provider, credential_id, term_id, checked, change))


def _same_issue(newest: Term, expires_on: date | None, *, correction: bool) -> date | None:
    """What the form did not show, it does not take away; the issue of a renewal is not known."""
    same_term = correction or expires_on == newest.expires_on
    on_file = newest.issued_on if same_term else None
    return None if on_file and expires_on and on_file > expires_on else on_file


def _change(newest: Term, stated: CredentialInput, *, correction: bool) -> RecordOutcome | None:
    """None where the expiry is earlier, and nobody said that the one on file was wrong."""
    if stated.says(newest):
        return RecordOutcome.SAME
    new, old = stated.expires_on, newest.expires_on
    if correction or new == old or new is None or old is None:
        return RecordOutcome.CORRECTED
    return RecordOutcome.RENEWED if new > old else None


def _earlier_than_present(newest: Term, stated: CredentialInput) -> Invalid:
    facts = {"expires_on": stated.expires_on, "present": newest.expires_on}
    return Invalid("expires_on", CredentialRefusal.EARLIER_THAN_PRESENT, facts)


def _renewal_problem(
    session: Session, ctx: Context, held: LockedCredential, stated: CredentialInput, change: RecordOutcome | None
) -> Invalid | None:
    if change is RecordOutcome.RENEWED:
        return not_open_yet(ctx.policies.credentials[stated.type], held.newest.expires_on, ctx.today, "expires_on")
    if change is RecordOutcome.CORRECTED and stated.type == NPI and stated.number:
        taken = npi_taken(session, stated.number, held.file.provider.id)
        return replace(taken, field="number") if taken else None
    return None


def _write(
    session: Session,
    ctx: Context,
    actor: Person,
    held: LockedCredential,
    stated: CredentialInput,
    *,
    change: RecordOutcome,
    why: str | None,
) -> int:
    old = held.newest
    if change is RecordOutcome.SAME:
        return old.id
    term_id = add_term(session, ctx, actor, held.credential.id, stated, why=why)
    if change is RecordOutcome.CORRECTED:
        move_filings(session, old.id, term_id)
        if (stated.number, stated.expires_on) == (old.number, old.expires_on):
            move_verification(session, old.id, term_id)
        supersede_term(session, old.id)
    before, after = term_facts(held.credential, old), term_facts(held.credential, stated)
    audit.record(session, actor, f"term_{change}", f"term:{term_id}", before=before, after=after, reason=why)
    return term_id
