"""When whose turn it is said, and said again: ladders of rungs, and which rung is due now.

Every ladder is an iterable of rungs in the order of their days, and may be endless. A rung's ``key`` is the
same however often the ladder is computed, so a rung that is done stays done:
``-30``, ``0``, ``+7``  days (a credential) or business days (a task) relative to the due date
``snooze:2026-12-01``   somebody pressed Not yet, and is asked again
``monday:2026-12-07``   the owner's task after a lapse that nobody acted on
``w:2026-12-07``        an owner's task that is repeated every week
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import chain, count, islice, takewhile

from bot.rules.calendar import Days
from bot.rules.dates import (
    DAY,
    add_business_days,
    is_business_day,
    next_business_day,
    previous_business_day,
)
from bot.rules.policy import OnLapse
from bot.rules.reminders.models import Rung

OPENS, CLOSES = time(9), time(18)
"""The hours, in the reader's zone, in which a reminder may leave; closing time itself is too late."""
WEEK = timedelta(days=7)
AFTER_LAPSE = (1, 3, 7)
"""Rungs that follow every ladder whose lapse inactivates, while nothing was reported."""
VERIFY_WITHIN, REVIEW_WITHIN, REVIEW_EVERY = 3, 5, 3
"""Business days: to verify what was reported, to decide an open step, between replies in its thread."""
CONFIRM_AT = (-14, -7, -3, -1, 0)
"""Days relative to the expiry on which a filing that nobody has confirmed is owner's, backup's and admins'."""
REVIEW_FILING_AT = (-15, -8, 0)
"""Days relative to the last day to answer."""
ASK_AGAIN_AT = (-7, 0)
"""Days relative to the expiry on which whoever filed a renewal is asked whether it has come."""
LOOK_AGAIN_WITHIN = 10
"""Business days until what was not in good standing at its source is looked at again."""
SILENT_AFTER, SILENT_FROM = 3, -14
"""Business days without an answer, from this rung on, until the team's channel hears of it."""

PREPARE_FOR = timedelta(days=30)
"""How long a day to prepare is worth asking about; after that it has had its day."""

WARN_AT = -7
"""Days relative to the due date at which the owner hears what is about to become inactive."""
MONDAY, WEEKLY = "monday", "w"


@dataclass(frozen=True, slots=True)
class LadderPlan:
    """What a sweep does with one deadline: send ``due``, record ``superseded``, look again at ``next_at``."""

    due: Rung | None
    superseded: tuple[Rung, ...]
    next_at: datetime | None
    """Aware UTC; None once the ladder has nothing more to say."""


def plan(
    rungs: Iterable[Rung], *, now: datetime, zone: tzinfo, done: Collection[str], holidays: Days = frozenset()
) -> LadderPlan:
    """The newest rung whose instant has come and that is not ``done``, if it may leave now.

    ``done`` are the keys sent or superseded; what is older than one of them has had its day. Missed weeks of
    a weekly task are not listed as superseded: there may be years of them.
    """
    come: list[Rung] = []
    upcoming = None
    for rung in rungs:
        if rung.key in done:
            come.clear()
        elif instant(rung.on, zone) <= now:
            come.append(rung)
        else:
            upcoming = instant(rung.on, zone)
            break
    if not come:
        return LadderPlan(None, (), upcoming)
    leaves = _leaves(come[-1], now, zone, holidays)
    if leaves > now:
        return LadderPlan(None, (), min(leaves, upcoming or leaves))
    return LadderPlan(come[-1], tuple(rung for rung in come[:-1] if not _weekly_key(rung.key)), upcoming)


def renewal_rungs(
    ladder: tuple[int, ...],
    due_on: date,
    on_lapse: OnLapse,
    *,
    from_day: date,
    snoozed_until: date | None = None,
    holidays: Days = frozenset(),
) -> Iterator[Rung]:
    """A credential's whole ladder: its rungs with the snooze among them, then the owner's Mondays.

    Empty where the type has no ladder; endless where a lapse inactivates.
    """
    rungs = rungs_of(ladder, due_on, on_lapse, from_day=from_day, holidays=holidays)
    snoozed = _with_snooze(rungs, snoozed_until, due_on, holidays) if snoozed_until else rungs
    if not rungs or on_lapse is not OnLapse.INACTIVATE:
        return iter(snoozed)
    return chain(snoozed, _weekly(MONDAY, next_monday(rungs[-1].on), due_on, holidays))


@lru_cache(maxsize=4_096)
def rungs_of(
    ladder: tuple[int, ...], due_on: date, on_lapse: OnLapse, *, from_day: date, holidays: Days = frozenset()
) -> tuple[Rung, ...]:
    """A ladder's rungs on working days.

    ``from_day`` is the first day on which a message can still leave (``first_day``): a rung that week-end and
    due date push back to Friday stays where it is once that Friday has passed.
    """
    after = AFTER_LAPSE if ladder and on_lapse is OnLapse.INACTIVATE else ()
    days = sorted({*ladder, *after})
    return tuple(Rung(_key(d), d, _working_day(due_on + DAY * d, due_on, from_day, holidays)) for d in days)


def recredentialing_rungs(
    ladder: tuple[int, ...], due_on: date, *, from_day: date, holidays: Days = frozenset()
) -> Iterator[Rung]:
    """The owner's rungs until a decision is recorded; once it is late, every Monday: a finding is always reported."""
    rungs = rungs_of(ladder, due_on, OnLapse.INFORM, from_day=from_day, holidays=holidays)
    return chain(rungs, _weekly(MONDAY, next_monday(max(due_on, rungs[-1].on)), due_on, holidays))


def warning_rungs(due_on: date, *, from_day: date, holidays: Days = frozenset()) -> tuple[Rung, ...]:
    """The owner's one card before something becomes inactive."""
    return rungs_of((WARN_AT,), due_on, OnLapse.INFORM, from_day=from_day, holidays=holidays)


def prepare_rungs(
    ladder: tuple[int, ...], due_on: date, *, opened_on: date, from_day: date, holidays: Days = frozenset()
) -> Iterator[Rung]:
    """The days on which somebody is asked whether they are ready for the renewal.

    Only those that were still to come when the deadline opened, and each only for ``PREPARE_FOR``: nobody is asked
    to prepare what an import brought late, nor just before the renewal itself is asked about.
    """
    for rung in rungs_of(ladder, due_on, OnLapse.INFORM, from_day=from_day, holidays=holidays):
        if rung.on >= opened_on and from_day <= rung.on + PREPARE_FOR:
            yield rung


def prepares_until(ladder: tuple[int, ...], due_on: date) -> date:
    """The last day on which being ready is worth asking about."""
    return due_on + DAY * ladder[-1] + PREPARE_FOR


def look_again_rungs(due_on: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """The owner's task to look at a source again: at once, then as ``verify_rungs``."""
    at_once = _task_rung(due_on, -LOOK_AGAIN_WITHIN, holidays)
    return chain([at_once], islice(verify_rungs(due_on, holidays), 1, None))


def verify_rungs(due_on: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """The owner's task to verify (or settle a discrepancy): at once, on the due date, +1, +3, then weekly."""
    last = _task_rung(due_on, 3, holidays)
    first = (_task_rung(due_on, n, holidays) for n in (-VERIFY_WITHIN, 0, 1))
    return chain(first, (last,), _weekly(WEEKLY, last.on + WEEK, due_on, holidays))


def issuer_rungs(since: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """The owner's check with an issuer who has not answered: once a week, the first at once."""
    return _weekly(WEEKLY, since, since, holidays)


def confirm_rungs(due_on: date, *, opened_on: date, from_day: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """The owner's task to confirm a filing: weekly from its first day, closer as the expiry nears, then on Mondays."""
    close = rungs_of(CONFIRM_AT, due_on, OnLapse.INFORM, from_day=from_day, holidays=holidays)
    weekly = takewhile(lambda rung: rung.on < close[0].on, _weekly(WEEKLY, opened_on, due_on, holidays))
    return chain(weekly, close, _weekly(MONDAY, next_monday(close[-1].on), due_on, holidays))


def filing_review_rungs(due_on: date, *, from_day: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """Whether a confirmed filing still holds: asked until the due date, then every Monday."""
    rungs = rungs_of(REVIEW_FILING_AT, due_on, OnLapse.INFORM, from_day=from_day, holidays=holidays)
    return chain(rungs, _weekly(MONDAY, next_monday(rungs[-1].on), due_on, holidays))


def filed_rungs(due_on: date, *, opened_on: date, from_day: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """Whoever filed is asked again shortly before the expiry and on it; not on the very day on which they said so."""
    rungs = rungs_of(ASK_AGAIN_AT, due_on, OnLapse.INFORM, from_day=from_day, holidays=holidays)
    return (rung for rung in rungs if rung.on > opened_on)


def step_rungs(due_on: date, holidays: Days = frozenset()) -> Iterator[Rung]:
    """Replies in the thread of an open approval step: on its due date and every third business day after."""
    return (_task_rung(due_on, n, holidays) for n in count(0, REVIEW_EVERY))


def verify_due(since: date, holidays: Days = frozenset()) -> date:
    """The day by which what was reported on ``since`` is to be verified."""
    return add_business_days(since, VERIFY_WITHIN, holidays)


def look_again_due(verified_on: date, holidays: Days = frozenset()) -> date:
    """The day by which what was not in good standing on ``verified_on`` is looked at again."""
    return add_business_days(verified_on, LOOK_AGAIN_WITHIN, holidays)


def step_due(opened_on: date, holidays: Days = frozenset()) -> date:
    """The day by which an approval step opened on that day is to be decided."""
    return add_business_days(opened_on, REVIEW_WITHIN, holidays)


def instant(day: date, zone: tzinfo) -> datetime:
    """09:00 of a day in a zone, as aware UTC; summer time only moves the UTC side."""
    return datetime.combine(day, OPENS, zone).astimezone(UTC)


def send_window(now: datetime, zone: tzinfo, holidays: Days = frozenset()) -> datetime:
    """The earliest instant, not before ``now``, on a working day between 09 and 18 in the zone; aware UTC."""
    day = first_day(now, zone)
    opens = instant(next_business_day(day, holidays), zone)
    return max(opens, now.astimezone(UTC))


def next_slot(now: datetime, zone: tzinfo, holidays: Days = frozenset()) -> datetime:
    """09:00 of the next working day, for a person who has had today's message; aware UTC."""
    return instant(add_business_days(now.astimezone(zone).date(), 1, holidays), zone)


def first_day(now: datetime, zone: tzinfo) -> date:
    """The first day, in the zone, on which a message can still leave: today until 18:00."""
    local = now.astimezone(zone)
    return local.date() if local.time() < CLOSES else local.date() + DAY


def next_monday(day: date) -> date:
    """The first Monday after a day, never the day itself."""
    return day + DAY * (7 - day.weekday())


def not_yet_offered(today: date, due_on: date) -> bool:
    """Whether **Not yet** is shown: not within the last 7 days, when there is no later to ask again."""
    return today < due_on - WEEK


def snooze_until(today: date, next_rung_on: date | None, due_on: date) -> date:
    """When somebody who pressed **Not yet** is asked again."""
    return min(today + WEEK, due_on - WEEK, next_rung_on or date.max)


def silence_on(unanswered: Iterable[tuple[int, date]], holidays: Days = frozenset()) -> date | None:
    """The day on which the team's channel hears that a person does not answer; None while it need not.

    ``unanswered``: for each reminder since the last answer, its rung's days relative to the due date and the
    day it was sent.
    """
    late = [sent_on for days, sent_on in unanswered if days >= SILENT_FROM]
    return add_business_days(min(late), SILENT_AFTER, holidays) if late else None


def _leaves(rung: Rung, now: datetime, zone: tzinfo, holidays: Days) -> datetime:
    """When a rung whose instant has come may leave; one that stayed on a week-end leaves on that very day."""
    if first_day(now, zone) == rung.on:
        return now.astimezone(UTC)
    return send_window(now, zone, holidays)


def _working_day(day: date, due_on: date, from_day: date, holidays: Days) -> date:
    later = next_business_day(day, holidays)
    if day > due_on or later <= due_on or is_business_day(day, holidays):
        return later
    earlier = previous_business_day(day, holidays)
    return earlier if earlier >= from_day else day


def _with_snooze(rungs: tuple[Rung, ...], until: date, due_on: date, holidays: Days) -> tuple[Rung, ...]:
    """The ladder with the snooze in its place, unless a rung asks on that day anyway."""
    snooze = Rung(f"snooze:{until}", (until - due_on).days, next_business_day(until, holidays))
    if any(rung.on == snooze.on for rung in rungs):
        return rungs
    return tuple(sorted((*rungs, snooze), key=lambda rung: (rung.on, rung.days)))


def _task_rung(due_on: date, business_days: int, holidays: Days) -> Rung:
    on = add_business_days(next_business_day(due_on, holidays), business_days, holidays)
    return Rung(_key(business_days), (on - due_on).days, on)


def _weekly(prefix: str, first: date, due_on: date, holidays: Days) -> Iterator[Rung]:
    """Endless; keys name the unshifted day, so that another holiday list repeats nothing."""
    for week in count():
        day = first + WEEK * week
        yield Rung(f"{prefix}:{day}", (day - due_on).days, next_business_day(day, holidays))


def _weekly_key(key: str) -> bool:
    return key.partition(":")[0] in (MONDAY, WEEKLY)


def _key(days: int) -> str:
    return f"{days:+d}" if days else "0"
