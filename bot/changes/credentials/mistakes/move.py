"""A term belongs to somebody else."""

from __future__ import annotations

from sqlmodel import Session

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.mistakes.fixed import Fixed, held_term, in_line
from bot.changes.credentials.mistakes.notices import tell
from bot.changes.credentials.mistakes.removal import take_away
from bot.changes.credentials.recording import identity
from bot.changes.credentials.second_person import needs_another
from bot.changes.credentials.terms import (
    LockedCredential,
    add_term,
    look_at,
    term_facts,
)
from bot.changes.providers.profiles import NPI, keep_npi
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput, type_gone
from bot.rules.credentials.models import Credential, Term
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialRefusal, Invalid, ProviderRefusal, Refused
from bot.store import audit, tables
from bot.store.credentials.files import read_file
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles
from bot.store.tables.column_types import EndedAs


def move_term(
    session: Session, ctx: Context, actor: Person, term_id: int, receiver_id: int, why: str | None
) -> Fixed | Refused | Invalid:
    """A term belongs to somebody else: it is on file there, to verify. What was verified of it stays, voided.

    Invalid: ``why_missing``, ``same_file``, ``receiver_has_it`` (``name``, ``number``, ``expires_on``),
    ``npi_differs``. Refused: those of ``void_term``, about either file, and ``no_such_provider``.
    """
    of_term = session.get(tables.CredentialTerm, term_id)
    of_credential = session.get(tables.CredentialRow, of_term.credential_id) if of_term else None
    hold_files(session, sorted({receiver_id, of_credential.provider_id if of_credential else receiver_id}))
    found, receiver = held_term(session, ctx, actor, term_id), profiles.provider(session, receiver_id)
    if isinstance(found, Refused) or receiver is None:
        return found if isinstance(found, Refused) else Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    held, term = found
    refused = refuse_unless_allowed(session, actor, Permission.FIX, receiver)
    refused = refused or needs_another(session, ctx, actor, held, look_at(session, term_id))
    problem = refused or _cannot_receive(session, ctx, held, term, receiver)
    if problem or why is None:
        return problem or Invalid("why_wrong", CredentialRefusal.WHY_MISSING)
    told = tell(session, held, term)
    take_away(session, actor, held, term, EndedAs.MOVED, why)
    stated = _as_stated(held.credential, term)
    theirs = identity(session, receiver_id, stated)
    new_id = add_term(session, ctx, actor, theirs.id, stated, why=why)
    before, after = term_facts(held.credential, term), term_facts(theirs, stated)
    audit.record(
        session, actor, "term_moved", f"term:{term_id}", before=before, after={"provider_id": receiver_id}, reason=why
    )
    audit.record(session, actor, "term_received", f"term:{new_id}", after=after, reason=why)
    keep_npi(session, receiver, stated)
    return in_line(session, ctx, actor, Fixed(held.file.provider, held.credential, term, told, receiver=receiver))


def _cannot_receive(
    session: Session, ctx: Context, held: LockedCredential, term: Term, receiver: Provider
) -> Invalid | Refused | None:
    """Why it cannot be put into that file as it is."""
    if receiver.id == held.file.provider.id:
        return Invalid("to", CredentialRefusal.SAME_FILE, {"name": receiver.name})
    if held.credential.type == NPI and receiver.npi not in (None, term.number):
        return Invalid("to", ProviderRefusal.NPI_DIFFERS, {"npi": term.number, "on_file": receiver.npi})
    theirs = read_file(session, receiver.id, ctx.today).credentials
    there = next((one for one in theirs if one.identity == held.credential.identity), None)
    keeps_its_number = not ctx.policies.credential_type(held.credential.type).number_changes
    if there is None or _is_newer(term, there.terms[-1], keeps_its_number=keeps_its_number):
        return type_gone(ctx.policies, held.credential)
    newest = there.terms[-1]
    facts = {"name": receiver.name, "number": newest.number, "expires_on": newest.expires_on}
    return Invalid("to", CredentialRefusal.RECEIVER_HAS_IT, facts)


def _is_newer(term: Term, newest: Term, *, keeps_its_number: bool) -> bool:
    """Another number is another credential, where a renewal keeps it."""
    if keeps_its_number and term.number != newest.number:
        return False
    return bool(term.expires_on and newest.expires_on and term.expires_on > newest.expires_on)


def _as_stated(credential: Credential, term: Term) -> CredentialInput:
    return CredentialInput.of(credential.identity, term.number, term.issued_on, term.expires_on)
