"""The roles that admins give and take. A role is held by dates, so who could do what on a day stays known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from bot.changes.authorize import refuse_unless_allowed
from bot.changes.people.news import tell
from bot.changes.refusals import refuse
from bot.rules.context import Context
from bot.rules.parsing.add import closest
from bot.rules.people.models import HeldRole, Person, Role
from bot.rules.permissions import Permission
from bot.rules.policy import Policies
from bot.rules.refusals import Invalid, PeopleRefusal, Refused
from bot.store import audit, tables
from bot.store.as_of import as_of
from bot.store.database_time import database_now
from bot.store.people import accounts
from bot.store.superseding import supersede
from bot.store.tables.column_types import EndedAs

_BODY = re.compile(r"[a-z][a-z0-9_]*")
CHANGED = "role_changed"
"""To whom it is about and to the admins; its subject is the person."""
POWERS = frozenset({Role.ADMIN, Role.APPROVER, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Granted:
    """``changed`` is False where they held the role already."""

    person: Person
    held: HeldRole
    changed: bool


@dataclass(frozen=True, slots=True)
class Revoked:
    """Held until yesterday."""

    person: Person
    held: HeldRole


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role as held today. ``since`` is None for the admins of the environment."""

    person: Person
    held: HeldRole
    since: date | None

    @property
    def in_effect(self) -> bool:
        """Whether the account may hold it: guests, bots and the deactivated do not, whatever they were given."""
        return self.held in self.person.roles


def parse_role(words: str) -> HeldRole | Invalid:
    """``coordinator``, ``approver:credentials_committee``, ``approver:department_chair@Psychiatry``.

    Errors: ``unknown_role`` (facts ``typed``, ``known``, ``closest``), ``body_missing``, and ``role_without_body``
    where a body follows any other role.
    """
    name, colon, rest = words.strip().partition(":")
    names = [role.value for role in Role]
    if name.lower() not in names:
        return Invalid(
            "role", PeopleRefusal.UNKNOWN_ROLE, {"typed": words, "known": names, "closest": closest(name, names)}
        )
    role = Role(name.lower())
    body, at, department = rest.partition("@")
    if not colon:
        return HeldRole(role)
    if role is not Role.APPROVER:
        return Invalid("role", PeopleRefusal.ROLE_WITHOUT_BODY, {"typed": words, "role": role})
    if not _BODY.fullmatch(body) or (at and not department.strip()):
        return Invalid("role", PeopleRefusal.BODY_MISSING, {"typed": rest})
    return HeldRole(role, body, department.strip() or None)


def grant_role(
    session: Session, ctx: Context, actor: Person, person_id: int, held: HeldRole
) -> Granted | Refused | Invalid:
    """An admin gives a role, never to themselves; guests, bots and the deactivated cannot hold one."""
    person = accounts.person(session, person_id, on=ctx.today)
    refused = refuse_unless_allowed(session, actor, Permission.CHANGE_SETTINGS) or _to_oneself(
        session, actor, person_id
    )
    refused = refused or _cannot_hold(person)
    unknown = unknown_body(ctx.policies, held)
    if refused or unknown or person is None:
        return refused or unknown or Refused(PeopleRefusal.UNKNOWN_PERSON)
    if held in person.roles:
        return Granted(person, held, changed=False)
    write_role(session, ctx, actor, person_id, held)
    _tell(session, ctx, actor, person, held, "given")
    return Granted(person, held, changed=True)


def write_role(session: Session, ctx: Context, actor: Person, person_id: int, held: HeldRole) -> None:
    """The role and its audit event alone; ``grant_role`` asks who may, and tells whom it concerns."""
    session.add(_role(session, actor, person_id, held, since=ctx.today))
    audit.record(session, actor, "role_granted", f"person:{person_id}", after=_role_facts(held))
    session.flush()


def revoke_role(session: Session, ctx: Context, actor: Person, person_id: int, held: HeldRole) -> Revoked | Refused:
    """An admin takes a role away from today on; that it was held before stays on record."""
    person = accounts.person(session, person_id, on=ctx.today)
    refused = refuse_unless_allowed(session, actor, Permission.CHANGE_SETTINGS)
    if refused or person is None:
        return refused or Refused(PeopleRefusal.UNKNOWN_PERSON)
    rows = _held_rows(session, person_id, held, ctx.today)
    admins = _admins(session, ctx)
    if not rows and held == HeldRole(Role.ADMIN) and person.slack_user_id in ctx.admins:
        return Refused(PeopleRefusal.ADMIN_BY_ENVIRONMENT, {"name": person.name})
    if not rows:
        return Refused(PeopleRefusal.ROLE_NOT_HELD, {"role": held.role, "body": held.body})
    last_day = ctx.today - timedelta(days=1)
    for row in rows:
        was_held = row.valid_from <= last_day
        supersede(session, [row], EndedAs.CORRECTED if was_held else EndedAs.VOIDED, actor.id)
        if was_held:
            ended = _role(session, actor, person_id, held, since=row.valid_from)
            ended.valid_to = last_day
            session.add(ended)
    audit.record(session, actor, "role_revoked", f"person:{person_id}", before=_role_facts(held))
    session.flush()
    _tell(session, ctx, actor, person, held, "taken", admins)
    return Revoked(person, held)


def list_roles(session: Session, ctx: Context) -> list[RoleRow]:
    """Every role granted and held today, by name; then the environment's admins that Slack showed us."""
    rows = session.exec(select(tables.RoleAssignment).where(*as_of(tables.RoleAssignment, ctx.today))).all()
    holders = accounts.people(session, {row.person_id for row in rows}, on=ctx.today, admins=ctx.admins)
    granted = [
        RoleRow(holders[row.person_id], HeldRole(Role(row.role), row.body, row.department), row.valid_from)
        for row in rows
    ]
    always = [RoleRow(a, HeldRole(Role.ADMIN), None) for a in _admins(session, ctx) if a.slack_user_id in ctx.admins]
    return [*sorted(granted, key=lambda r: (r.person.name, r.held.role, r.held.body or "")), *always]


def _to_oneself(session: Session, actor: Person, person_id: int) -> Refused | None:
    if actor.id != person_id:
        return None
    return refuse(session, actor, Refused(PeopleRefusal.NEVER_OWN_ROLE), f"person:{person_id}")


def _admins(session: Session, ctx: Context) -> list[Person]:
    return accounts.holding(session, Role.ADMIN, on=ctx.today, admins=ctx.admins)


def _tell(
    session: Session,
    ctx: Context,
    actor: Person,
    person: Person,
    held: HeldRole,
    what: str,
    before: Iterable[Person] = (),
) -> None:
    """Of a role with power over others hear whoever it is about and every admin, but for who did it.

    ``before``: the admins until now, of whom one may be none any more.
    """
    if held.role not in POWERS:
        return
    facts = {"by": actor.name, "name": person.name, "what": what, **_role_facts(held)}
    tell(session, actor, CHANGED, person.id, (person, *before, *_admins(session, ctx)), facts)


def _cannot_hold(person: Person | None) -> Refused | None:
    if person is None:
        return Refused(PeopleRefusal.UNKNOWN_PERSON)
    kinds = {"bot": person.bot, "deactivated": person.deactivated, "guest": person.guest}
    kind = next((kind for kind, is_so in kinds.items() if is_so), None)
    return Refused(PeopleRefusal.CANNOT_HOLD_ROLE, {"name": person.name, "kind": kind}) if kind else None


def unknown_body(policies: Policies, held: HeldRole) -> Invalid | None:
    """An approver of a body that no route asks would wait for ever, and nobody would notice."""
    if held.body is None or held.body in policies.bodies:
        return None
    known = sorted(policies.bodies)
    return Invalid(
        "role", PeopleRefusal.UNKNOWN_BODY, {"typed": held.body, "closest": closest(held.body, known), "known": known}
    )


def _held_rows(session: Session, person_id: int, held: HeldRole, on: date) -> list[tables.RoleAssignment]:
    query = select(tables.RoleAssignment).where(
        tables.RoleAssignment.person_id == person_id, *as_of(tables.RoleAssignment, on)
    )
    return [row for row in session.exec(query) if HeldRole(Role(row.role), row.body, row.department) == held]


def _role(session: Session, actor: Person, person_id: int, held: HeldRole, *, since: date) -> tables.RoleAssignment:
    return tables.RoleAssignment(
        person_id=person_id,
        **_role_facts(held),
        valid_from=since,
        recorded_at=database_now(session),
        recorded_by=actor.id or None,
    )


def _role_facts(held: HeldRole) -> dict[str, Any]:
    return {"role": held.role, "body": held.body, "department": held.department}
