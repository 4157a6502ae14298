"""Whether a provider has heard of what is on record of them, so that they hear when it is taken back."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.rules.people.recipients import to_person
from bot.store.tables import Deadline, Nudge, OutboxMessage, VerificationRow

VERIFIED = "verified_notice"
NEVER_SENT = "dropped"


def knows_of_term(session: Session, person_id: int, credential_id: int, term_id: int) -> bool:
    """Whether they were told that a term was verified, or reminded of its credential."""
    looks = session.exec(select(VerificationRow.id).where(VerificationRow.term_id == term_id)).all()
    return any(knows_of_look(session, person_id, look or 0) for look in looks) or _reminded(
        session, person_id, credential_id
    )


def knows_of_look(session: Session, person_id: int, verification_id: int) -> bool:
    """Whether they were told that this look confirmed what is on file."""
    said = select(OutboxMessage.id).where(
        OutboxMessage.kind == VERIFIED,
        OutboxMessage.subject == verification_id,
        OutboxMessage.channel == to_person(person_id),
        OutboxMessage.state != NEVER_SENT,
    )
    return session.exec(said.limit(1)).first() is not None


def _reminded(session: Session, person_id: int, credential_id: int) -> bool:
    reached = (
        select(Nudge.id)
        .join(Deadline, col(Deadline.id) == col(Nudge.deadline_id))
        .where(
            Deadline.credential_id == credential_id,
            Nudge.recipient == to_person(person_id),
            col(Nudge.nudge_day_id).is_not(None),
        )
    )
    return session.exec(reached.limit(1)).first() is not None
