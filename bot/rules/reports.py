"""What status, queue and lists show to one reader at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.rules.credentialing import Cycle
from bot.rules.credentials.models import JudgedCredential, SentBackCredential
from bot.rules.people.models import Person, Responsible
from bot.rules.privileges.models import Eligibility, PrivilegeView
from bot.rules.providers.employment import ACTIVE
from bot.rules.providers.models import Provider, ProviderStatus
from bot.rules.refusals import Refused
from bot.rules.reminders.models import TaskView


@dataclass(frozen=True, slots=True)
class StatusView:
    """One glance at a file, for one reader: ``may_update`` and ``may_verify`` decide the buttons."""

    provider: Provider
    whose: Responsible
    judged: tuple[JudgedCredential, ...]
    missing: tuple[str, ...]
    """Credential types expected of this provider type that the file lacks."""
    privileges: tuple[PrivilegeView, ...]
    open_requests: tuple[int, ...]
    """Numbers of open requests (R-1042)."""
    on: date
    may_update: bool
    may_verify: bool
    own: bool
    """The reader is the provider."""
    sent_back: tuple[SentBackCredential, ...] = ()
    """Reported once and sent back: nothing of them is believed; the last term says what was reported."""
    another_day: bool = False
    """``on`` is not today."""
    may_fix: bool = False
    """The reader may put right what was recorded by mistake."""
    dates_only: bool = False
    """The reader is the supervisor: types, dates and standing, no numbers."""
    cycle: Cycle | None = None
    """The recredentialing clock; None where no decision is on record."""
    status: ProviderStatus = ACTIVE
    to_come: tuple[ProviderStatus, ...] = ()
    """A leave or an end that is planned."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """What waits for one person: own deadlines and tasks, and approval steps they may vote in."""

    reader: Person
    on: date
    tasks: tuple[TaskView, ...]
    more: int
    unread: int = 0
    """Tasks that could not be read."""


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """One credential and how soon it expires."""

    provider: Provider
    judged: JudgedCredential
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
