"""Which Slack account is a provider's: linked by its address, taken away by an admin, never forgotten."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.changes.people.news import tell
from bot.rules.context import Context
from bot.rules.people.models import Person, Role
from bot.rules.refusals import PeopleRefusal, ProviderRefusal, Refusal, Refused
from bot.store import audit, tables
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.people import accounts
from bot.store.providers import profiles
from bot.store.tables.column_types import required

CHANGED = "account_changed"
"""To both accounts and the other admins; its subject is the provider."""


def link_by_email(session: Session, person: tables.PersonRow) -> None:
    """Slack's address of somebody is the address of exactly one provider without an account: it is theirs.

    Not where somebody has taken that account away from the file: only a person gives it back.
    """
    if not person.email or person.bot or profiles.provider_of(session, required(person.id)):
        return
    same_address = func.lower(col(tables.ProviderRow.email)) == person.email
    unlinked = session.exec(
        select(tables.ProviderRow).where(same_address, col(tables.ProviderRow.person_id).is_(None))
    ).all()
    if len(unlinked) == 1 and not _was_taken_away(session, required(unlinked[0].id), required(person.id)):
        _link(session, "slack", unlinked[0], required(person.id))


def not_an_account(person: Person | None, provider_id: int | None = None) -> Refused | None:
    """Why somebody's Slack account cannot be a provider's: unknown, a bot, deactivated, or another provider's.

    A guest may be a provider, and acts on their own file only.
    """
    if person is None:
        return Refused(PeopleRefusal.UNKNOWN_PERSON)
    facts = {"name": person.name, "slack_user_id": person.slack_user_id}
    if person.bot:
        return Refused(PeopleRefusal.IS_A_BOT, facts)
    if person.deactivated:
        return Refused(PeopleRefusal.IS_DEACTIVATED, facts)
    if person.provider_id not in (None, provider_id):
        return Refused(ProviderRefusal.IS_ANOTHER_PROVIDER, facts)
    return None


def no_file_of(person: Person | None) -> Refused:
    """Why somebody named has no file: ``is_a_bot``, ``is_deactivated``, ``is_a_guest``, ``no_such_provider``."""
    if person is None:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    facts = {"name": person.name, "slack_user_id": person.slack_user_id}
    flags: dict[Refusal, bool] = {
        PeopleRefusal.IS_A_BOT: person.bot,
        PeopleRefusal.IS_DEACTIVATED: person.deactivated,
        PeopleRefusal.IS_A_GUEST: person.guest,
    }
    return Refused(next((code for code, is_so in flags.items() if is_so), ProviderRefusal.NO_SUCH_PROVIDER), facts)


def account_left(session: Session, ctx: Context, actor: Person, row: tables.ProviderRow, account: int) -> None:
    """An account is a file's no more: that it was stays known, and whoever it concerns hears who did it.

    ``row`` is as it is from now on; ``account`` the person whose account it was.
    """
    left = {"provider_id": required(row.id), "person_id": account, "until": database_now(session)}
    session.execute(insert_missing(session, tables.FormerAccount), [left])
    both = accounts.people(session, {account, row.person_id or account}, on=ctx.today)
    now = both.get(row.person_id or 0)
    facts = {"by": actor.name, "name": row.name, "was": both[account].name, "now": now.name if now else None}
    admins = accounts.holding(session, Role.ADMIN, on=ctx.today, admins=ctx.admins)
    tell(session, actor, CHANGED, required(row.id), (*both.values(), *admins), facts)


def _was_taken_away(session: Session, provider_id: int, person_id: int) -> bool:
    former = select(tables.FormerAccount).filter_by(provider_id=provider_id, person_id=person_id)
    return session.exec(former).first() is not None


def _link(session: Session, actor: Person | str, row: tables.ProviderRow, person_id: int) -> None:
    before, row.person_id = {"person_id": row.person_id}, person_id
    session.add(row)
    session.flush()
    audit.record(session, actor, "provider_linked", f"provider:{row.id}", before=before, after={"person_id": person_id})
