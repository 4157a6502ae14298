"""Who is asked beside the owner: backup, supervisor, manager, medical director, as of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.people.models import Person, Role
from bot.rules.people.recipients import Recipient, to_person
from bot.rules.reminders.escalation import EscalationLevel
from bot.store.bulk import among
from bot.store.people import accounts
from bot.store.people.absences import away_on
from bot.store.providers.profiles import PROVIDER

EscalationContacts = Mapping[EscalationLevel, tuple[Recipient, ...]]
"""By level, whom Slack reaches."""


def escalation_contacts(
    session: Session, ctx: Context, provider_ids: Collection[int], on: date | None = None
) -> dict[int, EscalationContacts]:
    """By provider and level, whom Slack reaches; never whose own file it is, nor who acts as the owner."""
    if not provider_ids:
        return {}
    day = on or ctx.today
    whose = accounts.responsible_for(session, provider_ids, on=day, admins=ctx.admins)
    rows = session.execute(
        select(PROVIDER.c.id, PROVIDER.c.supervisor_id).where(among(session, PROVIDER.c.id, provider_ids))
    ).all()
    supervisors = accounts.people(session, {row.supervisor_id for row in rows if row.supervisor_id}, on=day)
    everywhere = {
        EscalationLevel.MANAGER: _there(session, accounts.holding(session, Role.ADMIN, on=day, admins=ctx.admins), day),
        EscalationLevel.MEDICAL_DIRECTOR: _there(
            session, accounts.medical_directors(session, on=day, admins=ctx.admins), day
        ),
    }
    found: dict[int, EscalationContacts] = {}
    for row in rows:
        responsible = whose[row.id]
        acting = responsible.acting.id if responsible.acting else None
        alone = {
            EscalationLevel.BACKUP: responsible.backup_acting,
            EscalationLevel.SUPERVISOR: supervisors.get(row.supervisor_id or 0),
        }
        asked = {**{level: [one] for level, one in alone.items() if one}, **everywhere}
        found[row.id] = {
            level: _readers((one for one in those if one.id != acting and _may_hear(one, row.id)), ctx)
            for level, those in asked.items()
        }
    return found


def _there(session: Session, holders: Sequence[Person], day: date) -> Sequence[Person]:
    """Where some are away, those who are there."""
    away = away_on(session, day)
    return [one for one in holders if one.id not in away] or holders


def _may_hear(someone: Person, provider_id: int) -> bool:
    """A guest hears of nobody but themselves, and nobody is asked about their own file."""
    return not someone.guest and provider_id not in someone.own_files


def _readers(those: Iterable[Person], ctx: Context) -> tuple[Recipient, ...]:
    return tuple(
        Recipient(to_person(one.id), accounts.zone_of(one, ctx.zone)) for one in those if accounts.reachable(one)
    )
