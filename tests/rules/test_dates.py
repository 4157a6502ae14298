"""Dates as people type them, terms and business days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.dates import (
    Ambiguous,
    add_business_days,
    add_months,
    anniversary_end,
    ask_year,
    check_term,
    is_business_day,
    month_end,
    next_business_day,
    read_date,
)
from bot.rules.refusals import Invalid, Question

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "2027-01-15",
        "2027/1/15",
        "15 Jan 2027",
        "  15   january 2027 ",
        "15-Jan-2027",
        "15th of January, 2027",
        "Jan 15, 2027",
        "Jan. 15 2027",
        "JANUARY 15 2027",
        "2027 Jan 15",
        "1/15/2027",
        "15/1/2027",
        "15.1.2027",
    ],
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    """Every usual way to write January 15, 2027 is understood."""
    assert read_date(typed, TODAY) == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("yesterday", date(2026, 11, 22)),
        ("in 30 days", date(2026, 12, 23)),
        ("in a year", date(2027, 11, 23)),
        ("3 months ago", date(2026, 8, 23)),
    ],
)
def test_relative_words_count_from_today(typed: str, day: date) -> None:
    """The organization's today decides what "tomorrow" is."""
    assert read_date(typed, TODAY) == day


def test_a_date_that_reads_two_ways_is_asked_not_guessed() -> None:
    """3/4/2027 offers March 4 and April 3."""
    assert read_date("3/4/2027", TODAY) == Ambiguous("3/4/2027", (date(2027, 3, 4), date(2027, 4, 3)))


def test_a_date_that_reads_the_same_both_ways_is_not_asked() -> None:
    """4/4/2027 is one day in either order."""
    assert read_date("4/4/2027", TODAY) == date(2027, 4, 4)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31 Feb 2027", "no_such_day"),
        ("2/30/2027", "no_such_day"),
        ("13/13/2027", "no_such_day"),
        ("1/15/27", "two_digit_year"),
        ("15 Jan 27", "two_digit_year"),
        ("Jan 15, '27", "two_digit_year"),
        ("", "unreadable_date"),
        ("soon", "unreadable_date"),
        ("12", "unreadable_date"),
        ("13/2027", "unreadable_date"),
        ("1234-05", "unreadable_date"),
        ("0227-01-15", "far_off_date"),
        ("0001-01-01", "far_off_date"),
        ("9999-12-31", "far_off_date"),
        ("31 Dec 2200", "far_off_date"),
        ("in 9999 years", "far_off_date"),
        ("9999 months ago", "far_off_date"),
        ("2027-01-15" + "0" * 1_900, "unreadable_date"),
        ("3/4/2027 or so", "unreadable_date"),
    ],
)
def test_what_is_no_day_says_why(typed: str, code: str) -> None:
    """Impossible, short-year, far-off and unreadable dates are told apart."""
    assert read_date(typed, TODAY) == Invalid("expires_on", code, {"typed": typed})


@pytest.mark.parametrize(
    ("typed", "code", "meant"),
    [
        ("Feb 29, 2027", "feb_28", date(2027, 2, 28)),
        ("2/29/2027", "feb_28", date(2027, 2, 28)),
        ("2027-02-29", "feb_28", date(2027, 2, 28)),
        ("Dec 2027", "last_of_month", date(2027, 12, 31)),
        ("February 2028", "last_of_month", date(2028, 2, 29)),
        ("12/2027", "last_of_month", date(2027, 12, 31)),
        ("2027-12", "last_of_month", date(2027, 12, 31)),
    ],
)
def test_what_a_document_prints_without_its_day_is_asked(typed: str, code: str, meant: date) -> None:
    """A month, and Feb 29 of a common year, are questions that offer the day which was probably meant."""
    found = read_date(typed, TODAY)

    assert isinstance(found, Question)
    assert (found.code, found.offer, found.facts) == (code, meant, {"typed": typed, "meant": meant})


def test_a_month_is_its_last_day_where_documents_show_months() -> None:
    """Whoever knows that takes the month; a day stays as it was read."""
    assert month_end(read_date("Dec 2027", TODAY)) == date(2027, 12, 31)
    assert month_end(read_date("Dec 15, 2027", TODAY)) == date(2027, 12, 15)
    assert month_end(read_date("Feb 29, 2027", TODAY)) != date(2027, 2, 28)


@pytest.mark.parametrize(
    ("issued_on", "expires_on", "asked"),
    [
        (None, date(2030, 11, 23), False),
        (None, date(2030, 11, 24), True),
        (None, date(2072, 12, 31), True),
        (None, date(2020, 1, 1), False),
        (date(2025, 1, 1), date(2029, 1, 1), False),
        (date(2025, 1, 1), date(2029, 1, 2), True),
        (date(2010, 1, 1), date(2029, 1, 2), False),
        (None, None, False),
    ],
)
def test_a_term_longer_than_usual_is_asked_about(issued_on: date | None, expires_on: date | None, asked: bool) -> None:
    """It counts from its issue; from today where that is unknown, or so long ago that it is another term's."""
    assert (ask_year(issued_on, expires_on, TODAY, 48) is not None) is asked


def test_what_was_never_said_to_have_a_length_is_not_asked_about() -> None:
    """A type without ``longest_months`` takes any term."""
    assert ask_year(None, date(2072, 12, 31), TODAY, None) is None


def test_a_refusal_names_the_field_it_was_typed_into() -> None:
    """A form shows the error under its own field."""
    refused = read_date("soon", TODAY, field="issued_on")

    assert isinstance(refused, Invalid)
    assert refused.field == "issued_on"


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%B %d, %Y", "%b %d %Y"]))
def test_every_day_is_read_back(day: date, style: str) -> None:
    """No day of two decades is misread in the four commonest styles."""
    assert read_date(day.strftime(style), TODAY) == day


@given(DAYS)
def test_a_slashed_date_is_the_us_day_or_asked(day: date) -> None:
    """A US date is never read as another day without asking."""
    read = read_date(day.strftime("%m/%d/%Y"), TODAY)

    assert read == day or (isinstance(read, Ambiguous) and read.choices[0] == day)


@given(st.text(max_size=40))
def test_nothing_typed_breaks_the_reader(typed: str) -> None:
    """Any text gives a day, a question or a reason."""
    assert isinstance(read_date(typed, TODAY), date | Ambiguous | Invalid)


@pytest.mark.parametrize(
    ("issued_on", "expires_on", "code"),
    [
        (date(2026, 1, 1), date(2025, 12, 31), "expiry_before_issue"),
        (date(2026, 11, 24), date(2028, 1, 1), "issued_in_future"),
        (None, date(2076, 11, 24), "too_far"),
        (None, date(2076, 11, 23), None),
        (TODAY, TODAY, None),
        (None, date(2020, 1, 1), None),
        (None, None, None),
    ],
)
def test_a_term_has_an_order_and_an_end_in_sight(
    issued_on: date | None, expires_on: date | None, code: str | None
) -> None:
    """Expiry comes after issue, issue is not in the future, and 50 years is the furthest."""
    refused = check_term(issued_on, expires_on, TODAY)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 7, 1), 24, date(2028, 6, 30)),
        (date(2026, 11, 23), 24, date(2028, 11, 22)),
        (date(2028, 2, 29), 24, date(2030, 2, 27)),
        (date(2026, 2, 28), 24, date(2028, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(start: date, months: int, end: date) -> None:
    """The anniversary itself is already outside, whatever the length of its month."""
    assert anniversary_end(start, months) == end


@given(DAYS, st.integers(0, 60))
def test_the_end_of_a_month_stays_the_end_of_a_month(day: date, months: int) -> None:
    """Adding months to a last day gives a last day."""
    last = date(day.year, day.month, 28) + timedelta(days=4)
    last -= timedelta(days=last.day)

    assert (add_months(last, months) + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2026, 11, 23), 3, date(2026, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_business_days_skip_week_ends(day: date, count: int, later: date) -> None:
    """Saturday and Sunday do not count."""
    assert add_business_days(day, count) == later


def test_holidays_are_no_business_days() -> None:
    """Thanksgiving does not count either, where it is a holiday of the organization."""
    thanksgiving = date(2026, 11, 26)

    assert add_business_days(TODAY, 3, {thanksgiving}) == date(2026, 11, 27)
    assert next_business_day(thanksgiving, {thanksgiving}) == date(2026, 11, 27)


@given(DAYS, st.integers(0, 40))
def test_adding_and_counting_business_days_agree(day: date, count: int) -> None:
    """Between a day and its n-th business day there are n."""
    later = add_business_days(day, count)

    assert sum(is_business_day(day + timedelta(days=n)) for n in range(1, (later - day).days + 1)) == count
    assert count == 0 or is_business_day(later)
