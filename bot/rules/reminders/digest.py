"""The team's Monday digest: what it says, and when a week's is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.rules.calendar import Days
from bot.rules.credentials.identity import Identity
from bot.rules.dates import DAY, next_business_day
from bot.rules.reminders.ladder import first_day, instant

WITHIN = 30
"""Days ahead that the digest looks."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is due on one day, of one identity, and whose; nothing newer is reported of it."""

    what: Identity
    due_on: date
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PendingCount:
    """Tasks of one coordinator, or requests before one body; ``oldest_due_on`` is the day the first was due."""

    whom: str
    count: int
    oldest_due_on: date


@dataclass(frozen=True, slots=True)
class DigestView:
    """What the team's channel reads on a Monday: names, types and dates; never a number or a finding."""

    monday: date
    """Of the week that it opens; one that was missed is said later in it."""
    on: date
    lapsing: tuple[Lapse, ...]
    """Within 30 days, soonest first."""
    silent: tuple[Lapse, ...]
    """Whose reminders have had no answer since the channel heard of it."""
    tasks: tuple[PendingCount, ...]
    """By responsible coordinator, the longest list first."""
    steps: tuple[PendingCount, ...]
    """Open requests, by the body whose turn it is."""
    late: tuple[Lapse, ...]
    """Recredentialing past its month: a finding (NCQA CR 4)."""
    head: str
    """``SEQ:HASH`` of the audit chain, for ``credbot audit verify --head``."""


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - DAY * day.weekday()


def week_due(now: datetime, zone: tzinfo, told: date | None, holidays: Days = frozenset()) -> date | None:
    """The Monday whose digest is to be said now; None while there is none.

    It leaves on the first working day of the week, from 09:00 to 18:00 in the organization's zone. Later in the week
    only where the team has had one before (``told``, its Monday) and missed this one: nobody starts with last
    Monday's news.
    """
    today = now.astimezone(zone).date()
    monday, opens = monday_of(today), next_business_day(monday_of(today), holidays)
    if told is not None and told >= monday:
        return None
    in_hours = first_day(now, zone) == today == next_business_day(today, holidays) and instant(today, zone) <= now
    return monday if in_hours and (today == opens or told is not None) else None


def grouped(found: Iterable[tuple[Identity, date, str]]) -> tuple[Lapse, ...]:
    """By identity and day, soonest first; ``found`` are identity, due date and name."""
    names: dict[tuple[date, Identity], set[str]] = defaultdict(set)
    for what, due_on, name in found:
        names[due_on, what].add(name)
    order = sorted(names, key=lambda key: (key[0], key[1].columns))
    return tuple(Lapse(what, due_on, tuple(sorted(names[due_on, what]))) for due_on, what in order)
