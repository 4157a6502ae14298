"""A look at the primary source, as the verifier saw it. Only what is verified counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.adverse import tell_reviewers
from bot.changes.credentials.terms import hold_term
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import mark_answer
from bot.rules.context import Context
from bot.rules.credentials.input import type_gone
from bot.rules.credentials.models import Credential, SourceStanding, Term, Verification, VerificationResult
from bot.rules.credentials.sources import source_named
from bot.rules.credentials.standing import counting_look
from bot.rules.credentials.verification import Difference, SourceView, check_seen, differences, result_of
from bot.rules.people.models import Person
from bot.rules.people.recipients import to_person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Refused
from bot.rules.reminders.models import ReminderAnswer
from bot.store import audit, tables
from bot.store.audit.sealed import sealed
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.tables.column_types import required


@dataclass(frozen=True, slots=True)
class VerificationRecorded:
    """The source shows what was stated, in good standing and without an action."""

    provider: Provider
    credential_id: int
    verification_id: int
    standing: SourceStanding
    newer: Verification | None = None
    """A verification of a later day, which decides instead."""


@dataclass(frozen=True, slots=True)
class NotActiveFound:
    """The source shows it otherwise than in good standing; it does not count. ``adverse`` is read by few."""

    provider: Provider
    credential_id: int
    verification_id: int
    adverse: bool
    standing: SourceStanding
    newer: Verification | None = None
    """A verification of a later day, which decides instead."""


@dataclass(frozen=True, slots=True)
class DiscrepancyFound:
    """The source shows something else; the term stays unverified until a coordinator says who is right."""

    provider: Provider
    credential_id: int
    verification_id: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class SourceDoesNotVerify:
    """It is kept in the record, and verifies nothing: everything stays as it was."""

    provider: Provider
    credential_id: int
    credential_type: str
    verification_id: int
    source: str
    known: bool
    """Whether the policies know the source at all."""
    still_to_verify: bool
    """False where it was verified at a source that does."""


Found = VerificationRecorded | DiscrepancyFound | NotActiveFound | SourceDoesNotVerify
"""How a verification ended."""


def verify_term(
    session: Session, ctx: Context, actor: Person, term_id: int, seen: SourceView, *, knowing: int | None = None
) -> Found | Refused | Invalid:
    """A coordinator's verification, never of their own file. ``seen`` is as typed; it adds to those before it.

    ``knowing``: the newest that was there when this one began, 0 for none; None does not ask.
    Invalid: the codes of ``check_seen``. Refused: ``record_changed``, ``no_such_credential``, those of ``may``, and
    ``just_verified`` (``by``, ``verified_on``, ``result``) where somebody else looked meanwhile.
    """
    found = hold_term(session, ctx, term_id)
    if isinstance(found, Refused):
        return found
    held, term = found
    refused = refuse_unless_allowed(session, actor, Permission.VERIFY, held.file.provider)
    refused = refused or type_gone(ctx.policies, held.credential)
    counting = counting_look(term, held.credential.type, held.file, ctx.policies)
    refused = refused or _looked_meanwhile(counting, knowing)
    checked = refused or check_seen(seen, term, ctx.policies.credential_type(held.credential.type), ctx.today)
    if not isinstance(checked, SourceView):
        return checked
    source = source_named(ctx.policies, held.credential.identity, checked.source)
    checked = replace(checked, source_class=source.source_class if source else None)
    result = result_of(checked, term)
    if result is VerificationResult.NOT_COUNTED:
        verified = counting is not None and counting.result is VerificationResult.VERIFIED
        kept = _write(session, actor, term, checked, result)
        about = (held.file.provider, held.credential.id, held.credential.type, kept, checked.source)
        return SourceDoesNotVerify(*about, known=source is not None, still_to_verify=not verified)
    newer = _of_a_later_day(held.credential, checked)
    verification_id = _write(session, actor, term, checked, result)
    provider, credential_id = held.file.provider, held.credential.id
    mark_answer(session, ctx, actor, [credential_id], _ANSWERS[result])
    if newer is None:
        tell_provider(session, provider, verification_id, result)
    if result is VerificationResult.ADVERSE:
        tell_reviewers(session, ctx, provider, verification_id)
    reconcile(session, ctx, [provider.id])
    if result is VerificationResult.DISCREPANCY:
        return DiscrepancyFound(provider, credential_id, verification_id, differences(checked, term))
    if result is VerificationResult.VERIFIED:
        return VerificationRecorded(provider, credential_id, verification_id, checked.standing, newer)
    adverse = result is VerificationResult.ADVERSE
    return NotActiveFound(provider, credential_id, verification_id, adverse, checked.standing, newer)


def _of_a_later_day(credential: Credential, seen: SourceView) -> Verification | None:
    newest = credential.verification
    return newest if newest and newest.verified_on > seen.verified_on else None


def _looked_meanwhile(look: Verification | None, knowing: int | None) -> Refused | None:
    if look is None or knowing in (None, look.id):
        return None
    return Refused(CredentialRefusal.JUST_VERIFIED, {"by": look.verifier, "verified_on": look.verified_on})


def tell_provider(session: Session, provider: Provider, verification_id: int, result: VerificationResult) -> None:
    """That nothing more is asked of them, or that it does not count as it is. Of what is adverse nothing here."""
    kind = _NOTICES.get(result)
    if kind and provider.person_id is not None:
        key = f"{result.value}:{verification_id}"
        messages.say(session, kind, verification_id, to_person(provider.person_id), key=key)


def _write(session: Session, actor: Person, term: Term, seen: SourceView, result: VerificationResult) -> int:
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
    verification_id = required(row.id)
    after = as_audited(session, verification_id, asdict(seen), result)
    audit.record(session, actor, _ACTS[result], f"term:{term.id}", before=_before(session, term), after=after)
    return verification_id


def as_audited(
    session: Session, verification_id: int, facts: Mapping[str, object], result: VerificationResult
) -> dict[str, object]:
    """What the audit keeps of a verification: what is not in order as hashes, beside the id of what holds it."""
    if result not in (VerificationResult.NOT_CURRENT, VerificationResult.ADVERSE):
        return {"verification": verification_id, **facts}
    subject = f"verification:{verification_id}"
    hidden = {name: sealed(session, subject, name, facts[name]) for name in _RESTRICTED if name in facts}
    return {"verification": verification_id, **facts, **hidden}


def _before(session: Session, term: Term) -> dict[str, object] | None:
    look = term.verification
    if look is None:
        return None
    facts = {"verified_on": look.verified_on, "result": look.result, "standing": look.standing}
    return as_audited(session, look.id, facts, look.result)


_ANSWERS: Mapping[VerificationResult, ReminderAnswer] = {
    VerificationResult.VERIFIED: "verified",
    VerificationResult.DISCREPANCY: "differs",
    VerificationResult.NOT_CURRENT: "checked",
    VerificationResult.ADVERSE: "checked",
}
_ACTS = {
    VerificationResult.VERIFIED: "term_verified",
    VerificationResult.DISCREPANCY: "discrepancy_found",
    VerificationResult.NOT_CURRENT: "not_active_found",
    VerificationResult.ADVERSE: "not_active_found",
    VerificationResult.NOT_COUNTED: "look_not_counted",
}
_NOTICES = {VerificationResult.VERIFIED: "verified_notice", VerificationResult.NOT_CURRENT: "not_current_notice"}
_RESTRICTED = ("result", "standing", "public_action", "reference", "number_called", "answered_by")
