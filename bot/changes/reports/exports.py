"""Taking data out: what leaves in a file, and who took it, is on record first."""

from __future__ import annotations

from sqlmodel import Session

from bot.changes.refusals import refuse
from bot.rules.people.models import Person
from bot.rules.permissions import Permission, may
from bot.rules.refusals import Refused
from bot.store import audit
from bot.store.providers import profiles
from bot.store.reports.provider_export import Found, read_person


def export_person(session: Session, actor: Person, provider_id: int) -> Found | Refused:
    """Everything about a provider, by subject. Refused as for reading the file."""
    about = profiles.provider(session, provider_id)
    if refused := may(actor, Permission.SEE_FILE, about):
        return refuse(session, actor, refused, f"provider:{provider_id}")
    found = read_person(session, provider_id)
    counts = {name: len(records) for name, records in found.items()}
    audit.record(session, actor, "person_exported", f"provider:{provider_id}", after={"records": counts})
    return found


def export_audit(session: Session, actor: Person) -> None:
    """Says that the chain leaves in a file; the export holds this event as its last."""
    audit.record(session, actor, "audit_exported", "chain")
