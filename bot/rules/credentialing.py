"""The recredentialing clock: it runs in months from the last decision (NCQA CR 4), whatever expires meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.rules.dates import add_months
from bot.rules.policy import Recredentialing
from bot.rules.providers.models import Provider
from bot.rules.refusals import CredentialingRefusal, Invalid


@dataclass(frozen=True, slots=True)
class Cycle:
    """Where a file stands. ``due_on`` is the last day in time; after it the file is late, which is a finding."""

    decided_on: date
    due_on: date
    usable_until: date
    """The last day on which the recredentialing file may still be used; after it, initial credentialing."""

    def late(self, on: date) -> bool:
        return on > self.due_on

    def lapsed(self, on: date) -> bool:
        """Whether only initial credentialing is left."""
        return on > self.usable_until


def cycle_of(decided_on: date | None, policy: Recredentialing) -> Cycle | None:
    """None where no decision is on record."""
    if decided_on is None:
        return None
    due_on = add_months(decided_on, policy.months)
    return Cycle(decided_on, due_on, due_on + timedelta(days=policy.late_within))


def check_decision(decided_on: date, last: date | None, today: date, *, corrects: bool) -> Invalid | None:
    """Why a date cannot be that of the newest decision.

    ``decision_in_future``, ``nothing_to_correct``, ``decision_known`` (the same day is on record already) or
    ``decision_before_last``; the last two with the fact ``last``.
    """
    if decided_on > today:
        return Invalid("decided_on", CredentialingRefusal.DECISION_IN_FUTURE, {"decided_on": decided_on})
    if corrects and last is None:
        return Invalid("corrects", CredentialingRefusal.NOTHING_TO_CORRECT)
    if decided_on == last:
        return Invalid("decided_on", CredentialingRefusal.DECISION_KNOWN, {"last": last})
    if last and decided_on < last and not corrects:
        return Invalid("decided_on", CredentialingRefusal.DECISION_BEFORE_LAST, {"last": last})
    return None


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
