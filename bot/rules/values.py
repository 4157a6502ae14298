"""What rules and cards see: frozen values, built by the store, free of rows and sessions.

Dates are plain ``date`` in the organization's zone; instants are aware UTC ``datetime``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as having
from datetime import date, datetime, timedelta
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
    roles: frozenset[Held] = frozenset()
    provider_id: int | None = None

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


class CriterionState(StrEnum):
    """How a criterion stands against a file."""

    MET = "met"
    EXPIRING = "expiring"
    """Met, and due: its ladder has begun."""
    MISSING = "missing"
    UNVERIFIED = "not verified"
    EXPIRED = "expired"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion of a privilege, judged."""

    credential_type: str
    when: str
    state: CriterionState
    judged: Judged | None
    """What it was judged by; None where the file holds nothing of the type."""

    @property
    def met(self) -> bool:
        return self.state in (CriterionState.MET, CriterionState.EXPIRING)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A privilege's criteria against a file. ``asked_by`` False: the provider's type may not ask for it."""

    privilege: str
    may_ask: bool
    criteria: tuple[CriterionResult, ...]

    @property
    def eligible(self) -> bool:
        return self.may_ask and all(c.met for c in self.criteria)


class StepState(StrEnum):
    """Where a step of a request is."""

    OPEN = "open"
    PASSED = "passed"
    STOPPED = "stopped"


class LineState(StrEnum):
    """Where a requested privilege is. Not eligible is an unmet criterion, never an adverse action."""

    OPEN = "open"
    GRANTED = "granted"
    NOT_ELIGIBLE = "not_eligible"
    RETURNED = "returned"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


class Choice(StrEnum):
    """What one person's vote says."""

    APPROVE = "approve"
    NOT_ELIGIBLE = "not_eligible"
    RETURN = "return"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's word in one round of a step."""

    person_id: int
    person_name: str
    slack_user_id: str | None
    choice: Choice
    at: datetime
    round: int


@dataclass(frozen=True, slots=True)
class StepView:
    """A step with every vote cast in it, earlier rounds included."""

    id: int
    position: int
    body: str
    mode: str
    quorum: int
    round: int
    state: StepState
    due_on: date
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A privilege request as its card shows it: one line until privileging in full."""

    id: int
    number: int
    kind: str
    """``request``, or ``reinstatement`` after the reinstate window."""
    provider: Provider
    requester_id: int
    requester_name: str
    requester_slack_id: str | None
    privilege: str
    reason: str | None
    line_id: int
    state: LineState
    steps: tuple[StepView, ...]
    eligibility: Eligibility
    asked_on: date
    stopped_reason: str | None = None
    """What was typed with the vote that stopped it: for the requester and the reviewers, never for a channel."""
    stopped_criterion: str | None = None
    """The credential type named as not met, where the line is not eligible."""
    grant_starts_on: date | None = None
    grant_ends_on: date | None = None

    @property
    def step(self) -> StepView | None:
        """The step that is open, or None."""
        return next((s for s in self.steps if s.state is StepState.OPEN), None)


@dataclass(frozen=True, slots=True)
class PrivilegeView:
    """A grant and whether it works today. ``inactive_because``: types whose lapse made it inactive."""

    grant_id: int
    privilege: str
    site: str | None
    starts_on: date
    ends_on: date
    inactive_since: date | None = None
    inactive_because: tuple[str, ...] = ()
    ended_on: date | None = None
    """The first day on which it works no more since the provider ended; no lapse, and no return brings it back."""
    ended_because: str | None = None
    """The class of the end's reason, where one was said."""

    @property
    def last_day(self) -> date:
        """The end of the term, or the day before the provider ends."""
        return min(self.ends_on, self.ended_on - timedelta(days=1)) if self.ended_on else self.ends_on

    def active(self, on: date) -> bool:
        return self.inactive_since is None and self.runs(on)

    def runs(self, on: date) -> bool:
        """Whether its term covers the day, be it active or not."""
        return self.starts_on <= on <= self.last_day


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder on its calendar day, after week-ends. ``key`` is what the nudge row stores."""

    key: str
    days: int
    """Relative to the due date, before the week-end shift; negative = before."""
    on: date
