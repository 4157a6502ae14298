"""People of the workspace with the roles they hold on a day, and who answers for a provider."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from bot.rules.people.absences import present
from bot.rules.people.models import AbsenceView, HeldRole, Person, Responsible, Role
from bot.rules.permissions import is_medical_director
from bot.store.as_of import as_of
from bot.store.bulk import among, table
from bot.store.people.absences import away_on
from bot.store.people.ownership import own_files
from bot.store.tables import PersonRow, ProviderRow, RoleAssignment

PERSON, PROVIDER, ROLE = table(PersonRow), table(ProviderRow), table(RoleAssignment)


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody (users.info)."""

    slack_user_id: str
    name: str
    email: str | None = None
    time_zone: str | None = None
    """IANA, as in the person's Slack settings."""
    guest: bool = False
    bot: bool = False
    deactivated: bool = False


def person_by_slack_id(
    session: Session, slack_user_id: str, *, on: date, admins: Collection[str] = ()
) -> Person | None:
    """Somebody known, with the roles held on a day; ``admins`` are the Slack ids that always are."""
    return _first(session, col(PersonRow.slack_user_id) == slack_user_id, on, admins)


def profile_of(session: Session, slack_user_id: str) -> Profile | None:
    """What is kept of somebody's account; None where nobody with that id is on file."""
    row = session.execute(select(PERSON).where(PERSON.c.slack_user_id == slack_user_id)).first()
    if row is None:
        return None
    gone = row.deactivated_at is not None
    return Profile(slack_user_id, row.name, row.email, row.time_zone, guest=row.guest, bot=row.bot, deactivated=gone)


def names_of(session: Session, slack_user_ids: Collection[str]) -> dict[str, str]:
    """The names of those who are on file, by Slack id."""
    query = select(PERSON.c.slack_user_id, PERSON.c.name).where(PERSON.c.slack_user_id.in_(set(slack_user_ids)))
    return {row.slack_user_id: row.name for row in session.execute(query)}


def person_by_email(session: Session, email: str, *, on: date, admins: Collection[str] = ()) -> Person | None:
    return _first(session, col(PersonRow.email) == email.strip().lower(), on, admins)


def person(session: Session, person_id: int, *, on: date, admins: Collection[str] = ()) -> Person | None:
    return _first(session, col(PersonRow.id) == person_id, on, admins)


def people(
    session: Session, person_ids: Collection[int], *, on: date, admins: Collection[str] = ()
) -> dict[int, Person]:
    """Those that exist, by id, in as many queries for one as for many."""
    if not person_ids:
        return {}
    return {found.id: found for found in _where(session, among(session, PERSON.c.id, person_ids), on, admins)}


def reachable_admins(session: Session, *, on: date, admins: Collection[str]) -> list[Person]:
    """Admins of that day whom Slack reaches."""
    return [admin for admin in holding(session, Role.ADMIN, on=on, admins=admins) if reachable(admin)]


def holding(session: Session, role: Role, *, on: date, admins: Collection[str] = ()) -> list[Person]:
    """Everybody who was granted a role and holds it on a day, the first granted first, configured admins last.

    Nobody whose account is a guest's, a bot's or deactivated: a role granted before says nothing any more.
    """
    granted = session.execute(
        select(col(RoleAssignment.person_id))
        .where(col(RoleAssignment.role) == role.value, *as_of(RoleAssignment, on))
        .order_by(col(RoleAssignment.valid_from), col(RoleAssignment.recorded_at), col(RoleAssignment.id))
    ).scalars()
    order = list(dict.fromkeys(granted))
    always = admins if role is Role.ADMIN else ()
    if not order and not always:
        return []
    clause = or_(among(session, PERSON.c.id, order), col(PersonRow.slack_user_id).in_(always))
    found = {someone.id: someone for someone in _where(session, clause, on, admins)}
    listed = [found.pop(person_id) for person_id in order if person_id in found] + list(found.values())
    return [one for one in listed if any(held.role is role for held in one.roles)]


def owner_of(session: Session, provider_id: int, *, on: date, admins: Collection[str] = ()) -> Person | None:
    """Who answers for a provider today; None = the team's channel."""
    return owners_of(session, [provider_id], on=on, admins=admins).get(provider_id)


def owners_of(
    session: Session, provider_ids: Collection[int], *, on: date, admins: Collection[str] = ()
) -> dict[int, Person | None]:
    """Who answers for each: the recorded owner, else the coordinator granted first, else an admin; or who stands in.

    Whoever Slack cannot reach is passed over, and so are guests and whose own file it is: nobody verifies that.
    """
    found = responsible_for(session, provider_ids, on=on, admins=admins)
    return {provider_id: one.acting for provider_id, one in found.items()}


def responsible_for(
    session: Session, provider_ids: Collection[int], *, on: date, admins: Collection[str] = ()
) -> dict[int, Responsible]:
    """Owner, backup and who stands in for each, in a constant number of queries."""
    rows = session.execute(select(PROVIDER).where(among(session, PROVIDER.c.id, provider_ids))).all()
    away = away_on(session, on)
    named = [*(row.owner_id for row in rows), *(row.backup_id for row in rows), *(a.delegate_id for a in away.values())]
    known = people(session, {one for one in named if one}, on=on, admins=admins)
    staff = _Staff(
        known=known,
        coordinators=holding(session, Role.COORDINATOR, on=on, admins=admins),
        admins=holding(session, Role.ADMIN, on=on, admins=admins),
        away=away,
    )
    return {row.id: staff.responsible(row) for row in rows}


def medical_directors(session: Session, *, on: date, admins: Collection[str] = ()) -> list[Person]:
    """Whom Slack reaches of those who were granted that body by name, the first granted first."""
    approvers = [one for one in holding(session, Role.APPROVER, on=on, admins=admins) if reachable(one)]
    return [one for one in approvers if is_medical_director(one)]


def director_for(provider_id: int, directors: Iterable[Person]) -> Person | None:
    """The first of them whose own file it is not; None where nobody can decide."""
    return next((one for one in directors if provider_id not in one.own_files), None)


def reachable(someone: Person) -> bool:
    """Whether a direct message can get there."""
    barred = someone.deactivated or someone.bot or someone.dm_refused
    return someone.slack_user_id is not None and not barred


def zone_of(someone: Person | None, organization: ZoneInfo) -> ZoneInfo:
    """A reader's own time zone, the organization's where Slack gives none that we know."""
    return zone_named(someone.time_zone if someone else None, organization)


@lru_cache
def zone_named(name: str | None, organization: ZoneInfo) -> ZoneInfo:
    """The same by the zone's IANA name."""
    try:
        return ZoneInfo(name) if name else organization
    except (ZoneInfoNotFoundError, ValueError):
        return organization


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who may answer for a file, in the order in which they are asked."""

    known: Mapping[int, Person]
    coordinators: Sequence[Person]
    admins: Sequence[Person]
    away: Mapping[int, AbsenceView]

    def responsible(self, row: Any) -> Responsible:
        others = self._usable((*self.coordinators, *self.admins), row)
        owner = next(iter((*self._usable((self.known.get(row.owner_id),), row), *others)), None)
        if owner is None:
            return Responsible(None, None, None, None)
        ready = self._usable((self.known.get(row.backup_id), *self.coordinators), row)
        backup = next((one for one in ready if one.id != owner.id), None)
        there = self._present(owner, row) or (self._present(backup, row) if backup else None)
        acting = there or next((one for one in others if one.id not in self.away), owner)
        instead = self._present(backup, row) if backup else None
        absence = self.away.get(owner.id)
        return Responsible(
            owner,
            acting,
            backup,
            instead if instead and instead.id not in (acting.id, owner.id) else None,
            absence.until if absence else None,
        )

    def _usable(self, candidates: Iterable[Person | None], row: Any) -> list[Person]:
        """Whom Slack reaches, but for guests and whose own file it is."""
        return [one for one in candidates if one and reachable(one) and not one.guest and row.id not in one.own_files]

    def _present(self, someone: Person, row: Any) -> Person | None:
        """They, or who stands in: a coordinator whom Slack reaches, and never whose own file it is."""
        delegates = {person_id: absence.delegate_id for person_id, absence in self.away.items()}
        may = {one.id for one in self._usable(self.known.values(), row) if one.has(Role.COORDINATOR)}
        there = present(someone.id, delegates, may.__contains__)
        return someone if there == someone.id else self.known.get(there or 0)


def _first(session: Session, clause: ColumnElement[bool], on: date, admins: Collection[str]) -> Person | None:
    return next(iter(_where(session, clause, on, admins)), None)


def _where(session: Session, clause: ColumnElement[bool], on: date, admins: Collection[str]) -> list[Person]:
    rows = session.execute(
        select(PersonRow, col(ProviderRow.id))
        .outerjoin(ProviderRow, col(ProviderRow.person_id) == col(PersonRow.id))
        .where(clause)
        .order_by(col(PersonRow.id))
    ).all()
    if not rows:
        return []
    ids = [row.id for row, _ in rows]
    roles, own = _roles(session, ids, on), own_files(session, ids)
    return [
        replace(_value(row, provider_id, roles[row.id], admins), own_files=own.get(row.id, frozenset()))
        for row, provider_id in rows
    ]


def _roles(session: Session, person_ids: Collection[int], on: date) -> dict[int, set[HeldRole]]:
    held: dict[int, set[HeldRole]] = defaultdict(set)
    query = select(ROLE).where(among(session, ROLE.c.person_id, person_ids), *as_of(RoleAssignment, on))
    for row in session.execute(query):
        held[row.person_id].add(HeldRole(Role(row.role), row.body, row.department))
    return held


def _value(row: Any, provider_id: int | None, granted: set[HeldRole], admins: Collection[str]) -> Person:
    """Guests, bots and the deactivated hold no role but a provider's, whatever was granted to them before."""
    roles = set(granted)
    if row.slack_user_id in admins:
        roles.add(HeldRole(Role.ADMIN))
    if row.guest or row.bot or row.deactivated_at is not None:
        roles &= {HeldRole(Role.PROVIDER)}
    if provider_id is not None:
        roles.add(HeldRole(Role.PROVIDER))
    return Person(
        id=row.id,
        slack_user_id=row.slack_user_id,
        name=row.name,
        email=row.email,
        time_zone=row.time_zone,
        guest=row.guest,
        bot=row.bot,
        deactivated=row.deactivated_at is not None,
        dm_refused=row.dm_refused_at is not None,
        confirmed=row.refreshed_at is not None,
        roles=frozenset(roles),
        provider_id=provider_id,
    )
