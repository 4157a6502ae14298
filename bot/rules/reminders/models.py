"""What reminders show and count: rungs, tasks, a day's message. Frozen values; dates are the organization's."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as having
from datetime import date
from typing import Literal

from bot.rules.credentials.identity import Identity
from bot.rules.credentials.models import Term, Verification
from bot.rules.people.models import Person
from bot.rules.providers.models import Provider
from bot.rules.refusals import Facts

ReminderAnswer = Literal[
    "renewed", "submitted", "not_yet", "ready", "not_ready", "help", "contact", "verified", "differs", "checked",
    "sent_back",
    "still_waiting", "done", "source", "ask", "still_here", "ended", "on_leave", "back", "undone", "withdrawn",
    "reactivated", "fixed", "paused", "over", "lapsed", "confirmed",
]  # fmt: skip
"""What became of a reminder: what was pressed, and of a task also what ended it.

Nobody presses "paused", "over" and "lapsed": the provider is on leave, or has left, or what was warned of happened.
"""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder on its calendar day, after week-ends. ``key`` is what the nudge row stores."""

    key: str
    days: int
    """Relative to the due date, before the week-end shift; negative = before."""
    on: date


@dataclass(frozen=True, slots=True)
class TaskView:
    """One deadline as its reader sees it, in a nudge, in a queue. kind as in the deadline table."""

    deadline_id: int
    kind: str
    """As the kinds of ``rules/reminders/catalog.py``."""
    provider: Provider
    credential: Identity | None
    """What it is about, where that is a credential."""
    due_on: date
    own: bool
    """The reader is the provider himself (else: the owner, a coordinator)."""
    term: Term | None = None
    """The term that is due, or to be verified."""
    verification: Verification | None = None
    """The discrepancy found."""
    filed_on: date | None = None
    receipt: str | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    """Who saw the filing's receipt, or last found that it still holds, and when."""
    awaits_issuer: bool = False
    """The renewal was filed, and nothing newer has been reported."""
    to_confirm: bool = False
    """The filing would keep it in effect, and no coordinator has seen the receipt."""
    credential_id: int | None = None
    closed: bool = False
    answer: ReminderAnswer | None = None
    answered_by: str | None = None
    snoozed_until: date | None = None
    may_snooze: bool = False
    """Not yet is offered: more than seven days are left."""
    opens_on: date | None = None
    """Renewal cannot be filed before this day; None where it is open."""
    act_by: date | None = None
    privileges_at_risk: tuple[str, ...] = ()
    help_text: str | None = None
    request_number: int | None = None
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
    reads_only: bool = False
    """The reader hears of it, may open the file, and can't act in it: nothing to press."""
    vacant: bool = False
    """The medical director's, and nobody holds that role: the reader can only see to it that somebody does."""

    @property
    def credential_type(self) -> str | None:
        return self.credential.type if self.credential else None


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
    unread: int = 0
    """Tasks that could not be read."""


@dataclass(frozen=True, slots=True)
class BacklogView:
    """What an import held: deadlines that were past on the day of the import."""

    held: int
    people: int
    oldest_due_on: date | None
    released_by: str | None = None
