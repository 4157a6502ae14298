"""Ladders: which reminder is due, on which day, and when it may leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.calendar import Days, calendar
from bot.rules.dates import is_business_day, next_business_day
from bot.rules.policy import OnLapse
from bot.rules.reminders.ladder import (
    LadderPlan,
    confirm_rungs,
    filed_rungs,
    filing_review_rungs,
    first_day,
    instant,
    issuer_rungs,
    next_monday,
    next_slot,
    not_yet_offered,
    plan,
    prepare_rungs,
    renewal_rungs,
    rungs_of,
    send_window,
    silence_on,
    snooze_until,
    step_due,
    step_rungs,
    verify_due,
    verify_rungs,
    warning_rungs,
)
from bot.rules.reminders.models import Rung

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [ZoneInfo(z) for z in ("America/New_York", "Pacific/Honolulu", "Pacific/Kiritimati", "Asia/Kolkata")]
LICENSE = (-90, -60, -30, -14, -7, -1, 0)
LONG_AGO = date(2020, 1, 1)
TEN_YEARS = st.dates(date(2026, 1, 1), date(2036, 12, 31))
FEDERAL = calendar("US", None, (date(2026, 11, 27),), (date(2027, 10, 11),))
"""With the day after Thanksgiving 2026, and without Columbus Day 2027."""
CALENDARS: st.SearchStrategy[Days] = st.sampled_from([frozenset(), FEDERAL])
THANKSGIVING = date(2026, 11, 26)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), NEW_YORK)


def keys(rungs: Iterable[Rung], most: int = 9) -> list[tuple[str, date]]:
    return [(rung.key, rung.on) for rung in islice(rungs, most)]


def test_a_filing_to_confirm_is_asked_weekly_then_closer_then_on_mondays() -> None:
    """From the day it was reported; −14, −7, −3, −1 and the day itself; and every week once it has expired."""
    friday, due_on = date(2026, 11, 13), date(2026, 12, 18)

    assert keys(confirm_rungs(due_on, opened_on=friday, from_day=friday), 10) == [
        ("w:2026-11-13", friday),
        ("w:2026-11-20", date(2026, 11, 20)),
        ("w:2026-11-27", date(2026, 11, 27)),
        ("-14", date(2026, 12, 4)),
        ("-7", date(2026, 12, 11)),
        ("-3", date(2026, 12, 15)),
        ("-1", date(2026, 12, 17)),
        ("0", due_on),
        ("monday:2026-12-21", date(2026, 12, 21)),
        ("monday:2026-12-28", date(2026, 12, 28)),
    ]


def test_a_confirmed_filing_is_asked_about_until_somebody_says() -> None:
    """On its day, a week later, on the last day to answer, and on Mondays after that."""
    due_on = date(2027, 1, 8)

    assert [key for key, _ in keys(filing_review_rungs(due_on, from_day=LONG_AGO), 4)] == [
        "-15",
        "-8",
        "0",
        "monday:2027-01-11",
    ]


@pytest.mark.parametrize(
    ("opened_on", "asked"),
    [
        (date(2026, 11, 23), ["-7", "0"]),
        (date(2026, 12, 11), ["0"]),
        (date(2026, 12, 18), []),
    ],
)
def test_whoever_filed_is_not_asked_on_the_day_they_said_so(opened_on: date, asked: list[str]) -> None:
    """Seven days before the expiry and on it, as far as these are still to come."""
    rungs = filed_rungs(date(2026, 12, 18), opened_on=opened_on, from_day=opened_on)

    assert [rung.key for rung in rungs] == asked


def days_of(due_on: date, on_lapse: OnLapse = OnLapse.TASK, from_day: date = LONG_AGO) -> dict[str, date]:
    return {rung.key: rung.on for rung in rungs_of(LICENSE, due_on, on_lapse, from_day=from_day)}


def license_plan(now: datetime, *done: str, due_on: date = date(2026, 12, 31)) -> LadderPlan:
    rungs = renewal_rungs(LICENSE, due_on, OnLapse.INACTIVATE, from_day=first_day(now, NEW_YORK))
    return plan(rungs, now=now, zone=NEW_YORK, done=done)


def test_a_rung_on_a_working_day_stays_there() -> None:
    """Thirty days before Thursday December 31, 2026 is Tuesday, December 1."""
    assert days_of(date(2026, 12, 31))["-30"] == date(2026, 12, 1)


def test_a_rung_on_a_week_end_moves_to_monday_while_that_is_in_time() -> None:
    """Ninety days before is Friday, October 2; sixty is Sunday, November 1, so Monday the 2nd."""
    days = days_of(date(2026, 12, 31))

    assert (days["-90"], days["-60"]) == (date(2026, 10, 2), date(2026, 11, 2))


@pytest.mark.parametrize("from_day", [LONG_AGO, date(2027, 1, 1)])
def test_a_rung_moves_to_friday_where_monday_is_too_late(from_day: date) -> None:
    """Due on Sunday January 3, 2027, the last two rungs fall on Friday the 1st, also when that is today."""
    days = days_of(date(2027, 1, 3), from_day=from_day)

    assert (days["-1"], days["0"]) == (date(2027, 1, 1), date(2027, 1, 1))


def test_a_rung_stays_on_its_week_end_once_friday_has_passed() -> None:
    """From Saturday on, both keep their very day."""
    days = days_of(date(2027, 1, 3), from_day=date(2027, 1, 2))

    assert (days["-1"], days["0"]) == (date(2027, 1, 2), date(2027, 1, 3))


def test_a_holiday_moves_a_rung_as_a_week_end_does() -> None:
    """Due on Thanksgiving, the last day is said on the Wednesday before, and +1 on the Monday after."""
    rungs = rungs_of(LICENSE, THANKSGIVING, OnLapse.INACTIVATE, from_day=LONG_AGO, holidays=FEDERAL)
    days = {rung.key: rung.on for rung in rungs}

    assert (days["-1"], days["0"]) == (date(2026, 11, 25), date(2026, 11, 25))
    assert (days["+1"], days["+3"]) == (date(2026, 11, 30), date(2026, 11, 30))


def test_a_rung_after_the_due_date_moves_to_monday() -> None:
    """Due on a Friday: +1 is a Saturday, +3 and +7 are working days."""
    days = days_of(date(2027, 1, 1), OnLapse.INACTIVATE)

    assert (days["+1"], days["+3"], days["+7"]) == (date(2027, 1, 4), date(2027, 1, 4), date(2027, 1, 8))


@pytest.mark.parametrize("on_lapse", [OnLapse.TASK, OnLapse.INFORM])
def test_only_a_lapse_that_inactivates_is_followed_up(on_lapse: OnLapse) -> None:
    """A ladder of another kind ends where the policy ends it."""
    assert list(days_of(date(2026, 12, 31), on_lapse))[-1] == "0"


def test_a_type_without_a_ladder_is_never_nudged() -> None:
    """No rungs, no follow-up, no Mondays."""
    assert list(renewal_rungs((), date(2026, 12, 31), OnLapse.INACTIVATE, from_day=LONG_AGO)) == []


def test_after_the_last_rung_come_the_owners_mondays() -> None:
    """Every Monday after +7, without end, under the Monday's own date."""
    rungs = renewal_rungs((0,), date(2026, 12, 31), OnLapse.INACTIVATE, from_day=LONG_AGO)

    assert [rung.key for rung in islice(rungs, 6)] == [
        *("0", "+1", "+3", "+7"),
        *("monday:2027-01-11", "monday:2027-01-18"),
    ]


def test_nothing_is_due_before_the_first_rung() -> None:
    """The sweep is told when to look again: 09:00 of the first rung's day in the reader's zone."""
    assert license_plan(local(date(2026, 9, 1), 12)) == LadderPlan(None, (), local(date(2026, 10, 2), 9))


def test_a_rung_is_due_from_nine_of_its_day() -> None:
    """Not a minute before."""
    assert license_plan(local(date(2026, 12, 1), 8, 59), "-60").due is None
    assert license_plan(local(date(2026, 12, 1), 9), "-60").due == Rung("-30", -30, date(2026, 12, 1))


def test_only_the_newest_due_rung_is_sent() -> None:
    """A deadline that begins late does not catch up; the older rungs are recorded as superseded."""
    found = license_plan(local(date(2026, 12, 2), 12))

    assert found.due == Rung("-30", -30, date(2026, 12, 1))
    assert [rung.key for rung in found.superseded] == ["-90", "-60"]
    assert found.next_at == local(date(2026, 12, 17), 9)


def test_a_rung_that_is_done_is_not_due_again() -> None:
    """Nor is anything older than it, recorded or not."""
    assert license_plan(local(date(2026, 12, 2), 12), "-30").due is None


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (local(date(2026, 12, 1), 19), local(date(2026, 12, 2), 9)),
        (local(date(2026, 12, 2), 3), local(date(2026, 12, 2), 9)),
        (local(date(2026, 12, 5), 12), local(date(2026, 12, 7), 9)),
    ],
)
def test_what_is_past_leaves_in_the_next_working_hours(now: datetime, leaves: datetime) -> None:
    """In the evening, at night and on a week-end it waits, and nothing is superseded yet."""
    assert license_plan(now) == LadderPlan(None, (), leaves)


def test_a_rung_that_stayed_on_its_week_end_leaves_that_day() -> None:
    """A deadline that begins on Saturday and ends on Sunday is still said on Saturday."""
    found = license_plan(local(date(2027, 1, 2), 11), due_on=date(2027, 1, 3))

    assert found.due == Rung("-1", -1, date(2027, 1, 2))
    assert found.next_at == local(date(2027, 1, 3), 9)


@pytest.mark.parametrize("done", [("-7",), ()])
def test_friday_has_passed_when_its_hours_have(done: tuple[str, ...]) -> None:
    """What begins on Friday evening does not slip behind a due date on the week-end."""
    found = license_plan(local(date(2027, 1, 1), 18), *done, due_on=date(2027, 1, 3))

    assert found == LadderPlan(None, (), local(date(2027, 1, 2), 9))


def test_missed_weeks_are_not_recorded_one_by_one() -> None:
    """Three years after a lapse the newest Monday is due, and only the ladder's own rungs are superseded."""
    found = license_plan(local(date(2029, 12, 5), 12))

    assert found.due == Rung("monday:2029-12-03", 1068, date(2029, 12, 3))
    assert [rung.key for rung in found.superseded][-3:] == ["+1", "+3", "+7"]


def test_a_ladder_that_has_ended_is_not_looked_at_again() -> None:
    """Where a lapse opens no follow-up, nothing comes after the last rung."""
    rungs = rungs_of((0,), date(2026, 12, 31), OnLapse.TASK, from_day=LONG_AGO)

    assert plan(rungs, now=local(date(2027, 1, 5), 12), zone=NEW_YORK, done={"0"}) == LadderPlan(None, (), None)


def test_a_snooze_asks_again_on_its_day() -> None:
    """Not yet on December 1 puts one more question a week later."""
    rungs = renewal_rungs(LICENSE, date(2026, 12, 31), OnLapse.TASK, from_day=LONG_AGO, snoozed_until=date(2026, 12, 8))
    found = plan(rungs, now=local(date(2026, 12, 8), 9), zone=NEW_YORK, done={"-30"})

    assert found == LadderPlan(Rung("snooze:2026-12-08", -23, date(2026, 12, 8)), (), local(date(2026, 12, 17), 9))


def test_a_snooze_on_a_rungs_day_is_that_rung() -> None:
    """Nobody is asked twice in a day."""
    rungs = renewal_rungs(
        LICENSE, date(2026, 12, 31), OnLapse.TASK, from_day=LONG_AGO, snoozed_until=date(2026, 12, 17)
    )

    assert [rung.key for rung in rungs] == ["-90", "-60", "-30", "-14", "-7", "-1", "0"]


@pytest.mark.parametrize(
    ("today", "next_rung_on", "again"),
    [
        (date(2026, 11, 2), date(2026, 12, 1), date(2026, 11, 9)),
        (date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 4)),
        (date(2026, 12, 20), None, date(2026, 12, 24)),
    ],
)
def test_not_yet_asks_again_at_the_earliest_of_three(today: date, next_rung_on: date | None, again: date) -> None:
    """In a week, at the next rung, or seven days before the due date."""
    assert snooze_until(today, next_rung_on, date(2026, 12, 31)) == again


@pytest.mark.parametrize(("today", "offered"), [(date(2026, 12, 23), True), (date(2026, 12, 24), False)])
def test_not_yet_is_gone_in_the_last_seven_days(today: date, offered: bool) -> None:
    """There is no later left to ask in."""
    assert not_yet_offered(today, date(2026, 12, 31)) is offered


BOARD = (-365, -180)
IN_A_YEAR_AND_MORE = date(2028, 3, 1)


def asked_to_prepare(opened_on: date, from_day: date) -> list[str]:
    rungs = prepare_rungs(BOARD, IN_A_YEAR_AND_MORE, opened_on=opened_on, from_day=from_day)
    return [rung.key for rung in rungs]


@pytest.mark.parametrize(
    ("opened_on", "keys"),
    [
        (date(2026, 11, 23), ["-365", "-180"]),
        (date(2027, 3, 2), ["-365", "-180"]),
        (date(2027, 3, 3), ["-180"]),
        (date(2027, 12, 1), []),
    ],
)
def test_a_day_to_prepare_that_was_past_at_the_beginning_is_not_asked_about(opened_on: date, keys: list[str]) -> None:
    """What an import brings late begins with the next day to prepare, or with the ladder itself."""
    assert asked_to_prepare(opened_on, opened_on) == keys


@pytest.mark.parametrize(("today", "keys"), [(date(2027, 4, 1), ["-365", "-180"]), (date(2027, 4, 2), ["-180"])])
def test_a_day_to_prepare_has_its_day_for_a_month(today: date, keys: list[str]) -> None:
    """After a long pause nobody is asked about it just before the renewal."""
    assert asked_to_prepare(date(2026, 11, 23), today) == keys


def test_a_day_to_prepare_on_a_week_end_moves_to_monday() -> None:
    """180 days before June 30, 2028 is Sunday, January 2."""
    rungs = prepare_rungs((-180,), date(2028, 6, 30), opened_on=LONG_AGO, from_day=LONG_AGO)

    assert [rung.on for rung in rungs] == [date(2028, 1, 3)]


def test_an_owner_verifies_within_three_business_days() -> None:
    """Told at once, then on the due date, +1, +3 business days, then every week."""
    due_on = verify_due(date(2026, 11, 27))

    assert due_on == date(2026, 12, 2)
    assert [(rung.key, rung.on) for rung in islice(verify_rungs(due_on), 6)] == [
        ("-3", date(2026, 11, 27)),
        ("0", date(2026, 12, 2)),
        ("+1", date(2026, 12, 3)),
        ("+3", date(2026, 12, 7)),
        ("w:2026-12-14", date(2026, 12, 14)),
        ("w:2026-12-21", date(2026, 12, 21)),
    ]


def test_an_issuer_is_asked_every_week() -> None:
    """The owner's first card comes at once, on a working day."""
    days = [rung.on for rung in islice(issuer_rungs(date(2026, 11, 28)), 3)]

    assert days == [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14)]


def test_an_open_step_is_chased_for_ever() -> None:
    """Due in five business days; a reply that day and every third business day after."""
    due_on = step_due(date(2026, 11, 23))

    assert [(rung.key, rung.on) for rung in islice(step_rungs(due_on), 3)] == [
        ("0", date(2026, 11, 30)),
        ("+3", date(2026, 12, 3)),
        ("+6", date(2026, 12, 8)),
    ]


def test_the_owner_is_warned_once_before_a_lapse() -> None:
    """Seven days before, on a working day."""
    assert warning_rungs(date(2026, 12, 6), from_day=LONG_AGO) == (Rung("-7", -7, date(2026, 11, 30)),)


@pytest.mark.parametrize(
    ("unanswered", "heard_on"),
    [
        ([], None),
        ([(-90, date(2026, 10, 2)), (-30, date(2026, 12, 1))], None),
        ([(-30, date(2026, 12, 1)), (-14, date(2026, 12, 17))], date(2026, 12, 22)),
        ([(-14, date(2026, 12, 17)), (-7, date(2026, 12, 24))], date(2026, 12, 22)),
        ([(7, date(2027, 1, 7))], date(2027, 1, 12)),
    ],
)
def test_silence_is_heard_three_business_days_after_rung_14(
    unanswered: list[tuple[int, date]], heard_on: date | None
) -> None:
    """Earlier reminders may go unanswered; the first one from rung -14 on starts the count."""
    assert silence_on(unanswered) == heard_on


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (local(date(2026, 11, 23), 8), local(date(2026, 11, 23), 9)),
        (local(date(2026, 11, 23), 17, 59), local(date(2026, 11, 23), 17, 59)),
        (local(date(2026, 11, 23), 18), local(date(2026, 11, 24), 9)),
        (local(date(2026, 11, 27), 18), local(date(2026, 11, 30), 9)),
        (local(THANKSGIVING, 10), local(date(2026, 11, 27), 9)),
    ],
)
def test_the_send_window_is_nine_to_six_on_working_days(now: datetime, opens: datetime) -> None:
    """Inside it is now; outside it is the next morning that opens it."""
    assert send_window(now, NEW_YORK, frozenset({THANKSGIVING})) == opens


def test_the_next_slot_is_the_next_working_morning() -> None:
    """Whoever had today's message on a Friday hears the rest on Monday."""
    assert next_slot(local(date(2026, 11, 27), 10), NEW_YORK) == local(date(2026, 11, 30), 9)


@pytest.mark.parametrize(
    ("day", "utc_hour"), [(date(2027, 3, 12), 14), (date(2027, 3, 15), 13), (date(2026, 11, 2), 14)]
)
def test_nine_is_nine_on_both_sides_of_summer_time(day: date, utc_hour: int) -> None:
    """The clock on the reader's wall decides; UTC follows it."""
    assert instant(day, NEW_YORK) == datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 29)])
def test_next_monday_is_never_today(day: date) -> None:
    """From a Monday it is a week, from a Sunday a day."""
    assert next_monday(day) == date(2026, 11, 30)


def sweep(
    rungs: Callable[[date], Iterable[Rung]],
    now: datetime,
    until: datetime,
    zone: ZoneInfo,
    holidays: Days = frozenset(),
) -> list[tuple[datetime, Rung]]:
    """What a punctual sweep sends: plans, records, and sleeps until the plan says to look again."""
    sent: list[tuple[datetime, Rung]] = []
    done: set[str] = set()
    while now < until:
        found = plan(rungs(first_day(now, zone)), now=now, zone=zone, done=done, holidays=holidays)
        if found.due:
            sent.append((now.astimezone(zone), found.due))
            done |= {found.due.key, *(rung.key for rung in found.superseded)}
        if found.next_at is None:
            break
        assert found.next_at > now
        now = found.next_at
    return sent


@settings(max_examples=150, deadline=None)
@given(TEN_YEARS, st.integers(-120, 20), st.integers(0, 24 * 60 - 1), st.sampled_from(ZONES), CALENDARS)
def test_a_ladder_is_said_in_working_hours_and_never_twice(
    due_on: date, begins: int, minute: int, zone: ZoneInfo, holidays: Days
) -> None:
    """Over ten years of due dates, wherever the reader is and whenever the deadline begins."""
    start = datetime.combine(due_on + timedelta(days=begins), time(), zone) + timedelta(minutes=minute)
    until = datetime.combine(due_on + timedelta(days=40), time(), zone)

    def rungs(day: date) -> Iterable[Rung]:
        return renewal_rungs(LICENSE, due_on, OnLapse.INACTIVATE, from_day=day, holidays=holidays)

    sent = sweep(rungs, start, until, zone, holidays)

    assert sent
    assert len({rung.key for _, rung in sent}) == len({at.date() for at, _ in sent}) == len(sent)
    assert all(time(9) <= at.time() < time(18) for at, _ in sent)
    assert all(is_business_day(at.date(), holidays) or at.date() == rung.on <= due_on for at, rung in sent)


@given(TEN_YEARS, st.integers(-30, 5), CALENDARS)
def test_a_rung_leaves_a_working_day_only_where_friday_has_passed(due_on: date, from_day: int, holidays: Days) -> None:
    """A rung is on a working day, or on its own day with no working day left before the due date."""
    first = due_on + timedelta(days=from_day)

    for rung in rungs_of(LICENSE, due_on, OnLapse.INACTIVATE, from_day=first, holidays=holidays):
        assert is_business_day(rung.on, holidays) or (
            rung.on == due_on + timedelta(days=rung.days) and next_business_day(max(rung.on, first), holidays) > due_on
        )


@given(TEN_YEARS, st.integers(-30, 5), CALENDARS)
def test_rungs_up_to_the_due_date_stay_up_to_it(due_on: date, from_day: int, holidays: Days) -> None:
    """No week-end pushes a reminder past the day it is about, and the order of rungs is kept."""
    first = due_on + timedelta(days=from_day)
    rungs = rungs_of(LICENSE, due_on, OnLapse.INACTIVATE, from_day=first, holidays=holidays)

    assert all((rung.on <= due_on) == (rung.days <= 0) for rung in rungs)
    assert [rung.on for rung in rungs] == sorted(rung.on for rung in rungs)


@settings(max_examples=50, deadline=None)
@given(TEN_YEARS, st.sampled_from([verify_rungs, issuer_rungs, step_rungs]), st.sampled_from(ZONES), CALENDARS)
def test_a_task_is_repeated_on_working_days_only(
    due_on: date, rungs: Callable[..., Iterable[Rung]], zone: ZoneInfo, holidays: Days
) -> None:
    """Owners and approvers are not reminded at week-ends, on holidays or at night."""
    start = datetime.combine(due_on, time(), zone)

    sent = sweep(lambda _day: rungs(due_on, holidays), start, start + timedelta(days=60), zone, holidays)

    assert len({rung.key for _, rung in sent}) == len(sent) >= 8
    assert all(is_business_day(at.date(), holidays) and time(9) <= at.time() < time(18) for at, _ in sent)
