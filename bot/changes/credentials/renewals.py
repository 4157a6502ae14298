"""A renewal adds a term beside the old one; a correction supersedes the newest, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.recording import Recorded, RecordOutcome, reconciled
from bot.changes.credentials.terms import (
    LockedCredential,
    add_terms,
    hold,
    move_adverse,
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


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form or a line said of a renewal; see ``renew_term``."""

    number: str | None
    issued_on: date | None
    expires_on: date | None
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """A renewal or correction that may be written."""

    held: LockedCredential
    stated: CredentialInput
    change: RecordOutcome


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
    typed = Typed(number, issued_on, expires_on, correction=correction)
    renewal = check_renewal(session, ctx, actor, held, typed, expected_term_id=expected_term_id)
    return write_renewals(session, ctx, actor, [renewal], why=why)[0] if isinstance(renewal, Renewal) else renewal


def check_renewal(
    session: Session,
    ctx: Context,
    actor: Person,
    held: LockedCredential,
    said: Typed,
    *,
    expected_term_id: int | None = None,
) -> Renewal | Refused | Invalid:
    """What is to be written, or why nothing is; as ``renew_term``."""
    refused = refuse_unless_allowed(session, actor, Permission.UPDATE, held.file.provider)
    refused = refused or type_gone(ctx.policies, held.credential)
    if refused or expected_term_id not in (None, held.newest.id):
        return refused or record_changed(held.newest)
    typed = CredentialInput(
        held.credential.type,
        held.credential.jurisdiction,
        said.number or held.newest.number,
        said.issued_on or _same_issue(held.newest, said.expires_on, correction=said.correction),
        said.expires_on,
    )
    checked = check_stated(typed, ctx.policies, ctx.today)
    if isinstance(checked, Invalid):
        return checked
    if checked.type == NPI and checked.number != held.newest.number and is_own(actor, held.file.provider):
        return refuse(session, actor, Refused(ProviderRefusal.NEVER_OWN_NPI), f"provider:{held.file.provider.id}")
    change = _change(held.newest, checked, correction=said.correction)
    problem = _renewal_problem(session, ctx, held, checked, change)
    if problem or change is None:
        return problem or _earlier_than_present(held.newest, checked)
    return Renewal(held, checked, change)


def write_renewals(
    session: Session, ctx: Context, actor: Person, renewals: Sequence[Renewal], *, why: str | None = None
) -> list[Recorded]:
    """All of them at once, in as many statements for sixty as for two; only what is corrected takes its own."""
    new = [one for one in renewals if one.change is not RecordOutcome.SAME]
    term_ids = add_terms(session, ctx, actor, {one.held.credential.id: one.stated for one in new}, why=why)
    for one in new:
        term_id = term_ids[one.held.credential.id]
        if one.change is RecordOutcome.CORRECTED:
            _take_the_place(session, one, term_id)
        before = term_facts(one.held.credential, one.held.newest)
        after = term_facts(one.held.credential, one.stated)
        audit.record(session, actor, f"term_{one.change}", f"term:{term_id}", before=before, after=after, reason=why)
    if term_ids:
        mark_answer(session, ctx, actor, list(term_ids), "renewed")
    return reconciled(session, ctx, [_recorded(one, term_ids) for one in renewals])


def _recorded(one: Renewal, term_ids: Mapping[int, int]) -> Recorded:
    credential_id = one.held.credential.id
    term_id = term_ids.get(credential_id, one.held.newest.id)
    return Recorded(one.held.file.provider, credential_id, term_id, one.stated, one.change)


def _take_the_place(session: Session, one: Renewal, term_id: int) -> None:
    """A correction is believed instead of what was there, with the filing and the look that stay good."""
    old = one.held.newest
    move_filings(session, old.id, term_id)
    if (one.stated.number, one.stated.expires_on) == (old.number, old.expires_on):
        move_verification(session, old.id, term_id)
    else:
        move_adverse(session, old.id, term_id)
    supersede_term(session, old.id)


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
