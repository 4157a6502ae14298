"""Over ten years of days, wherever readers are and go: each rung on its local day, in working hours, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.dates import is_business_day
from bot.rules.policy import OnLapse
from bot.rules.reminders.catalog import DeadlineKind
from bot.rules.reminders.ladder import LadderPlan
from bot.rules.reminders.schedule import OpenReminder, RungReached, next_word

ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York", "America/St_Johns", "America/Santiago", "Pacific/Honolulu", "Pacific/Pago_Pago",
        "Pacific/Kiritimati", "Pacific/Chatham", "Australia/Lord_Howe", "Australia/Adelaide", "Asia/Kathmandu",
        "Asia/Kolkata", "Africa/Casablanca", "Europe/London", "America/Nuuk",
    )
]  # fmt: skip
"""Half and three quarter hours, summer in the south, a summer of half an hour, summer time that Ramadan interrupts."""
AWKWARD = [
    *(date(year, 2, 28) + timedelta(days=ahead) for year in (2027, 2028, 2032, 2036) for ahead in (0, 1)),
    *(date(2026 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 25)),
    *(date(2027, month, day) for month in (3, 4, 9, 10, 11) for day in (1, 7, 14, 26, 28)),
]
"""Ends of months, February 29 and the day before, days about a change of clocks."""
DUE = st.one_of(st.dates(date(2026, 1, 1), date(2036, 12, 31)), st.sampled_from(AWKWARD))
LADDERS = [(-90, -60, -30, -14, -7, -1, 0), (-60, -30, -14, -7, 0), (-14, -7, -3, -2, -1, 0), (0,), (-120, -7)]
DAY, OPENS, CLOSES = timedelta(days=1), time(9), time(18)
BEFORE, AFTER = 130, 16
"""Days before the due date on which the deadline is open already, and after it to which we look."""

Sent = tuple[datetime, str]
"""When, in the reader's zone, and which rung."""


@dataclass(frozen=True)
class Life:
    """A deadline and its reader: from which instant on they are in which zone, and when somebody sweeps."""

    waiting: OpenReminder
    stays: tuple[tuple[datetime, ZoneInfo], ...]
    sweeps: tuple[datetime, ...]
    holidays: frozenset[date]

    def zone(self, now: datetime) -> ZoneInfo:
        return [zone for since, zone in self.stays if since <= now][-1]

    def moved(self, earlier: datetime, now: datetime) -> bool:
        return any(earlier < since <= now for since, _ in self.stays[1:])


@st.composite
def lives(draw: st.DrawFn, *, moves: int = 0, away: int = 0) -> Life:
    """``moves``: how often the reader moves at most; ``away``: how many times nobody sweeps for hours or days."""
    due_on, random = draw(DUE), Random(draw(st.integers(0, 2**32)))
    waiting = OpenReminder(DeadlineKind.EXPIRY, due_on, draw(st.sampled_from(LADDERS)), draw(st.sampled_from(OnLapse)))
    begins = datetime.combine(due_on - DAY * BEFORE, time(), UTC)
    days = sorted(draw(st.lists(st.floats(0, BEFORE + AFTER), max_size=moves)))
    stays = [(begins, draw(st.sampled_from(ZONES)))]
    stays += [(begins + DAY * day, draw(st.sampled_from(ZONES))) for day in days]
    outages = {random.randrange(BEFORE + AFTER) for _ in range(draw(st.integers(0, away)))}
    holidays = {due_on + DAY * random.randint(-100, AFTER) for _ in range(draw(st.integers(0, 3)))}
    return Life(waiting, tuple(stays), tuple(_sweeps(begins, random, outages)), frozenset(holidays))


def _sweeps(begins: datetime, random: Random, outages: set[int]) -> Iterator[datetime]:
    """At random minutes, three hours apart at most; an outage of up to five days begins on the days named."""
    now = begins
    while now < begins + DAY * (BEFORE + AFTER):
        yield now
        day = (now - begins).days
        now += timedelta(minutes=random.randint(5, 175))
        if day in outages and (now - begins).days != day:
            now += timedelta(minutes=random.randint(60, 60 * 120))


def told(life: Life, *, sleeps: bool = False) -> list[Sent]:
    """What is said. ``sleeps``: as the job does it, nobody looks before ``next_at``, unless the reader has moved."""
    said: list[RungReached] = []
    sent: list[Sent] = []
    planned, looked = LadderPlan(None, (), life.sweeps[0]), life.sweeps[0]
    for now in life.sweeps:
        if sleeps and not life.moved(looked, now) and (planned.next_at is None or planned.next_at > now):
            continue
        planned, looked = next_word(life.waiting, said, now, life.zone(now), life.holidays), now
        if planned.due:
            sent.append((now.astimezone(life.zone(now)), planned.due.key))
            said += [RungReached(rung.key, now, told=False) for rung in planned.superseded]
            said.append(RungReached(planned.due.key, now))
    return sent


def days_wanted(waiting: OpenReminder, holidays: frozenset[date]) -> dict[date, int]:
    """The rule said by itself: the day of each rung, and which rung is the newest of that day."""
    after = (1, 3, 7) if waiting.on_lapse is OnLapse.INACTIVATE else ()
    return {_wanted(waiting.due_on, rung, holidays): rung for rung in sorted({*waiting.ladder, *after})}


def _wanted(due_on: date, rung: int, holidays: frozenset[date]) -> date:
    day = due_on + DAY * rung
    later = next(d for n in range(30) if is_business_day(d := day + DAY * n, holidays))
    if rung > 0 or later <= due_on:
        return later
    return next(d for n in range(30) if is_business_day(d := day - DAY * n, holidays))


def in_working_hours(sent: Sequence[Sent], life: Life) -> bool:
    """Between 09 and 18 by the reader's clock, on a working day, or on the very day where no other was left."""
    return all(
        OPENS <= at.time() < CLOSES and (is_business_day(at.date(), life.holidays) or at.date() <= life.waiting.due_on)
        for at, _ in sent
    )


@settings(max_examples=60, deadline=None)
@given(lives())
def test_each_rung_is_said_on_its_local_day(life: Life) -> None:
    """Whatever the zone, the season and the calendar: the newest rung of each day, on that day, and nothing else."""
    sent = told(life)

    assert [(at.date(), int(rung)) for at, rung in sent] == [*days_wanted(life.waiting, life.holidays).items()]
    assert in_working_hours(sent, life)


@settings(max_examples=60, deadline=None)
@given(lives(moves=5, away=12))
def test_who_moves_is_told_once_and_in_working_hours(life: Life) -> None:
    """In each of their zones, across the date line and back, and after days in which nobody swept."""
    sent = told(life)

    assert len({rung for _, rung in sent}) == len(sent)
    assert in_working_hours(sent, life)
    assert [int(rung) for _, rung in sent] == sorted(int(rung) for _, rung in sent)


@settings(max_examples=60, deadline=None)
@given(lives(moves=5, away=12))
def test_sleeping_until_the_next_look_misses_nothing(life: Life) -> None:
    """Whoever looks only when the plan says so, and when the reader has moved, says the same at the same time."""
    assert told(life, sleeps=True) == told(life)


@settings(max_examples=30, deadline=None)
@given(lives(moves=2, away=2), st.integers(-60, 10), st.integers(-20, 0))
def test_not_yet_asks_again_and_repeats_nothing(life: Life, pressed: int, ahead: int) -> None:
    """A snooze anywhere in the ladder adds one question at most, in working hours too."""
    until = life.waiting.due_on + DAY * min(pressed, ahead)
    snoozed = replace(life, waiting=replace(life.waiting, snoozed_until=until))

    sent, without = told(snoozed), told(life)

    assert len({rung for _, rung in sent}) == len(sent) <= len(without) + 1
    assert in_working_hours(sent, life)
    assert told(snoozed, sleeps=True) == sent
