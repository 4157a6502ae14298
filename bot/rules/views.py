"""What cards show beyond the file itself: frozen values that the store builds for one reader at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as having
from datetime import date

from bot.rules.credentialing import Cycle
from bot.rules.privileges.models import CriterionResult, Eligibility, PrivilegeView
from bot.rules.providers.employment import ACTIVE
from bot.rules.values import Credential, Facts, Judged, Person, Provider, ProviderStatus, Refused, Term, Verification


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


@dataclass(frozen=True, slots=True)
class StatusView:
    """One glance at a file, for one reader: ``may_update`` and ``may_verify`` decide the buttons."""

    provider: Provider
    whose: Responsible
    judged: tuple[Judged, ...]
    missing: tuple[str, ...]
    """Credential types expected of this provider type that the file lacks."""
    privileges: tuple[PrivilegeView, ...]
    open_requests: tuple[int, ...]
    """Numbers of open reviews (R-1042)."""
    on: date
    may_update: bool
    may_verify: bool
    own: bool
    """The reader is the provider."""
    sent_back: tuple[Credential, ...] = ()
    """Reported once and sent back: nothing of them is believed; the last term says what was reported."""
    another_day: bool = False
    """``on`` is not today."""
    dates_only: bool = False
    """The reader is the supervisor: types, dates and standing, no numbers."""
    cycle: Cycle | None = None
    """The recredentialing clock; None where no decision is on record."""
    status: ProviderStatus = ACTIVE
    to_come: tuple[ProviderStatus, ...] = ()
    """A leave or an end that is planned."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """One deadline as its reader sees it, in a nudge, in a queue. kind as in the deadline table."""

    deadline_id: int
    kind: str
    """expiry, prepare, lapse_warning, lapsed, verify, issuer, discrepancy, step, help, task, recredentialing."""
    provider: Provider
    credential_type: str | None
    jurisdiction: str | None
    due_on: date
    own: bool
    """The reader is the provider himself (else: the owner, a coordinator)."""
    term: Term | None = None
    """The term that is due, or to be verified."""
    verification: Verification | None = None
    """The discrepancy found."""
    filed_on: date | None = None
    receipt: str | None = None
    closed: bool = False
    answer: str | None = None
    """What was pressed: renewed, submitted, not_yet, help, contact, ready, not_ready, verified, differs, sent_back,
    still_waiting, done, source, ask; of a task also what ended it.

    Nobody pressed ``lapsed``: what was warned of happened.
    """
    answered_by: str | None = None
    snoozed_until: date | None = None
    may_snooze: bool = False
    """Not yet is offered: more than seven days are left."""
    opens_on: date | None = None
    """Renewal cannot be filed before this day; None where it is open."""
    act_by: date | None = None
    privileges_at_risk: tuple[str, ...] = ()
    help_text: str | None = None
    review_number: int | None = None
    privilege: str | None = None
    unreachable: bool = False
    """The provider has no usable Slack account, so the owner is told instead."""
    contact_on: date | None = None
    contact_how: str | None = None
    """When and how the owner reached the provider: email, phone, in_person, letter, other."""
    anew: bool = False
    """To verify although it was verified: that look came before a leave, or before an end and a return."""
    task_kind: str | None = None
    """Of kind task: what is to be done, such as ``tail_cover``; its words are the piece ``task_`` and that."""
    task_facts: Facts = having(default_factory=dict)
    instead_of: str | None = None
    """The owner's name, where the reader stands in for them."""
    away_until: date | None = None
    """The last day of the owner's absence, where the reader stands in."""
    now_with: str | None = None
    """Who answers for it since, where that is not the reader any more."""
    beside: str | None = None
    """The owner's name, where the reader hears of it beside the owner."""
    asked_before: tuple[str, ...] = ()
    """Who was asked before the reader, where nobody has acted yet."""
    dates_only: bool = False
    """The reader may not see the file: types, dates and standing, no numbers and nothing to press."""
    vacant: bool = False
    """The medical director's, and nobody holds that role: the reader can only see to it that somebody does."""


@dataclass(frozen=True, slots=True)
class NudgeDayView:
    """The one message a person (or the team's channel) gets on a day."""

    id: int
    reader: Person | None
    """None: the team's channel."""
    on: date
    tasks: tuple[TaskView, ...]
    """At most 12, most urgent first."""
    more: int


@dataclass(frozen=True, slots=True)
class BacklogView:
    """What an import held: deadlines that were past on the day of the import."""

    held: int
    people: int
    oldest_due_on: date | None
    released_by: str | None = None


@dataclass(frozen=True, slots=True)
class QueueView:
    """What waits for one person: own deadlines and tasks, and review steps they may vote in."""

    reader: Person
    on: date
    tasks: tuple[TaskView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """One credential and how soon it expires."""

    provider: Provider
    judged: Judged
    days: int
    """Until the expiry; negative when past."""


@dataclass(frozen=True, slots=True)
class ExpiringView:
    """What expires within so many days, soonest first."""

    on: date
    within_days: int
    type: str | None
    jurisdiction: str | None
    rows: tuple[ExpiringRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class EligibleView:
    """A privilege's criteria against a provider's file, and what its reader may do about them."""

    provider: Provider
    eligibility: Eligibility
    on: date
    may_update: bool = False
    may_verify: bool = False
    may_request: bool = False
    taken: Refused | None = None
    """Why it is not to be asked for now: it is asked for or active already."""


@dataclass(frozen=True, slots=True)
class PrivilegesView:
    """``why`` only for readers who may see the file; where not even ``dates`` are theirs, active or not and no more."""

    provider: Provider
    privileges: tuple[PrivilegeView, ...]
    on: date
    why: bool
    dates: bool = True


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote as Details shows it: with the reason that was typed."""

    person_name: str
    choice: str
    reason: str | None
    seen: tuple[CriterionResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What opened another round. ``after``: answer, or meeting (then ``held_on``)."""

    after: str
    text: str
    person_name: str
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a body's step: what opened it (the first: nothing), and its votes, oldest first."""

    body: str
    number: int
    opening: Opening | None
    votes: tuple[CastVote, ...]


@dataclass(frozen=True, slots=True)
class StuckList:
    """An admin's list. ``groups``: what is open, oldest first; failed messages of one place and reason are one group.

    ``more``: open ones that do not stand in a group here. ``moved``: a newer list has taken over.
    """

    groups: tuple[tuple[StuckMessage, ...], ...]
    more: int
    answered: tuple[StuckMessage, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class StuckMessage:
    """An outbox row an admin is asked about. state: asked (uncertain) or failed."""

    id: int
    kind: str
    state: str
    where: str
    """The channel, or whom the DM is for."""
    error: str | None
    answer: str | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whom one document may cover. ``id``: of their credential, or of the term to verify."""

    id: int
    provider: Provider
    number: str | None


@dataclass(frozen=True, slots=True)
class CycleView:
    """One file's recredentialing clock, for a reader who may or may not record a decision."""

    provider: Provider
    cycle: Cycle | None
    on: date
    may_decide: bool


@dataclass(frozen=True, slots=True)
class CyclesView:
    """Files that are late or due within 180 days, soonest first. ``undecided``: with no decision on record."""

    on: date
    due: tuple[tuple[Provider, Cycle], ...]
    undecided: int
