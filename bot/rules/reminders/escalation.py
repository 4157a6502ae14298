"""Who is asked beside the owner, and when.

level             an owner's task                       a warning that something becomes inactive
backup            2 business days without an answer     with the owner
supervisor        never                                 with the owner
manager           4 business days: the admins           never
medical_director  6 business days                       never

Each hears once per due date. The owner keeps the task, and whatever counts as an answer stops it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from enum import StrEnum

from bot.rules.calendar import Days
from bot.rules.dates import add_business_days
from bot.rules.people.recipients import Recipient
from bot.rules.reminders.catalog import OWNER, REMINDERS, DeadlineKind, Silence
from bot.rules.reminders.ladder import LadderPlan, first_day, plan, warning_rungs
from bot.rules.reminders.models import Rung
from bot.rules.reminders.schedule import OpenReminder, RungReached


class EscalationLevel(StrEnum):
    """Whom else it concerns, in the order of asking; the value is the rung's key."""

    BACKUP = "backup"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    MEDICAL_DIRECTOR = "medical_director"


APART = 2
AFTER = {EscalationLevel.BACKUP: APART, EscalationLevel.MANAGER: 2 * APART, EscalationLevel.MEDICAL_DIRECTOR: 3 * APART}
"""Business days after the due date, or after the owner was first asked, whichever is later."""
WARNED = (EscalationLevel.BACKUP, EscalationLevel.SUPERVISOR)
_ONE_PERSON = frozenset({EscalationLevel.BACKUP, EscalationLevel.SUPERVISOR})
_KEYS = frozenset(level.value for level in EscalationLevel)


def concerns_others(kind: DeadlineKind, assignee: str) -> bool:
    """Whether anybody beside its reader is ever asked."""
    return assignee == OWNER and REMINDERS[kind].silence in (Silence.LEVELS, Silence.WARNED)


def is_level(rung: str) -> bool:
    """Whether a rung's key is that of a level, and not of the owner's own ladder."""
    return rung in _KEYS


def words_beside(
    waiting: OpenReminder,
    said: Iterable[RungReached],
    readers: Mapping[EscalationLevel, Sequence[Recipient]],
    now: datetime,
    organization: tzinfo,
    holidays: Days,
) -> Iterator[tuple[EscalationLevel, Recipient, LadderPlan]]:
    """Whom to ask now, or when. A level that comes late puts off those after it, so that nobody is passed over."""
    known = list(said)
    for level in EscalationLevel:
        rung = _rung(level, waiting, known, now, organization, holidays)
        for reader in readers.get(level, ()) if rung else ():
            if rung and not _was_asked(level, waiting, known, reader.name):
                word = plan([rung], now=now, zone=reader.zone, done=(), holidays=holidays)
                known.append(RungReached(level.value, word.next_at or now, recipient=reader.name))
                yield level, reader, word


def _rung(
    level: EscalationLevel,
    waiting: OpenReminder,
    said: Sequence[RungReached],
    now: datetime,
    organization: tzinfo,
    holidays: Days,
) -> Rung | None:
    reaches = REMINDERS[waiting.kind].silence
    if reaches is Silence.WARNED:
        warning = warning_rungs(waiting.due_on, from_day=first_day(now, organization), holidays=holidays)[0]
        return Rung(level.value, warning.days, warning.on) if level in WARNED else None
    since = _unanswered_since(waiting, said, organization) if reaches is Silence.LEVELS else None
    if since is None or level not in AFTER:
        return None
    day = add_business_days(since, AFTER[level], holidays)
    before = [one.at.astimezone(organization).date() for one in said if is_level(one.rung) and one.rung != level]
    if before:
        day = max(day, add_business_days(max(before), APART, holidays))
    return Rung(level.value, (day - waiting.due_on).days, day)


def _was_asked(level: EscalationLevel, waiting: OpenReminder, said: Iterable[RungReached], reader: str | None) -> bool:
    """Whether that level has heard of this due date, or the reader was asked otherwise since the last answer."""
    return any(
        (one.rung == level and (one.recipient == reader or level in _ONE_PERSON))
        or (one.told and one.recipient == reader and _counts(one, waiting))
        for one in said
    )


def _unanswered_since(waiting: OpenReminder, said: Iterable[RungReached], organization: tzinfo) -> date | None:
    """The due date, or the day on which the owner was first asked since the last answer; None: nobody was."""
    asked = [one.at for one in said if one.told and not is_level(one.rung) and _counts(one, waiting)]
    return max(waiting.due_on, min(asked).astimezone(organization).date()) if asked else None


def _counts(one: RungReached, waiting: OpenReminder) -> bool:
    return waiting.answered_at is None or one.at > waiting.answered_at
