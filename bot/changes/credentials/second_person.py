"""What one person recorded and others relied on, the same person does not take back alone."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.changes.credentials.terms import LockedCredential
from bot.changes.refusals import refuse
from bot.rules.context import Context
from bot.rules.credentials.models import VerificationResult
from bot.rules.people.models import Person
from bot.rules.refusals import CredentialRefusal, Refused
from bot.store import tables
from bot.store.as_of import not_superseded
from bot.store.privileges.grants import read_grants


def needs_another(
    session: Session, ctx: Context, actor: Person, held: LockedCredential, look: tables.VerificationRow | None
) -> Refused | None:
    """Why the actor may not take this look back, recorded; None where nobody relied on it, or others recorded it."""
    if look is None or actor.id not in (look.recorded_by, look.verifier_id):
        return None
    adverse = look.result == VerificationResult.ADVERSE
    if not (adverse or _decided_since(session, held, look) or _privilege_rests_on(session, ctx, held)):
        return None
    return refuse(session, actor, Refused(CredentialRefusal.SECOND_PERSON_NEEDED), f"verification:{look.id}")


def _decided_since(session: Session, held: LockedCredential, look: tables.VerificationRow) -> bool:
    decision = tables.CredentialingDecision
    query = select(decision.id).where(
        decision.provider_id == held.file.provider.id,
        col(decision.recorded_at) >= look.recorded_at,
        *not_superseded(decision),
    )
    return session.exec(query.limit(1)).first() is not None


def _privilege_rests_on(session: Session, ctx: Context, held: LockedCredential) -> bool:
    """Whether a grant that runs asks for a credential of this type, be it active or not."""
    running = (grant for grant in read_grants(session, [held.file.provider.id]) if grant.runs(ctx.today))
    known = (ctx.policies.privileges.get(grant.privilege) for grant in running)
    return any(one.credential == held.credential.type for policy in known if policy for one in policy.criteria)
