"""People of the workspace with the roles they hold on a day, and who answers for a provider."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from bot.rules import values
from bot.rules.permissions import MEDICAL_DIRECTOR, is_medical_director
from bot.rules.values import Held
from bot.store.as_of import as_of
from bot.store.bulk import among, table
from bot.store.finding import PERSON, PROVIDER, all_providers, provider, provider_of, providers, providers_named
from bot.store.tables import Person, Provider, Role

ROLE = table(Role)

__all__ = [
    "Profile",
    "all_providers",
    "holding",
    "medical_directors",
    "owner_of",
    "owners_of",
    "people",
    "person",
    "person_by_email",
    "person_by_slack_id",
    "provider",
    "provider_of",
    "providers",
    "providers_named",
    "reachable",
    "zone_of",
]


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
) -> values.Person | None:
    """Somebody known, with the roles held on a day; ``admins`` are the Slack ids that always are."""
    return _first(session, col(Person.slack_user_id) == slack_user_id, on, admins)


def person_by_email(session: Session, email: str, *, on: date, admins: Collection[str] = ()) -> values.Person | None:
    return _first(session, col(Person.email) == email.strip().lower(), on, admins)


def person(session: Session, person_id: int, *, on: date, admins: Collection[str] = ()) -> values.Person | None:
    return _first(session, col(Person.id) == person_id, on, admins)


def people(
    session: Session, person_ids: Collection[int], *, on: date, admins: Collection[str] = ()
) -> dict[int, values.Person]:
    """Those that exist, by id, in two queries however many they are."""
    return {found.id: found for found in _where(session, among(session, PERSON.c.id, person_ids), on, admins)}


def holding(session: Session, role: values.Role, *, on: date, admins: Collection[str] = ()) -> list[values.Person]:
    """Everybody who was granted a role and holds it on a day, the first granted first, configured admins last."""
    granted = session.execute(
        select(col(Role.person_id))
        .where(col(Role.role) == role.value, *as_of(Role, on))
        .order_by(col(Role.valid_from), col(Role.recorded_at), col(Role.id))
    ).scalars()
    order = list(dict.fromkeys(granted))
    always = admins if role is values.Role.ADMIN else ()
    clause = or_(among(session, PERSON.c.id, order), col(Person.slack_user_id).in_(always))
    found = {someone.id: someone for someone in _where(session, clause, on, admins)}
    return [found.pop(person_id) for person_id in order if person_id in found] + list(found.values())


def owner_of(session: Session, provider_id: int, *, on: date, admins: Collection[str] = ()) -> values.Person | None:
    """The responsible coordinator; None = the team's channel."""
    return owners_of(session, [provider_id], on=on, admins=admins).get(provider_id)


def owners_of(
    session: Session, provider_ids: Collection[int], *, on: date, admins: Collection[str] = ()
) -> dict[int, values.Person | None]:
    """Who answers for each: the recorded owner, else the coordinator granted first, else an admin.

    Whoever Slack cannot reach is passed over, and so is the provider: nobody verifies their own file.
    """
    rows = session.execute(select(PROVIDER).where(among(session, PROVIDER.c.id, provider_ids))).all()
    recorded = people(session, {row.owner_id for row in rows if row.owner_id}, on=on, admins=admins)
    others = [
        *holding(session, values.Role.COORDINATOR, on=on, admins=admins),
        *holding(session, values.Role.ADMIN, on=on, admins=admins),
    ]
    return {row.id: _responsible((recorded.get(row.owner_id), *others), row.person_id) for row in rows}


def medical_directors(session: Session, *, on: date, admins: Collection[str] = ()) -> list[values.Person]:
    """Whom Slack reaches of those who act for that body; approvers of no body in particular come last."""
    approvers = [one for one in holding(session, values.Role.APPROVER, on=on, admins=admins) if reachable(one)]
    found = [one for one in approvers if is_medical_director(one)]
    return sorted(found, key=lambda one: all(held.body != MEDICAL_DIRECTOR for held in one.roles))


def reachable(someone: values.Person) -> bool:
    """Whether a direct message can get there."""
    barred = someone.deactivated or someone.bot or someone.dm_refused
    return someone.slack_user_id is not None and not barred


def zone_of(someone: values.Person | None, organization: ZoneInfo) -> ZoneInfo:
    """A reader's own time zone, the organization's where Slack gives none that we know."""
    try:
        return ZoneInfo(someone.time_zone) if someone and someone.time_zone else organization
    except (ZoneInfoNotFoundError, ValueError):
        return organization


def _responsible(candidates: Iterable[values.Person | None], provider_person_id: int | None) -> values.Person | None:
    return next((c for c in candidates if c and reachable(c) and c.id != provider_person_id), None)


def _first(session: Session, clause: ColumnElement[bool], on: date, admins: Collection[str]) -> values.Person | None:
    return next(iter(_where(session, clause, on, admins)), None)


def _where(session: Session, clause: ColumnElement[bool], on: date, admins: Collection[str]) -> list[values.Person]:
    rows = session.execute(
        select(Person, col(Provider.id))
        .outerjoin(Provider, col(Provider.person_id) == col(Person.id))
        .where(clause)
        .order_by(col(Person.id))
    ).all()
    roles = _roles(session, [row.id for row, _ in rows], on)
    return [_value(row, provider_id, roles[row.id], admins) for row, provider_id in rows]


def _roles(session: Session, person_ids: Collection[int], on: date) -> dict[int, set[Held]]:
    held: dict[int, set[Held]] = defaultdict(set)
    query = select(ROLE).where(among(session, ROLE.c.person_id, person_ids), *as_of(Role, on))
    for row in session.execute(query):
        held[row.person_id].add(Held(values.Role(row.role), row.body, row.department))
    return held


def _value(row: Any, provider_id: int | None, granted: set[Held], admins: Collection[str]) -> values.Person:
    roles = set(granted)
    if provider_id is not None:
        roles.add(Held(values.Role.PROVIDER))
    if row.slack_user_id in admins:
        roles.add(Held(values.Role.ADMIN))
    return values.Person(
        id=row.id,
        slack_user_id=row.slack_user_id,
        name=row.name,
        email=row.email,
        time_zone=row.time_zone,
        guest=row.guest,
        bot=row.bot,
        deactivated=row.deactivated_at is not None,
        dm_refused=row.dm_refused_at is not None,
        roles=frozenset(roles),
        provider_id=provider_id,
    )
