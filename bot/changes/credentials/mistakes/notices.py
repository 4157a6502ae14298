"""The provider hears that something is gone, where they reported it or had heard of it."""

from __future__ import annotations

from sqlmodel import Session

from bot.changes.credentials.terms import (
    LockedCredential,
)
from bot.rules.credentials.models import Credential, Term
from bot.rules.people.recipients import to_person
from bot.store import tables
from bot.store.credentials.told import knows_of_look, knows_of_term
from bot.store.outbox import messages

REMOVED = "removed_notice"


def tell(session: Session, held: LockedCredential, term: Term) -> bool:
    """The provider hears that it is gone, where they reported it or had heard of it."""
    person_id = held.file.provider.person_id
    if person_id is None:
        return False
    row = session.get_one(tables.CredentialTerm, term.id)
    if row.recorded_by != person_id and not knows_of_term(session, person_id, held.credential.id, term.id):
        return False
    say(session, person_id, held.credential, term)
    return True


def tell_of_look(session: Session, held: LockedCredential, look: tables.VerificationRow) -> bool:
    person_id = held.file.provider.person_id
    if person_id is None or not knows_of_look(session, person_id, look.id or 0):
        return False
    facts = {**_as_told(held.credential, None), "verified_on": look.verified_on.isoformat()}
    messages.say(
        session, REMOVED, held.credential.id, to_person(person_id), key=f"removed:verification:{look.id}", facts=facts
    )
    return True


def say(session: Session, person_id: int, credential: Credential, term: Term) -> None:
    facts, key = _as_told(credential, term.number), f"removed:term:{term.id}"
    messages.say(session, REMOVED, credential.id, to_person(person_id), key=key, facts=facts)


def _as_told(credential: Credential, number: str | None) -> dict[str, str | None]:
    return {**credential.identity.facts, "number": number}
