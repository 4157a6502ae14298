"""What a coordinator does with a report that does not hold: back to the provider, or as the source has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.terms import (
    NOT_COPIED,
    LockedCredential,
    add_term,
    hold,
    hold_term,
    move_adverse,
    move_filings,
    record_changed,
    supersede_term,
    term_facts,
)
from bot.changes.credentials.verification import tell_provider
from bot.changes.providers.profiles import NPI, keep_npi, npi_taken
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import mark_answer
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import (
    IN_GOOD_STANDING,
    RenewalFiling,
    SentBackFor,
    SourceStanding,
    Term,
    VerificationResult,
)
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Refused
from bot.store import audit, tables
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs, required

AS_SHOWN = "as the primary source shows it"


@dataclass(frozen=True, slots=True)
class SentBack:
    """The provider's turn again. ``told`` is False where they have no Slack account to tell."""

    provider: Provider
    credential_id: int
    what: Literal["term", "filing", "discrepancy"]
    told: bool
    again: bool = True
    """There is something left that reminders go on about."""


@dataclass(frozen=True, slots=True)
class SourceUsed:
    """The term as the primary source shows it, verified."""

    provider: Provider
    credential_id: int
    term_id: int
    verification_id: int
    result: VerificationResult
    """How the verification ends now that nothing differs: its standing there may still not be good."""
    standing: SourceStanding


def back_to_provider(
    session: Session,
    ctx: Context,
    actor: Person,
    credential_id: int,
    problem: SentBackFor,
    note: str | None = None,
    *,
    expected_term_id: int | None = None,
) -> SentBack | Refused:
    """A report is no longer believed, and its ladder goes on: the newest unverified term, else a filing.

    The provider reads the ``problem`` and the ``note``, and nothing else. ``expected_term_id`` is the
    newest term that the card showed. Refused: ``record_changed``,
    ``nothing_to_send_back`` where all is verified, ``no_such_credential``, those of ``may``.
    """
    held = hold(session, ctx, credential_id)
    if isinstance(held, Refused):
        return held
    refused = refuse_unless_allowed(session, actor, Permission.VERIFY, held.file.provider)
    if refused or expected_term_id not in (None, held.newest.id):
        return refused or record_changed(held.newest)
    doubted = _doubted(held)
    if doubted is None:
        return Refused(CredentialRefusal.NOTHING_TO_SEND_BACK)
    what: Literal["term", "filing"] = "term" if isinstance(doubted, Term) else "filing"
    if isinstance(doubted, Term):
        supersede_term(session, actor, doubted.id, EndedAs.SENT_BACK, problem.value)
    else:
        filed = session.get_one(tables.RenewalFilingRow, doubted.id)
        supersede(session, [filed], EndedAs.SENT_BACK, actor.id, problem.value)
    subject = f"{what}:{doubted.id}"
    why = ": ".join([problem.value.replace("_", " "), *([note] if note else [])])
    audit.record(session, actor, "sent_back", subject, before=asdict(doubted), reason=why)
    mark_answer(session, ctx, actor, [credential_id], "sent_back")
    said = {"what": what, "problem": problem.value, "note": note, "by": actor.name}
    told = _tell(session, held, f"sent_back:{subject}", {**said, **_as_told(held, held.newest)})
    reconcile(session, ctx, [held.file.provider.id])
    left = [term for term in held.credential.terms if term != doubted]
    return SentBack(held.file.provider, credential_id, what, told, again=bool(left))


def use_the_sources(session: Session, ctx: Context, actor: Person, verification_id: int) -> SourceUsed | Refused:
    """The source is right: its number and expiry replace what was stated, verified by the same look.

    Refused: ``already_settled``, ``npi_taken``, those of ``may``.
    """
    found = _discrepancy(session, ctx, actor, verification_id)
    if isinstance(found, Refused):
        return found
    held, wrong, look = found
    provider, shown = held.file.provider, _as_shown(held, wrong, look)
    taken = npi_taken(session, shown.number, provider.id) if shown.type == NPI and shown.number else None
    if taken:
        return Refused(taken.code, taken.facts)
    term_id = _corrected(session, ctx, actor, held, wrong=wrong, shown=shown)
    result = _now_that_it_matches(look)
    verification_id = _same_look(session, actor, look, term_id, result)
    before, after = term_facts(held.credential, wrong), term_facts(held.credential, shown)
    audit.record(session, actor, "source_used", f"term:{term_id}", before=before, after=after, reason=AS_SHOWN)
    mark_answer(session, ctx, actor, [held.credential.id], "source")
    tell_provider(session, provider, verification_id, result)
    keep_npi(session, provider, shown)
    reconcile(session, ctx, [provider.id])
    return SourceUsed(provider, held.credential.id, term_id, verification_id, result, SourceStanding(look.standing))


def ask_the_provider(session: Session, ctx: Context, actor: Person, verification_id: int) -> SentBack | Refused:
    """The provider is told what differs; the term stays unverified until they answer.

    Refused: ``already_settled``, those of ``may``.
    """
    found = _discrepancy(session, ctx, actor, verification_id)
    if isinstance(found, Refused):
        return found
    held, term, look = found
    shown = {"number_shown": look.number_shown, "expires_shown": _iso(look.expires_shown)}
    facts = {"what": "discrepancy", **_as_told(held, term), **shown}
    told = _tell(session, held, f"asked:{verification_id}", facts)
    audit.record(session, actor, "provider_asked", f"verification:{verification_id}", after=facts)
    mark_answer(session, ctx, actor, [held.credential.id], "ask")
    reconcile(session, ctx, [held.file.provider.id])
    return SentBack(held.file.provider, held.credential.id, "discrepancy", told)


def _doubted(held: LockedCredential) -> Term | RenewalFiling | None:
    """A filing for the newest term waits after it; else the newest term is what was reported last."""
    filed = held.credential.filing
    if filed and (filed.term_id == held.newest.id or held.newest.confirmed):
        return filed
    return None if held.newest.confirmed else held.newest


def _discrepancy(
    session: Session, ctx: Context, actor: Person, verification_id: int
) -> tuple[LockedCredential, Term, tables.VerificationRow] | Refused:
    """What was found, while nobody has settled it."""
    look = session.get(tables.VerificationRow, verification_id)
    found = hold_term(session, ctx, look.term_id) if look else None
    if look is None or found is None or isinstance(found, Refused):
        return Refused(CredentialRefusal.ALREADY_SETTLED)
    held, term = found
    refused = refuse_unless_allowed(session, actor, Permission.VERIFY, held.file.provider)
    if refused:
        return refused
    newest = term.verification
    open_still = newest and newest.id == verification_id and newest.result is VerificationResult.DISCREPANCY
    return (held, term, look) if open_still else Refused(CredentialRefusal.ALREADY_SETTLED)


def _as_shown(held: LockedCredential, wrong: Term, look: tables.VerificationRow) -> CredentialInput:
    number = look.number_shown or wrong.number
    expires_on = look.expires_shown or wrong.expires_on
    issued_on = wrong.issued_on
    if issued_on and expires_on and issued_on > expires_on:
        issued_on = None
    return CredentialInput.of(held.credential.identity, number, issued_on, expires_on)


def _corrected(
    session: Session, ctx: Context, actor: Person, held: LockedCredential, *, wrong: Term, shown: CredentialInput
) -> int:
    """The id of the term that says what the source shows; often the old one, where no renewal is there yet."""
    same = (t for t in held.credential.terms if (t.number, t.expires_on) == (shown.number, shown.expires_on))
    there = next(same, None)
    term_id = there.id if there else add_term(session, ctx, actor, held.credential.id, shown, why=AS_SHOWN)
    move_filings(session, actor, wrong.id, term_id)
    move_adverse(session, actor, wrong.id, term_id)
    supersede_term(session, actor, wrong.id, EndedAs.CORRECTED)
    return term_id


def _now_that_it_matches(look: tables.VerificationRow) -> VerificationResult:
    good = SourceStanding(look.standing) in IN_GOOD_STANDING
    return VerificationResult.VERIFIED if good else VerificationResult.NOT_CURRENT


def _same_look(
    session: Session, actor: Person, look: tables.VerificationRow, term_id: int, result: VerificationResult
) -> int:
    row = tables.VerificationRow(
        **look.model_dump(exclude=NOT_COPIED | {"result", "recorded_by", "why"}),
        term_id=term_id,
        result=result.value,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
        why=AS_SHOWN,
    )
    session.add(row)
    session.flush()
    return required(row.id)


def _tell(session: Session, held: LockedCredential, key: str, facts: Mapping[str, Any]) -> bool:
    person_id = held.file.provider.person_id
    if person_id is None:
        return False
    messages.say(session, "sent_back", held.credential.id, to_person(person_id), key=key, facts=facts)
    return True


def _as_told(held: LockedCredential, term: Term) -> dict[str, Any]:
    return {
        **held.credential.identity.facts,
        "number": term.number,
        "expires_on": _iso(term.expires_on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
