"""What is common to putting something right: who may, on what, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.credentials.terms import (
    LockedCredential,
    hold_term,
)
from bot.changes.reconcile import reconcile
from bot.changes.reminders.answers import pressed
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.credentials.models import Credential, Term
from bot.rules.people.models import Person
from bot.rules.permissions import Permission
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused
from bot.rules.reminders.catalog import kinds_where
from bot.store import tables
from bot.store.privileges.grants import read_privileges
from bot.store.reminders import answers
from bot.store.reminders.deadlines import refresh_messages
from bot.store.tables.column_types import required

OF_THE_FILE = kinds_where(lambda reminder: reminder.of_the_file)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was put right in a file. ``told``: the provider hears of it; ``inactive``: privileges that work no more."""

    provider: Provider
    credential: Credential
    term: Term | CredentialInput
    told: bool = False
    inactive: tuple[str, ...] = ()
    receiver: Provider | None = None
    """Whose it is now, where it was moved."""


def held_term(session: Session, ctx: Context, actor: Person, term_id: int) -> tuple[LockedCredential, Term] | Refused:
    """The term, believed and locked, for who may put it right."""
    found = hold_term(session, ctx, term_id)
    if isinstance(found, Refused):
        return found
    return refuse_unless_allowed(session, actor, Permission.FIX, found[0].file.provider) or found


def in_line(session: Session, ctx: Context, actor: Person, fixed: Fixed) -> Fixed:
    """Both files in line; reminders that this ended say who did, and the privileges that it stopped are named."""
    files = [fixed.provider.id, *([fixed.receiver.id] if fixed.receiver else [])]
    worked = _working(session, ctx, fixed.provider.id)
    answers.hold_deadlines_beside(session, [fixed.credential.id])
    waited = answers.deadlines_of(session, [fixed.credential.id], OF_THE_FILE)
    reconcile(session, ctx, files)
    over = _closed(session, waited)
    answers.answer(session, over, pressed("fixed", actor, ctx.now))
    refresh_messages(session, over)
    inactive = worked - _working(session, ctx, fixed.provider.id)
    return replace(fixed, inactive=tuple(sorted(inactive)))


def _working(session: Session, ctx: Context, provider_id: int) -> set[str]:
    return {one.privilege for one in read_privileges(session, provider_id) if one.active(ctx.today)}


def _closed(session: Session, deadline_ids: Collection[int]) -> list[int]:
    query = select(tables.Deadline).where(
        col(tables.Deadline.id).in_(deadline_ids), col(tables.Deadline.closed_at).is_not(None)
    )
    return [required(row.id) for row in session.exec(query)]
