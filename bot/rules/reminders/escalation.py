"""Who is asked beside the owner, and when.

level             an owner's task                       a warning that something becomes inactive   a filing to confirm
backup            2 business days without an answer     with the owner                              with the owner
supervisor        never                                 with the owner                              never
manager           4 business days: the admins           never                                       with the owner
medical_director  6 business days                       never                                       never

Each hears once per due date, of a filing each time. The owner keeps the task, and whatever counts as an answer stops
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from bot.rules.calendar import Days
from bot.rules.dates import add_business_days
from bot.rules.people.recipients import Recipient
from bot.rules.reminders.catalog import OWNER, REMINDERS, DeadlineKind, Silence
from bot.rules.reminders.ladder import LadderPlan, first_day, plan, warning_rungs
from bot.rules.reminders.models import Rung
from bot.rules.reminders.schedule import OpenReminder, RungReached, rungs_of_reminder


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
TOGETHER = (EscalationLevel.BACKUP, EscalationLevel.MANAGER)
_WITH = "with:"
"""Before the key of an owner's rung that others are asked on, too."""
_ONE_PERSON = frozenset({EscalationLevel.BACKUP, EscalationLevel.SUPERVISOR})
_KEYS = frozenset(level.value for level in EscalationLevel)


def concerns_others(kind: DeadlineKind, assignee: str) -> bool:
    """Whether anybody beside its reader is ever asked."""
    return assignee == OWNER and REMINDERS[kind].silence in (Silence.LEVELS, Silence.WARNED, Silence.TOGETHER)


def asked_together(kind: DeadlineKind, due_on: date, on: date) -> bool:
    """Whether an owner's task is by then as much their backup's and the admins'."""
    reminder = REMINDERS[kind]
    return reminder.silence is Silence.TOGETHER and on >= due_on + timedelta(days=reminder.together_from)


def is_level(rung: str) -> bool:
    """Whether a rung's key says that others were asked, and not that the owner was."""
    return rung in _KEYS or rung.startswith(_WITH)


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
    if REMINDERS[waiting.kind].silence is Silence.TOGETHER:
        yield from _together(waiting, known, readers, now, holidays)
        return
    for level in EscalationLevel:
        rung = _rung(level, waiting, known, now, organization, holidays)
        for reader in readers.get(level, ()) if rung else ():
            if rung and not _was_asked(level, waiting, known, reader.name):
                word = plan([rung], now=now, zone=reader.zone, done=(), holidays=holidays)
                known.append(RungReached(level.value, word.next_at or now, recipient=reader.name))
                yield level, reader, word


def _together(
    waiting: OpenReminder,
    said: Sequence[RungReached],
    readers: Mapping[EscalationLevel, Sequence[Recipient]],
    now: datetime,
    holidays: Days,
) -> Iterator[tuple[EscalationLevel, Recipient, LadderPlan]]:
    """The owner's own rungs from a day on, once for each reader, whatever they are besides."""
    first = REMINDERS[waiting.kind].together_from
    levels = {one.name: (level, one) for level in reversed(TOGETHER) for one in readers.get(level, ())}
    for name, (level, reader) in levels.items():
        own = rungs_of_reminder(waiting, first_day(now, reader.zone), holidays)
        rungs = (Rung(f"{_WITH}{rung.key}", rung.days, rung.on) for rung in own if rung.days >= first)
        done = [one.rung for one in said if one.recipient == name]
        yield level, reader, plan(rungs, now=now, zone=reader.zone, done=done, holidays=holidays)


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
