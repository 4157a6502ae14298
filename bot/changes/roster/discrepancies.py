"""What a roster says otherwise than a look at the source showed: the file never outranks it, and somebody is asked."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bot.changes.reminders.tasks import open_task
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, Term, Verification
from bot.rules.people.models import CLI
from bot.store import audit

ROSTER_DIFFERS = "roster_differs"
"""The owner's task: the file, or the record?"""


def contested(stated: CredentialInput, credential: Credential | None) -> Term | None:
    """The term that somebody looked up here, and that the file states otherwise: its number, or an earlier expiry.

    A later expiry is a renewal, and no contradiction.
    """
    looked_up = [term for term in credential.terms if _made_here(term.verification)] if credential else []
    same_term = (term for term in looked_up if term.expires_on == stated.expires_on)
    if found := next(same_term, None):
        return found if _another_number(stated, found) else None
    on_file = credential.terms if credential else ()
    if any(term.expires_on == stated.expires_on for term in on_file):
        return None
    longer = (t for t in looked_up if t.verified and _ends(t) > (stated.expires_on or date.max))
    return max(longer, key=_ends, default=None)


def renumbered(stated: CredentialInput, credential: Credential | None) -> bool:
    """A renewal with another number than was looked up here: to be verified, whatever the file says of its source."""
    looked_up = [term for term in credential.terms if _made_here(term.verification)] if credential else []
    return bool(looked_up) and _another_number(stated, max(looked_up, key=_ends))


def open_discrepancy(
    session: Session, ctx: Context, provider_id: int, stated: CredentialInput, term: Term, file_name: str
) -> bool:
    """A task for the owner, once for what this file says of this term; False where it was opened before."""
    look = term.verification
    facts = {
        "file": file_name,
        "credential": named(ctx, stated),
        "number": term.number,
        "expires_on": _iso(term.expires_on),
        "verified_on": _iso(look.verified_on) if look else None,
        "file_number": stated.number,
        "file_expires_on": _iso(stated.expires_on),
    }
    key = f"{ROSTER_DIFFERS}:{term.id}:{stated.number}:{stated.expires_on}"
    task_id = open_task(session, ctx, provider_id, ROSTER_DIFFERS, key=key, facts=facts, by=CLI)
    if task_id is None:
        return False
    audit.record(session, CLI, "roster_differs", f"task:{task_id}", after=facts, reason=file_name)
    return True


def named(ctx: Context, stated: CredentialInput) -> str:
    """The credential as people call it: "State license (NY)"."""
    return ctx.policies.name_of(stated.identity)


def _made_here(look: Verification | None) -> bool:
    return look is not None and look.carried_over_from is None


def _another_number(stated: CredentialInput, term: Term) -> bool:
    return stated.number is not None and stated.number != term.number


def _ends(term: Term) -> date:
    return term.expires_on or date.max


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
