"""Who is told of a deadline, and in which zone they read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.people.recipients import APPROVALS, TEAM, Recipient, to_person
from bot.rules.permissions import MEDICAL_DIRECTOR
from bot.rules.reminders.catalog import PROVIDER, DeadlineKind
from bot.store.people import accounts
from bot.store.reminders.sweep import DueDeadline


def readers_of(
    session: Session, ctx: Context, found: Iterable[DueDeadline], on: date | None = None
) -> dict[int, Recipient]:
    """The provider where it is their turn and Slack reaches them, else the owner, else the team's channel.

    ``on``: the day for which it is asked; today unless something looks ahead.
    """
    team = Recipient(TEAM if ctx.team_channel else None, ctx.zone)
    approvals = Recipient(APPROVALS if ctx.approvals_channel else None, ctx.zone)
    readers: dict[int, Recipient] = {}
    left = []
    for one in found:
        if one.waiting.kind is DeadlineKind.STEP:
            readers[one.id] = approvals
        elif one.assignee == PROVIDER and one.person_id:
            readers[one.id] = Recipient(to_person(one.person_id), accounts.zone_named(one.time_zone, ctx.zone))
        else:
            left.append(one)
    left = _without_directors(session, ctx, left, readers)
    if not left:
        return readers
    owners = accounts.owners_of(session, {one.provider_id for one in left}, on=on or ctx.today, admins=ctx.admins)
    for one in left:
        owner = owners[one.provider_id]
        readers[one.id] = Recipient(to_person(owner.id), accounts.zone_of(owner, ctx.zone)) if owner else team
    return readers


def _without_directors(
    session: Session, ctx: Context, left: list[DueDeadline], readers: dict[int, Recipient]
) -> list[DueDeadline]:
    """The medical director's tasks go to one who is not the provider; where there is none, they stay the owner's."""
    mine = [one for one in left if one.assignee == MEDICAL_DIRECTOR]
    directors = accounts.medical_directors(session, on=ctx.today, admins=ctx.admins) if mine else []
    for one in mine:
        other = accounts.director_for(one.provider_id, directors)
        if other:
            readers[one.id] = Recipient(to_person(other.id), accounts.zone_of(other, ctx.zone))
    return [one for one in left if one.id not in readers]


def who_hears_of_silence(session: Session, ctx: Context) -> str | None:
    """The team's channel, else an admin's DM; None where there is neither."""
    if ctx.team_channel:
        return ctx.team_channel
    admins = accounts.reachable_admins(session, on=ctx.today, admins=ctx.admins)
    return to_person(admins[0].id) if admins else None
