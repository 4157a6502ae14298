"""What rules and cards see of privileging: how criteria stand, what was asked, voted and granted. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.rules.credentials.models import JudgedCredential
from bot.rules.providers.models import Provider


class CriterionState(StrEnum):
    """How a criterion stands against a file."""

    MET = "met"
    EXPIRING = "expiring"
    """Met, and due: its ladder has begun."""
    MISSING = "missing"
    UNVERIFIED = "not verified"
    EXPIRED = "expired"
    NOT_ACTIVE = "not active"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion of a privilege, judged."""

    credential_type: str
    when: str
    state: CriterionState
    judged: JudgedCredential | None
    """What it was judged by; None where the file holds nothing of the type."""

    @property
    def met(self) -> bool:
        return self.state in (CriterionState.MET, CriterionState.EXPIRING)

    @property
    def stops(self) -> bool:
        """Whether a privilege that is granted stops by it: not for conditions that nobody has decided about."""
        return not self.met and not (self.judged and self.judged.permits_practice)

    @property
    def adverse(self) -> bool:
        """Unmet by something adverse: nothing else may be said of why than "not active"."""
        return self.judged is not None and self.judged.adverse


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


class VoteChoice(StrEnum):
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
    choice: VoteChoice
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
class RequestView:
    """A privilege request as its card shows it: one line until privileging in full."""

    id: int
    number: int
    kind: str
    """``request``, or ``reinstatement`` after the reinstate window."""
    provider: Provider
    requester_id: int
    requester_name: str
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
    why_withheld: bool = False
    """Something adverse is why it is inactive: never called administrative, and its cause is not said."""
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
