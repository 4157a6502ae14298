"""Number or dates of a term were wrong."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from bot.changes.credentials.mistakes.fixed import Fixed, held_term, in_line
from bot.changes.credentials.terms import (
    LockedCredential,
    add_term,
    move_adverse,
    move_filings,
    move_look,
    supersede_term,
    term_facts,
)
from bot.changes.providers.profiles import NPI, keep_npi, npi_taken
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput, check_stated, type_gone
from bot.rules.credentials.models import Term, VerificationResult, same_number
from bot.rules.people.models import Person
from bot.rules.refusals import CommonRefusal, CredentialRefusal, Invalid, Refused
from bot.store import audit
from bot.store.tables.column_types import EndedAs


@dataclass(frozen=True, slots=True)
class CorrectedTo:
    """What the term should say, as typed; what is empty is not known."""

    number: str | None
    issued_on: date | None
    expires_on: date | None
    open_ended: bool = False
    """That it has no expiry was said: a blank alone takes none away."""


def correct_term(
    session: Session,
    ctx: Context,
    actor: Person,
    term_id: int,
    said: CorrectedTo,
    why: str | None,
    *,
    confirmed: Container[str] = (),
) -> Fixed | Refused | Invalid:
    """Number or dates of a term were wrong: another takes its place.

    A look at the source that showed something else is a discrepancy from now on. ``confirmed`` is what was answered
    with Yes. Invalid: ``why_missing``, ``date_missing``, ``nothing_corrected``, ``npi_taken``, the codes of
    ``check_stated``. Refused: ``record_changed``, ``no_such_credential``, ``type_not_in_policies``, those of ``may``.
    """
    found = held_term(session, ctx, actor, term_id)
    if isinstance(found, Refused):
        return found
    held, wrong = found
    if wrong.expires_on and not (said.expires_on or said.open_ended):
        return Invalid("expires_on", CommonRefusal.DATE_MISSING)
    expires_on = None if said.open_ended else said.expires_on
    typed = CredentialInput.of(held.credential.identity, said.number, said.issued_on, expires_on)
    stated = type_gone(ctx.policies, held.credential) or check_stated(typed, ctx.policies, ctx.today, confirmed)
    if not isinstance(stated, CredentialInput):
        return stated
    problem = _correction_problem(session, held, wrong, stated, why)
    if problem or why is None:
        return problem or Invalid("why_wrong", CredentialRefusal.WHY_MISSING)
    new_id = add_term(session, ctx, actor, held.credential.id, stated, why=why)
    move_filings(session, actor, wrong.id, new_id)
    _take_the_look_along(session, actor, wrong, new_id, stated)
    supersede_term(session, actor, wrong.id, EndedAs.CORRECTED, why)
    before, after = term_facts(held.credential, wrong), term_facts(held.credential, stated)
    audit.record(session, actor, "term_corrected", f"term:{new_id}", before=before, after=after, reason=why)
    keep_npi(session, held.file.provider, stated)
    return in_line(session, ctx, actor, Fixed(held.file.provider, held.credential, stated))


def _correction_problem(
    session: Session, held: LockedCredential, wrong: Term, stated: CredentialInput, why: str | None
) -> Invalid | None:
    if why is None:
        return Invalid("why_wrong", CredentialRefusal.WHY_MISSING)
    if stated.says(wrong):
        return Invalid("", CredentialRefusal.NOTHING_CORRECTED)
    if stated.type == NPI and stated.number:
        taken = npi_taken(session, stated.number, held.file.provider.id)
        return replace(taken, field="number") if taken else None
    return None


def _take_the_look_along(session: Session, actor: Person, wrong: Term, new_id: int, stated: CredentialInput) -> None:
    """What a source showed is not made unseen by typing something else; what a file carried over was not seen."""
    look = wrong.verification
    if look is None:
        return
    move_adverse(session, actor, wrong.id, new_id)
    number_agrees = same_number(look.number_shown or stated.number, stated.number)
    agrees = number_agrees and (look.expires_shown or stated.expires_on) == stated.expires_on
    if look.adverse:
        return
    if agrees and look.result is not VerificationResult.DISCREPANCY:
        move_look(session, actor, look.id, new_id, look.result)
    elif not agrees and look.carried_over_from is None:
        move_look(session, actor, look.id, new_id, VerificationResult.DISCREPANCY)
