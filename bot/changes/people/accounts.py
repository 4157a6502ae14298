"""Who is who: what Slack says of people, kept."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.changes.providers.account_link import link_by_email
from bot.changes.reminders.answers import pressed
from bot.changes.reminders.tasks import close_tasks, open_task
from bot.rules.context import Context
from bot.rules.parsing.mentions import mentioned
from bot.rules.people.models import Person, Role
from bot.rules.people.recipients import to_person
from bot.rules.providers.employment import status_on
from bot.rules.providers.models import EmploymentStatus
from bot.rules.refusals import Invalid, PeopleRefusal
from bot.store import audit, tables
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.people import accounts
from bot.store.people.accounts import Profile
from bot.store.providers import profiles
from bot.store.providers.employment import statuses_of
from bot.store.reminders import deadlines
from bot.store.reminders.unreachable import dm_refused
from bot.store.tables.column_types import required

DEACTIVATED = "account_deactivated"
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,20}")


def remember_person(session: Session, ctx: Context, profile: Profile) -> Person:
    """Keeps what Slack says of somebody, and links the one provider with their e-mail address."""
    row = _row_for(session, profile)
    before, seen_before = _facts(row), row.refreshed_at is not None
    row.email = _freed_email(session, row, profile.email)
    row.slack_user_id, row.name, row.time_zone = profile.slack_user_id, profile.name, profile.time_zone
    row.guest, row.bot = profile.guest, profile.bot
    row.deactivated_at = (row.deactivated_at or database_now(session)) if profile.deactivated else None
    row.refreshed_at = database_now(session)
    session.add(row)
    session.flush()
    if not seen_before or before != _facts(row):
        _note(session, row, before)
    link_by_email(session, row)
    _ask_whether_they_left(session, ctx, row, before["deactivated_at"])
    person = _person(session, ctx, required(row.id))
    _move(session, ctx, person, before["time_zone"])
    return person


def nobody_by_that_id(session: Session, ctx: Context, slack_user_id: str) -> None:
    """No such account is one of ours, as an import may have named one: what is for them goes to the owner.

    Slack is asked anew before anybody is heard under that id.
    """
    row = session.exec(select(tables.PersonRow).where(tables.PersonRow.slack_user_id == slack_user_id)).first()
    if row is not None:
        row.refreshed_at = None
        dm_refused(session, to_person(row.id), "user_not_found", ctx.now)


def person_meant(session: Session, ctx: Context, words: str, *, new: bool = True) -> Person | Invalid:
    """Somebody by Slack id, mention or a known e-mail address; a Slack id that is ``new`` may be kept by itself."""
    typed = words.strip()
    slack_id = mentioned(typed) or typed
    if not _SLACK_ID.fullmatch(slack_id):
        found = accounts.person_by_email(session, typed, on=ctx.today, admins=ctx.admins)
        return found or Invalid("user", PeopleRefusal.UNKNOWN_PERSON, {"typed": typed})
    found = accounts.person_by_slack_id(session, slack_id, on=ctx.today, admins=ctx.admins)
    if found is None and not new:
        return Invalid("user", PeopleRefusal.UNKNOWN_PERSON, {"typed": typed})
    return found or _kept_by_itself(session, ctx, slack_id)


def _kept_by_itself(session: Session, ctx: Context, slack_id: str) -> Person:
    """Somebody of whom only the id is known; Slack is asked at the next refresh."""
    row = _row_for(session, Profile(slack_id, slack_id))
    _note(session, row, _facts(row))
    return _person(session, ctx, required(row.id))


def _row_for(session: Session, profile: Profile) -> tables.PersonRow:
    """By Slack id, else the e-mail address that waited for its account, else new."""
    by_id = select(tables.PersonRow).where(tables.PersonRow.slack_user_id == profile.slack_user_id)
    row = session.exec(by_id).first()
    if row is None and profile.email:
        waiting = select(tables.PersonRow).where(tables.PersonRow.email == profile.email.lower())
        row = session.exec(waiting.where(col(tables.PersonRow.slack_user_id).is_(None))).first()
    if row is None:
        new = {"slack_user_id": profile.slack_user_id, "name": profile.name, "guest": False, "bot": False}
        session.execute(insert_missing(session, tables.PersonRow), [new])
        row = session.exec(by_id).one()
    return row


def _freed_email(session: Session, row: tables.PersonRow, email: str | None) -> str | None:
    """Slack gives an address to one account at a time, so an older holder lets it go."""
    if not email:
        return None
    address = email.lower()
    other = session.exec(select(tables.PersonRow).where(tables.PersonRow.email == address)).first()
    if other is not None and other.id != row.id:
        other.email = None
        if other.slack_user_id is None:
            _absorb(session, required(row.id), required(other.id))
        session.flush()
    return address


def _absorb(session: Session, kept: int, other: int) -> None:
    """An address that an import knew turns out to be this account: what pointed at it points here."""
    for column in (tables.ProviderRow.owner_id, tables.ProviderRow.backup_id, tables.ProviderRow.supervisor_id):
        session.execute(update(tables.ProviderRow).where(col(column) == other).values({col(column): kept}))
    session.execute(
        update(tables.RoleAssignment).where(col(tables.RoleAssignment.person_id) == other).values(person_id=kept)
    )


def _move(session: Session, ctx: Context, person: Person, time_zone: str | None) -> None:
    """Reminders leave by the clock on the reader's wall, wherever that is now; ``time_zone`` is where it was."""
    was, zone = accounts.zone_named(time_zone, ctx.zone), accounts.zone_of(person, ctx.zone)
    if was != zone:
        deadlines.bring_forward(session, person.id, was, zone, ctx.now, everything=person.has(Role.COORDINATOR))


def _facts(row: tables.PersonRow) -> dict[str, Any]:
    return row.model_dump(include={"slack_user_id", "name", "email", "time_zone", "guest", "bot", "deactivated_at"})


def _note(session: Session, row: tables.PersonRow, before: dict[str, Any]) -> None:
    gone = row.deactivated_at is not None and before["deactivated_at"] is None
    act = "account_deactivated" if gone else "person_remembered"
    audit.record(session, "slack", act, f"person:{row.id}", before=before, after=_facts(row))


def _ask_whether_they_left(session: Session, ctx: Context, row: tables.PersonRow, was: datetime | None) -> None:
    """A deactivated account is a question to the owner, once each time; it ends nobody."""
    provider = profiles.provider_of(session, required(row.id))
    if provider is None or (row.deactivated_at is None) == (was is None):
        return
    if row.deactivated_at is None:
        row.dm_refused_at = None
        close_tasks(session, ctx, provider.id, (DEACTIVATED,), pressed("reactivated", "slack", ctx.now))
    elif status_on(statuses_of(session, [provider.id])[provider.id], ctx.today).status is not EmploymentStatus.ENDED:
        key = f"{DEACTIVATED}:{row.id}:{row.deactivated_at.isoformat()}"
        facts = {"deactivated_on": ctx.today.isoformat()}
        open_task(session, ctx, provider.id, DEACTIVATED, key=key, facts=facts, at_once=True)


def _person(session: Session, ctx: Context, person_id: int) -> Person:
    found = accounts.person(session, person_id, on=ctx.today, admins=ctx.admins)
    if found is None:
        raise LookupError(f"no person {person_id}")
    return found
