"""A look at the primary source, as the verifier saw it. Only what is verified counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlmodel import Session, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.terms import hold_term
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import mark_answer
from bot.rules.context import Context
from bot.rules.credentials.input import type_gone
from bot.rules.credentials.models import Term, Verification, VerificationResult
from bot.rules.credentials.standing import counting_look
from bot.rules.credentials.verification import Difference, SourceView, check_seen, differences
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Refused
from bot.store import audit, tables
from bot.store.as_of import not_superseded
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs, required


@dataclass(frozen=True, slots=True)
class VerificationRecorded:
    """The source shows what was stated. Its standing may still be a restriction."""

    provider: Provider
    credential_id: int
    verification_id: int


@dataclass(frozen=True, slots=True)
class DiscrepancyFound:
    """The source shows something else; the term stays unverified until a coordinator says who is right."""

    provider: Provider
    credential_id: int
    verification_id: int
    differences: tuple[Difference, ...]


def verify_term(
    session: Session, ctx: Context, actor: Person, term_id: int, seen: SourceView, *, knowing: int | None = None
) -> VerificationRecorded | DiscrepancyFound | Refused | Invalid:
    """A coordinator's look, never at their own file. ``seen`` is as typed; the look before it is superseded.

    ``knowing``: the look that was there when this one began, 0 for none; None does not ask.
    Invalid: the codes of ``check_seen``. Refused: ``record_changed``, ``no_such_credential``, those of ``may``, and
    ``just_verified`` (``by``, ``verified_on``, ``result``) where somebody else looked meanwhile.
    """
    found = hold_term(session, ctx, term_id)
    if isinstance(found, Refused):
        return found
    held, term = found
    refused = refuse_unless_allowed(session, actor, Permission.VERIFY, held.file.provider)
    refused = refused or type_gone(ctx.policies, held.credential)
    refused = refused or _looked_meanwhile(counting_look(term, held.credential.type, held.file, ctx.policies), knowing)
    checked = refused or check_seen(seen, term, ctx.policies.credential_type(held.credential.type), ctx.today)
    if not isinstance(checked, SourceView):
        return checked
    different = differences(checked, term)
    verification_id = _write(
        session, actor, term, checked, VerificationResult.DISCREPANCY if different else VerificationResult.VERIFIED
    )
    provider, credential_id = held.file.provider, held.credential.id
    mark_answer(session, ctx, actor, [credential_id], "differs" if different else "verified")
    if not different:
        tell_verified(session, provider, verification_id)
    reconcile(session, ctx, [provider.id])
    if different:
        return DiscrepancyFound(provider, credential_id, verification_id, different)
    return VerificationRecorded(provider, credential_id, verification_id)


def _looked_meanwhile(look: Verification | None, knowing: int | None) -> Refused | None:
    if look is None or knowing in (None, look.id):
        return None
    return Refused(
        CredentialRefusal.JUST_VERIFIED, {"by": look.verifier, "verified_on": look.verified_on, "result": look.result}
    )


def tell_verified(session: Session, provider: Provider, verification_id: int) -> None:
    """The provider hears that nothing more is asked of them."""
    if provider.person_id is not None:
        key = f"verified:{verification_id}"
        messages.say(session, "verified_notice", verification_id, to_person(provider.person_id), key=key)


def _write(session: Session, actor: Person, term: Term, seen: SourceView, result: VerificationResult) -> int:
    of_term = select(tables.VerificationRow).where(tables.VerificationRow.term_id == term.id)
    before = session.exec(of_term.where(*not_superseded(tables.VerificationRow))).all()
    supersede(session, before, EndedAs.CORRECTED, actor.id)
    row = tables.VerificationRow(
        **asdict(seen),
        term_id=term.id,
        result=result.value,
        verifier_id=actor.id or None,
        valid_from=seen.verified_on,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
    )
    session.add(row)
    session.flush()
    act = "term_verified" if result is VerificationResult.VERIFIED else "discrepancy_found"
    audit.record(session, actor, act, f"term:{term.id}", before=_before(term), after=asdict(seen))
    return required(row.id)


def _before(term: Term) -> dict[str, object] | None:
    look = term.verification
    return {"verified_on": look.verified_on, "result": look.result, "standing": look.standing} if look else None
