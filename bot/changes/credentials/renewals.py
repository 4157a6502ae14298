"""A renewal adds a term beside the old one; a correction supersedes the newest, and says why."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
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
from bot.rules.credentials.models import Term, same_number
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, is_own
from bot.rules.policy import Expires
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, ProviderRefusal, Question, Refused
from bot.store import audit
from bot.store.tables.column_types import EndedAs


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form or a line said of a renewal; see ``renew_term``."""

    number: str | None
    issued_on: date | None
    expires_on: date | None
    correction: bool = False
    open_ended: bool = False
    """It was said that there is no expiry, where a type may have none."""
    why: str | None = None
    """Why it is corrected."""
    confirmed: Container[str] = ()
    """What was answered with Yes."""


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
    open_ended: bool = False,
    why: str | None = None,
    confirmed: Container[str] = (),
) -> Recorded | Refused | Invalid:
    """What a renewed certificate says, or a correction of the newest term.

    A later expiry is a new term beside the old one. What is said to be a ``correction``, and why, takes the place of
    the newest term. The same expiry is no renewal: which date is new is asked. An empty number stays as it is, and in
    a correction an empty issue date. ``expected_term_id`` is the newest term that the form was opened for.

    Invalid: the codes of ``check_stated``, the question ``number_differs``, ``earlier_than_present``,
    ``which_date_is_new``, ``correction_why_missing``, ``not_open_yet``, ``npi_taken``. Refused: ``record_changed``,
    ``no_such_credential``, ``never_own_npi`` and those of ``may``.
    """
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    typed = Typed(number, issued_on, expires_on, correction, open_ended, why, confirmed)
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
    checked = _as_meant(held, said, ctx)
    if isinstance(checked, Invalid):
        return checked
    if checked.type == NPI and checked.number != held.newest.number and is_own(actor, held.file.provider):
        return refuse(session, actor, Refused(ProviderRefusal.NEVER_OWN_NPI), f"provider:{held.file.provider.id}")
    change = _change(held.newest, checked, correction=said.correction)
    asked = another_number(held, checked, ctx) if change is RecordOutcome.RENEWED else None
    if asked and asked.answer not in said.confirmed:
        return asked
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
            _take_the_place(session, actor, one, term_id)
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


def _take_the_place(session: Session, actor: Person, one: Renewal, term_id: int) -> None:
    """A correction is believed instead of what was there, with the filing and the look that stay good."""
    old = one.held.newest
    move_filings(session, actor, old.id, term_id)
    if (one.stated.number, one.stated.expires_on) == (old.number, old.expires_on):
        move_verification(session, actor, old.id, term_id)
    else:
        move_adverse(session, actor, old.id, term_id)
    supersede_term(session, actor, old.id, EndedAs.CORRECTED)


def _as_meant(held: LockedCredential, said: Typed, ctx: Context) -> CredentialInput | Invalid:
    """What was typed, beside what is on file; or why it is neither a renewal nor a correction."""
    newest, expires_on = held.newest, _expiry(held, said, ctx)
    if said.correction and not said.why:
        return Invalid("correction_why", CredentialRefusal.CORRECTION_WHY_MISSING)
    if isinstance(expires_on, Invalid):
        return expires_on
    typed = CredentialInput.of(
        held.credential.identity,
        said.number or newest.number,
        said.issued_on or _same_issue(newest, expires_on, correction=said.correction),
        expires_on,
    )
    checked = check_stated(typed, ctx.policies, ctx.today, said.confirmed)
    again = isinstance(checked, CredentialInput) and checked.says(newest) and _is_reported_renewal(held)
    if expires_on and expires_on == newest.expires_on and not said.correction and not again:
        return Invalid("expires_on", CredentialRefusal.WHICH_DATE_IS_NEW, {"present": newest.expires_on})
    return checked


def _is_reported_renewal(held: LockedCredential) -> bool:
    """The newest term came as a renewal: whoever says the same again means that one."""
    return len(held.credential.terms) > 1 and not held.newest.verified


def _expiry(held: LockedCredential, said: Typed, ctx: Context) -> date | Invalid | None:
    """The expiry as meant: a blank takes none away, unless it is said that there is none, and why."""
    policy, present = ctx.policies.credentials[held.credential.type], held.newest.expires_on
    if said.expires_on or policy.expires is not Expires.MAYBE or present is None:
        return said.expires_on
    if said.open_ended:
        return None if said.why else Invalid("correction_why", CredentialRefusal.CORRECTION_WHY_MISSING)
    return present if said.correction else Invalid("expires_on", CommonRefusal.DATE_MISSING)


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


def another_number(held: LockedCredential, stated: CredentialInput, ctx: Context) -> Question | None:
    """A license keeps its number when it is renewed: one with another number may be something else held beside it."""
    on_file, number = held.newest.number, stated.number
    if ctx.policies.credential_type(stated.type).number_changes or not (on_file and number):
        return None
    facts = {"number": on_file, "typed": number}
    different = not same_number(on_file, number)
    return Question("number", CredentialRefusal.NUMBER_DIFFERS, facts, about=number) if different else None


def _renewal_problem(
    session: Session, ctx: Context, held: LockedCredential, stated: CredentialInput, change: RecordOutcome | None
) -> Invalid | None:
    if change is RecordOutcome.RENEWED:
        return not_open_yet(ctx.policies.credentials[stated.type], held.newest.expires_on, ctx.today, "expires_on")
    if change is RecordOutcome.CORRECTED and stated.type == NPI and stated.number:
        taken = npi_taken(session, stated.number, held.file.provider.id)
        return replace(taken, field="number") if taken else None
    return None
