"""What rules and cards see of people and their files: frozen values, built by the store, free of rows and sessions.

Dates are plain ``date`` in the organization's zone; instants are aware UTC ``datetime``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as having
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody may not, or the state of things forbids it. ``code`` names a macro of messages/refusals.j2."""

    code: str
    facts: Facts = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A field holds something unusable. ``field`` is the form's name for it."""

    field: str
    code: str
    facts: Facts = having(default_factory=dict)


class Role(StrEnum):
    """What somebody may be; roles add up."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    APPROVER = "approver"
    PROVIDER = "provider"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Held:
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
    roles: frozenset[Held] = frozenset()
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


CLI = Person(id=0, slack_user_id=None, name="cli", roles=frozenset({Held(Role.ADMIN)}))


class SourceStanding(StrEnum):
    """The standing as the primary source shows it."""

    ACTIVE = "active"
    RESTRICTED = "restricted"
    PROBATION = "probation"
    TEMPORARY = "temporary"
    INACTIVE = "inactive"
    PENDING = "pending"
    REVOKED = "revoked"


class Result(StrEnum):
    """What a verification found: as recorded, or different from what was typed."""

    VERIFIED = "verified"
    DISCREPANCY = "discrepancy"


@dataclass(frozen=True, slots=True)
class Verification:
    """One look at a primary source, as the verifier saw it (NCQA CR 3; information integrity CR 8)."""

    id: int
    source: str
    method: str
    verified_on: date
    result: Result
    standing: SourceStanding
    number_shown: str | None
    expires_shown: date | None
    public_action: bool
    reference: str | None
    verifier: str
    carried_over_from: str | None = None
    """The file an import took it from, where nobody verified it here."""


@dataclass(frozen=True, slots=True)
class Term:
    """One period of a credential, as stated: number and dates. A renewal is a new term."""

    id: int
    number: str | None
    issued_on: date | None
    expires_on: date | None
    recorded_at: datetime
    recorded_by: str
    verification: Verification | None = None
    """The newest believed verification of this term, if any."""

    @property
    def verified(self) -> bool:
        return self.verification is not None and self.verification.result is Result.VERIFIED


@dataclass(frozen=True, slots=True)
class Submission:
    """A renewal filed with the issuer, which has not answered yet."""

    id: int
    term_id: int
    filed_on: date
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential of a type (and state) with the terms believed, oldest expiry first."""

    id: int
    type: str
    jurisdiction: str | None
    terms: tuple[Term, ...]
    submission: Submission | None = None
    """The filing for the newest term that is still open."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who a file is about."""

    id: int
    name: str
    type: str
    email: str | None = None
    person_id: int | None = None
    slack_user_id: str | None = None
    npi: str | None = None
    department: str | None = None
    sites: str | None = None
    hired_on: date | None = None
    last_decision_on: date | None = None
    former_names: str | None = None
    owner_id: int | None = None
    """The responsible coordinator's person id as recorded; the store answers who it is today."""
    backup_id: int | None = None
    """Who is asked after the owner, as recorded."""
    supervisor_id: int | None = None


class Status(StrEnum):
    """What a provider is to the organization. A deactivated Slack account says nothing about it."""

    APPLICANT = "applicant"
    ACTIVE = "active"
    LEAVE = "leave"
    ENDED = "ended"
    REHIRED = "rehired"


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """What a provider is from ``since`` on, until a later one begins."""

    status: Status
    since: date | None = None
    """None: since ever, as far as we know."""
    id: int | None = None
    expected_back: date | None = None
    """The first day back after a leave, as expected; the leave goes on until somebody says that it is over."""
    reason: str | None = None
    """Of an end: resigned, retired, contract_ended, deceased, other."""


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """A provider's credentials as true on ``on`` and known at ``known_at``."""

    provider: Provider
    credentials: tuple[Credential, ...]
    on: date
    known_at: datetime
    statuses: tuple[ProviderStatus, ...] = ()
    """Every one believed, those to come included, in the order of their days."""


class Standing(StrEnum):
    """What a credential is worth today; computed, never stored."""

    CURRENT = "current"
    DUE = "due"
    SUBMITTED = "submitted, awaiting issuer"
    REPORTED = "reported renewed, to verify"
    ON_FILE = "on file, to verify"
    DISCREPANCY = "discrepancy"
    CONTINUED = "continued by law"
    EXPIRED = "expired"
    RESTRICTED = "restricted"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Judged:
    """A credential with its standing: the best verified term, and beside it what is only reported."""

    credential: Credential
    standing: Standing
    term: Term
    """The best verified term, or the newest one where none is verified."""
    beside: Standing | None = None
    """SUBMITTED, REPORTED or DISCREPANCY where something newer waits beside a verified term."""
    beside_term: Term | None = None

    @property
    def usable(self) -> bool:
        """Verified, current and unrestricted: counts for a privilege."""
        return self.standing in (Standing.CURRENT, Standing.DUE, Standing.CONTINUED)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder on its calendar day, after week-ends. ``key`` is what the nudge row stores."""

    key: str
    days: int
    """Relative to the due date, before the week-end shift; negative = before."""
    on: date
