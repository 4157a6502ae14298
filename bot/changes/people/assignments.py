"""Who answers for a provider's file, and who is asked next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.changes.authorize import refuse_unless_allowed, refuse_unless_coordinator
from bot.changes.people.reassignment import hand_over
from bot.rules.context import Context
from bot.rules.people.models import Person, Role
from bot.rules.permissions import Permission, is_own
from bot.rules.refusals import Invalid, PeopleRefusal, ProviderRefusal, Refused
from bot.store import audit
from bot.store.bulk import among, table
from bot.store.people import accounts
from bot.store.privileges.grants import hold_files
from bot.store.providers import profiles
from bot.store.tables import ProviderRow


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who answers now, for how many; ``kept`` are the names of those who would have answered for themselves.

    ``own``: of those whose file is the actor's own, which somebody else assigns.
    """

    owner: Person
    backup: Person | None
    count: int
    kept: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def assign(
    session: Session,
    ctx: Context,
    actor: Person,
    provider_ids: Collection[int],
    owner_id: int | None,
    backup_id: int | None = None,
) -> Assigned | Refused | Invalid:
    """A coordinator gives files to an owner, and to a backup where one is named; else the backup stays.

    Invalid: ``owner_missing``, ``own_file_owner``, ``backup_is_owner``, and those of ``not_an_owner``.
    Refused: ``coordinators_only``, ``no_such_provider``, and ``never_own_record`` where no other file is meant.
    """
    if refused := refuse_unless_coordinator(session, actor, "assign"):
        return refused
    hold_files(session, provider_ids)
    about = profiles.providers(session, provider_ids).values()
    own = [one for one in about if is_own(actor, one)]
    provider_ids = [one.id for one in about if one not in own]
    if own and not provider_ids:
        return refuse_unless_allowed(session, actor, Permission.CHANGE_RECORD, own[0]) or Refused(
            ProviderRefusal.NO_SUCH_PROVIDER
        )
    owner, backup = (_person(session, ctx, wanted) for wanted in (owner_id, backup_id))
    problem = _problem(owner, backup, owner_id, backup_id)
    if problem or owner is None:
        return problem or Invalid("owner", PeopleRefusal.OWNER_MISSING)
    before = accounts.responsible_for(session, provider_ids, on=ctx.today, admins=ctx.admins)
    query = (
        select(ProviderRow).where(among(session, table(ProviderRow).c.id, provider_ids)).order_by(col(ProviderRow.id))
    )
    rows = session.exec(query.execution_options(populate_existing=True)).all()
    if not rows:
        return Refused(ProviderRefusal.NO_SUCH_PROVIDER)
    given = [row for row in rows if row.id not in owner.own_files]
    if not given:
        return Invalid("owner", PeopleRefusal.OWN_FILE_OWNER, {"name": owner.name})
    for row in given:
        _write(session, actor, row, owner, backup)
    hand_over(session, ctx, actor, before)
    kept = tuple(row.name for row in rows if row not in given)
    return Assigned(owner, backup, len(given), kept, tuple(one.name for one in own))


def not_an_owner(person: Person | None, field: str) -> Invalid | None:
    """Why somebody cannot answer for files: ``unknown_person``, ``deactivated``, ``bot``, ``no_coordinator``."""
    if person is None:
        return Invalid(field, PeopleRefusal.UNKNOWN_PERSON)
    codes = {
        PeopleRefusal.DEACTIVATED: person.deactivated,
        PeopleRefusal.BOT: person.bot,
        PeopleRefusal.NO_COORDINATOR: person.slack_user_id is None or person.guest or not person.has(Role.COORDINATOR),
    }
    code = next((code for code, is_so in codes.items() if is_so), None)
    return Invalid(field, code, {"name": person.name}) if code else None


def _problem(
    owner: Person | None, backup: Person | None, owner_id: int | None, backup_id: int | None
) -> Invalid | None:
    if owner_id is None:
        return Invalid("owner", PeopleRefusal.OWNER_MISSING)
    problem = not_an_owner(owner, "owner") or (not_an_owner(backup, "backup") if backup_id else None)
    if problem is None and backup_id == owner_id:
        return Invalid("backup", PeopleRefusal.BACKUP_IS_OWNER)
    return problem


def _write(session: Session, actor: Person, row: ProviderRow, owner: Person, backup: Person | None) -> None:
    """Nobody is their own backup, nor the backup of their own file."""
    before = {"owner_id": row.owner_id, "backup_id": row.backup_id}
    wanted = backup.id if backup else row.backup_id
    barred = wanted in (owner.id, row.person_id) or (backup is not None and row.id in backup.own_files)
    after = {"owner_id": owner.id, "backup_id": None if barred else wanted}
    if before != after:
        row.sqlmodel_update(after)
        session.add(row)
        audit.record(session, actor, "provider_assigned", f"provider:{row.id}", before=before, after=after)


def _person(session: Session, ctx: Context, person_id: int | None) -> Person | None:
    return accounts.person(session, person_id, on=ctx.today, admins=ctx.admins) if person_id else None
