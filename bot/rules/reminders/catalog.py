"""Every kind of reminder, one entry each: what it is about, whose it is, when it is said, and whom silence reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import dropwhile, islice, takewhile

from bot.rules.calendar import Days
from bot.rules.policy import OnLapse
from bot.rules.reminders.ladder import (
    CONFIRM_AT,
    MONDAY,
    confirm_rungs,
    filed_rungs,
    filing_review_rungs,
    issuer_rungs,
    look_again_rungs,
    prepare_rungs,
    recredentialing_rungs,
    renewal_rungs,
    step_rungs,
    verify_rungs,
    warning_rungs,
)
from bot.rules.reminders.models import ReminderAnswer, Rung

OWNER, PROVIDER, APPROVERS = "owner", "provider", "approvers"


class DeadlineKind(StrEnum):
    """What a deadline waits for."""

    EXPIRY = "expiry"
    PREPARE = "prepare"
    LAPSED = "lapsed"
    LAPSE_WARNING = "lapse_warning"
    VERIFY = "verify"
    DISCREPANCY = "discrepancy"
    NOT_ACTIVE = "not_active"
    ISSUER = "issuer"
    FILED = "filed"
    CONFIRM_FILING = "confirm_filing"
    FILING_REVIEW = "filing_review"
    HELP = "help"
    STEP = "step"
    TASK = "task"
    RECREDENTIALING = "recredentialing"


class SubjectType(StrEnum):
    """What a deadline is about, in the words that audit events have for it."""

    CREDENTIAL = "credential"
    TERM = "term"
    FILING = "filing"
    VERIFICATION = "verification"
    STEP = "step"
    NUDGE = "nudge"
    TASK = "task"
    PROVIDER = "provider"


class Silence(StrEnum):
    """Whom it reaches that nobody acts; its own reader is asked on all the same."""

    NOBODY = "nobody"
    TEAM = "team"
    """The team's channel, once for each due date."""
    LEVELS = "levels"
    """The owner's backup, the admins, the medical director: ``escalation.py``."""
    WARNED = "warned"
    """Backup and supervisor hear the warning with the owner."""
    TOGETHER = "together"
    """Backup and admins are asked with the owner, from ``together_from`` on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When a deadline is asked about. ``from_day``: the first on which a message can still leave."""

    due_on: date
    ladder: tuple[int, ...]
    on_lapse: OnLapse | None
    from_day: date
    opened_on: date | None = None
    snoozed_until: date | None = None
    holidays: Days = frozenset()


@dataclass(frozen=True, slots=True)
class Reminder:
    """A kind of reminder. Its words and buttons stand in ``cards/reminders/catalog.py``."""

    subject: SubjectType
    rungs: Callable[[Asked], Iterator[Rung]]
    """In the order of their days."""
    answers: frozenset[ReminderAnswer] = field(default=frozenset())
    """What may be pressed, or done elsewhere, about it."""
    silence: Silence = Silence.NOBODY
    of_the_file: bool = True
    """It follows from the file alone."""
    from_opening: bool = False
    """Its due date is counted from the day it opens, and then stays."""
    of_the_expiry: bool = False
    """It is about the day on which a credential expires."""
    together_from: int = 0
    """Days relative to the due date from which others are asked with the owner, where silence reaches them so."""
    to_do: bool = True
    """Counted among what a coordinator has to do; the digest names the others by themselves."""


def _until_lapse(asked: Asked) -> Iterator[Rung]:
    return takewhile(_before_mondays, _renewal(asked))


def _after_lapse(asked: Asked) -> Iterator[Rung]:
    return dropwhile(_before_mondays, _renewal(asked))


def _renewal(asked: Asked) -> Iterator[Rung]:
    return renewal_rungs(
        asked.ladder,
        asked.due_on,
        asked.on_lapse or OnLapse.INFORM,
        from_day=asked.from_day,
        snoozed_until=asked.snoozed_until,
        holidays=asked.holidays,
    )


def _before_mondays(rung: Rung) -> bool:
    return not rung.key.startswith(MONDAY)


def _prepare(asked: Asked) -> Iterator[Rung]:
    since = asked.opened_on or asked.from_day
    return prepare_rungs(asked.ladder, asked.due_on, opened_on=since, from_day=asked.from_day, holidays=asked.holidays)


def _warning(asked: Asked) -> Iterator[Rung]:
    return iter(warning_rungs(asked.due_on, from_day=asked.from_day, holidays=asked.holidays))


def _recredentialing(asked: Asked) -> Iterator[Rung]:
    return recredentialing_rungs(asked.ladder, asked.due_on, from_day=asked.from_day, holidays=asked.holidays)


def _verify(asked: Asked) -> Iterator[Rung]:
    return verify_rungs(asked.due_on, asked.holidays)


def _look_again(asked: Asked) -> Iterator[Rung]:
    return look_again_rungs(asked.due_on, asked.holidays)


def _help(asked: Asked) -> Iterator[Rung]:
    """The card itself was the first word."""
    return islice(_verify(asked), 1, None)


def _issuer(asked: Asked) -> Iterator[Rung]:
    return issuer_rungs(asked.due_on, asked.holidays)


def _filed(asked: Asked) -> Iterator[Rung]:
    since = asked.opened_on or asked.from_day
    return filed_rungs(asked.due_on, opened_on=since, from_day=asked.from_day, holidays=asked.holidays)


def _confirm_filing(asked: Asked) -> Iterator[Rung]:
    since = asked.opened_on or asked.from_day
    return confirm_rungs(asked.due_on, opened_on=since, from_day=asked.from_day, holidays=asked.holidays)


def _filing_review(asked: Asked) -> Iterator[Rung]:
    return filing_review_rungs(asked.due_on, from_day=asked.from_day, holidays=asked.holidays)


def _step(asked: Asked) -> Iterator[Rung]:
    return step_rungs(asked.due_on, asked.holidays)


_REPORTED: frozenset[ReminderAnswer] = frozenset({"renewed", "submitted"})
_LOOKED_AT: frozenset[ReminderAnswer] = frozenset({"verified", "differs", "checked", "sent_back", "source", "ask"})

REMINDERS: Mapping[DeadlineKind, Reminder] = {
    DeadlineKind.EXPIRY: Reminder(
        SubjectType.CREDENTIAL, _until_lapse, _REPORTED, Silence.TEAM, of_the_expiry=True, to_do=False
    ),
    DeadlineKind.PREPARE: Reminder(SubjectType.CREDENTIAL, _prepare, _REPORTED, of_the_expiry=True),
    DeadlineKind.LAPSED: Reminder(SubjectType.CREDENTIAL, _after_lapse, _REPORTED, Silence.LEVELS, of_the_expiry=True),
    DeadlineKind.LAPSE_WARNING: Reminder(
        SubjectType.CREDENTIAL, _warning, silence=Silence.WARNED, of_the_expiry=True, to_do=False
    ),
    DeadlineKind.VERIFY: Reminder(SubjectType.TERM, _verify, _LOOKED_AT, Silence.LEVELS, from_opening=True),
    DeadlineKind.DISCREPANCY: Reminder(
        SubjectType.VERIFICATION, _verify, _LOOKED_AT, Silence.LEVELS, from_opening=True
    ),
    DeadlineKind.NOT_ACTIVE: Reminder(
        SubjectType.VERIFICATION, _look_again, _LOOKED_AT, Silence.LEVELS, from_opening=True
    ),
    DeadlineKind.ISSUER: Reminder(
        SubjectType.FILING, _issuer, _LOOKED_AT | {"still_waiting"}, Silence.LEVELS, from_opening=True
    ),
    DeadlineKind.FILED: Reminder(
        SubjectType.CREDENTIAL, _filed, frozenset({"renewed"}), of_the_expiry=True, to_do=False
    ),
    DeadlineKind.CONFIRM_FILING: Reminder(
        SubjectType.FILING,
        _confirm_filing,
        _LOOKED_AT | {"confirmed"},
        Silence.TOGETHER,
        together_from=CONFIRM_AT[0],
    ),
    DeadlineKind.FILING_REVIEW: Reminder(
        SubjectType.FILING, _filing_review, _LOOKED_AT | {"still_waiting"}, Silence.TOGETHER
    ),
    DeadlineKind.HELP: Reminder(SubjectType.NUDGE, _help, silence=Silence.LEVELS, of_the_file=False),
    DeadlineKind.STEP: Reminder(SubjectType.STEP, _step, of_the_file=False),
    DeadlineKind.TASK: Reminder(SubjectType.TASK, _verify, silence=Silence.LEVELS, of_the_file=False),
    DeadlineKind.RECREDENTIALING: Reminder(SubjectType.PROVIDER, _recredentialing, to_do=False),
}
"""
kind             assignee             due on
expiry           provider or owner    the expiry of what counts today
prepare          provider or owner    the expiry of what counts today; asks whether they are ready
lapsed           owner                the same, once it has passed and nobody has reported anything
lapse_warning    owner                the same, while a privilege rests on the credential
verify           owner                three business days after it was reported
discrepancy      owner                three business days after it was found
not_active       owner                ten business days after it was seen not to be in good standing; each look anew
issuer           owner                the day it was reported; asked every week
filed            provider or owner    the expiry of what a renewal was filed for; asks whether it has come
confirm_filing   owner                the same, where the filing counts as soon as its receipt is confirmed
filing_review    owner                fifteen days after it is asked again whether a confirmed filing still holds
help             owner                three business days after somebody asked
step             approvers            five business days after it was opened
task             owner, or another    the day that whoever opened it named
recredentialing  owner                36 months after the last decision, by policy
"""


def kinds_where(holds: Callable[[Reminder], bool]) -> frozenset[DeadlineKind]:
    """The kinds of which this is so."""
    return frozenset(kind for kind, reminder in REMINDERS.items() if holds(reminder))


def answered_by(answer: ReminderAnswer) -> frozenset[DeadlineKind]:
    """Which reminders an answer is about."""
    return kinds_where(lambda reminder: answer in reminder.answers)
