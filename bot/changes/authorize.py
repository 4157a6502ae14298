"""May they? Whoever tries what they may not leaves an audit event."""

from __future__ import annotations

from sqlmodel import Session

from bot.changes.refusals import refuse
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, may
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused


def refuse_unless_allowed(
    session: Session, actor: Person, act: Permission, about: Provider | None = None
) -> Refused | None:
    """Why the actor may not do this to a provider's file, recorded; None if they may."""
    refused = may(actor, act, about)
    if refused:
        return refuse(session, actor, refused, f"provider:{about.id}" if about else f"person:{actor.id}")
    return None


def refuse_unless_coordinator(session: Session, actor: Person, act: str) -> Refused | None:
    """Why the actor may not do what coordinators do to nobody's credential in particular, recorded."""
    barred = may(actor, Permission.VERIFY)
    if barred is None:
        return None
    return refuse(session, actor, Refused(barred.code, {"act": act}), f"person:{actor.id}")
