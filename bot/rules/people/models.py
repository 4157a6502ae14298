"""Who acts: people of the workspace, their roles and absences. Frozen values; dates are the organization's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What somebody may be; roles add up."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    APPROVER = "approver"
    PROVIDER = "provider"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role as held. An approver without ``body`` acts for any body."""

    role: Role
    body: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the workspace, or the command line (``id`` 0, name ``cli``)."""

    id: int
    slack_user_id: str | None
    name: str
    email: str | None = None
    time_zone: str | None = None
    guest: bool = False
    bot: bool = False
    deactivated: bool = False
    dm_refused: bool = False
    """Slack refused the last direct message to them."""
    confirmed: bool = True
    """Slack has described the account; False where only an id was written down, by an import or CREDBOT_ADMINS."""
    roles: frozenset[HeldRole] = frozenset()
    provider_id: int | None = None
    """The provider whose account this is today."""
    own_files: frozenset[int] = frozenset()
    """Providers whose files are this person's own, for all that nobody does to their own file: the account is or once
    was theirs, or they share the e-mail address or the NPI. It forbids and never permits.
    """

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held; admin includes coordinator, never approver."""
        held = {h.role for h in self.roles}
        if Role.ADMIN in held:
            held.add(Role.COORDINATOR)
        return not held.isdisjoint(roles)


CLI = Person(id=0, slack_user_id=None, name="cli", roles=frozenset({HeldRole(Role.ADMIN)}))


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Somebody is away from a day to a day, both included; ``delegate_id`` stands in for them."""

    id: int
    person_id: int
    name: str
    from_on: date
    until: date
    delegate_id: int | None
    """None: an approver, whose votes nobody else casts."""
    delegate_name: str | None


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for a provider on a day."""

    owner: Person | None
    """As recorded, else the coordinator granted first, else an admin; None: the team's channel."""
    acting: Person | None
    """Who is told: the owner, or who stands in while they are away."""
    backup: Person | None
    """As recorded, else the next coordinator granted."""
    backup_acting: Person | None
    """Who is told in the backup's place while they are away; None where that is nobody besides ``acting``."""
    away_until: date | None = None
    """The last day of the owner's absence."""
