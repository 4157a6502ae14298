"""Dates as Slack's readers see them, and as they may be typed back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.dates import day, in_days, in_utc
from bot.rules.dates import read_date
from bot.rules.parsing.date_range import read_range

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


def test_a_date_is_written_as_in_the_us() -> None:
    """The month's name first, so that nobody can take the day for the month."""
    assert day(date(2027, 1, 5)) == "Jan 5, 2027"


@pytest.mark.parametrize(
    ("hour", "shown"),
    [(0, "Jan 5, 2027 at 12:07 AM UTC"), (12, "Jan 5, 2027 at 12:07 PM UTC"), (15, "Jan 5, 2027 at 3:07 PM UTC")],
)
def test_an_instant_without_a_reader_says_its_zone(hour: int, shown: str) -> None:
    """Midnight and noon are 12, as on a US clock."""
    assert in_utc(datetime(2027, 1, 5, hour, 7, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 22), "yesterday"),
        (date(2026, 12, 16), "in 23 days"),
        (date(2026, 11, 18), "5 days ago"),
    ],
)
def test_distance_in_words(on: date, said: str) -> None:
    """Days are counted from today, the near ones by name."""
    assert in_days(on, TODAY) == said


@given(DAYS)
def test_a_date_that_is_shown_can_be_typed_back(on: date) -> None:
    """What a card shows, copied into a line, means the same day."""
    assert read_date(day(on), TODAY) == on


@given(DAYS, DAYS)
def test_two_dates_that_are_shown_can_be_typed_back(first: date, last: date) -> None:
    """Such as "Dec 21, 2026 until Jan 4, 2027", which an answer says, after a name."""
    found = read_range(f"<@U1> {day(first)} until {day(last)}", ("starts_on", "ends_on"), TODAY)

    assert (found.name, found.days) == ("<@U1>", {"starts_on": first, "ends_on": last})
