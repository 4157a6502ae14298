"""A term, or a look at its source, was recorded by mistake."""

from __future__ import annotations

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.mistakes.fixed import Fixed, held_term, in_line
from bot.changes.credentials.mistakes.notices import say, tell, tell_of_look
from bot.changes.credentials.second_person import needs_another
from bot.changes.credentials.terms import (
    LockedCredential,
    filings_of,
    look_at,
    looks_at,
    supersede_term,
    term_facts,
)
from bot.changes.providers.profiles import NPI
from bot.rules.context import Context
from bot.rules.credentials.models import Credential, Term
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, Refused
from bot.store import audit, tables
from bot.store.credentials.files import sent_back
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs

NOT_BELIEVED = (CredentialRefusal.RECORD_CHANGED, CredentialRefusal.NO_SUCH_CREDENTIAL)


def void_term(session: Session, ctx: Context, actor: Person, term_id: int, why: str) -> Fixed | Refused:
    """A term was recorded by mistake: nothing takes its place, and what was verified or filed of it goes with it.

    What was sent back can be taken away, too. Refused: ``record_changed``, ``no_such_credential``,
    ``second_person_needed``, those of ``may``.
    """
    found = held_term(session, ctx, actor, term_id)
    if isinstance(found, Refused):
        doubted = _sent_back(session, actor, term_id) if found.code in NOT_BELIEVED else None
        return found if doubted is None else _forget_sent_back(session, actor, doubted, why)
    held, term = found
    if refused := needs_another(session, ctx, actor, held, look_at(session, term_id)):
        return refused
    told = tell(session, held, term)
    take_away(session, actor, held, term, EndedAs.VOIDED, why)
    before = term_facts(held.credential, term)
    audit.record(session, actor, "term_voided", f"term:{term_id}", before=before, reason=why)
    return in_line(session, ctx, actor, Fixed(held.file.provider, held.credential, term, told))


def void_verification(
    session: Session, ctx: Context, actor: Person, verification_id: int, why: str | None
) -> Fixed | Refused | Invalid:
    """A look at the source was recorded by mistake: the term is to be verified again.

    Invalid: ``why_missing``. Refused: ``already_settled`` where it is not believed, ``second_person_needed``,
    those of ``may``.
    """
    look = session.get(tables.VerificationRow, verification_id)
    found = held_term(session, ctx, actor, look.term_id) if look else Refused(CredentialRefusal.ALREADY_SETTLED)
    if isinstance(found, Refused):
        return found
    held, term = found
    look = look_at(session, term.id)
    if look is None or look.id != verification_id:
        return Refused(CredentialRefusal.ALREADY_SETTLED)
    if refused := needs_another(session, ctx, actor, held, look):
        return refused
    if why is None:
        return Invalid("why_wrong", CredentialRefusal.WHY_MISSING)
    told = tell_of_look(session, held, look)
    supersede(session, [look], EndedAs.VOIDED, actor.id, why)
    before = {"term_id": term.id, "source": look.source, "verified_on": look.verified_on}
    audit.record(session, actor, "verification_voided", f"verification:{look.id}", before=before, reason=why)
    return in_line(session, ctx, actor, Fixed(held.file.provider, held.credential, term, told))


def take_away(session: Session, actor: Person, held: LockedCredential, term: Term, how: EndedAs, why: str) -> None:
    """The term ends so; its looks and filings, made of what is not theirs, are void."""
    rests_on_it = [*filings_of(session, term.id), *looks_at(session, term.id)]
    supersede(session, rests_on_it, EndedAs.VOIDED, actor.id, why)
    supersede_term(session, actor, term.id, how, why)
    provider = session.get_one(tables.ProviderRow, held.file.provider.id)
    if held.credential.type == NPI and provider.npi == term.number:
        provider.npi = None
    session.flush()


def _sent_back(session: Session, actor: Person, term_id: int) -> tuple[Provider, Credential] | Refused | None:
    """What was sent back and not reported again, whose last term this is."""
    row = session.get(tables.CredentialTerm, term_id)
    of_credential = session.get(tables.CredentialRow, row.credential_id) if row else None
    provider = profiles.provider(session, of_credential.provider_id) if of_credential else None
    if provider is None:
        return None
    hold_files(session, [provider.id])
    if refused := refuse_unless_allowed(session, actor, Permission.FIX, provider):
        return refused
    doubted = (one.credential for one in sent_back(session, provider.id) if one.credential.terms[-1].id == term_id)
    return next(((provider, one) for one in doubted), None)


def _forget_sent_back(
    session: Session, actor: Person, found: tuple[Provider, Credential] | Refused, why: str
) -> Fixed | Refused:
    """It stopped being believed when it was sent back; from now on it is not asked for again."""
    if isinstance(found, Refused):
        return found
    provider, credential = found
    term = credential.terms[-1]
    row = session.get_one(tables.CredentialTerm, term.id)
    row.ended_as, row.why = EndedAs.VOIDED.value, why
    audit.record(session, actor, "term_voided", f"term:{term.id}", before=term_facts(credential, term), reason=why)
    told = provider.person_id is not None
    if provider.person_id is not None:
        say(session, provider.person_id, credential, term)
    session.flush()
    return Fixed(provider, credential, term, told)
