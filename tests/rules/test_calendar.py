"""The organization's calendar: a country's holidays, with its own days added and taken away."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.calendar import calendar
from bot.rules.dates import add_business_days
from bot.rules.policy import Holidays, Policies

FEDERAL = calendar("US", None, (), ())


@pytest.mark.parametrize("day", [date(2026, 11, 26), date(2030, 11, 28), date(2026, 12, 25)])
def test_a_holiday_is_known_in_every_year(day: date) -> None:
    """Also where it has another date each year."""
    assert day in FEDERAL


def test_a_holiday_observed_on_another_day_counts_there() -> None:
    """New Year's Day 2028 is a Saturday, so the last Friday of 2027 is free."""
    assert date(2027, 12, 31) in FEDERAL


def test_a_state_adds_its_own() -> None:
    """New York votes on November 3, 2026; the federal calendar does not know."""
    assert date(2026, 11, 3) in calendar("US", "NY", (), ())
    assert date(2026, 11, 3) not in FEDERAL


def test_own_days_are_added_and_taken_away() -> None:
    """Closed on the day after Thanksgiving, open on Columbus Day."""
    ours = calendar("US", None, (date(2026, 11, 27),), (date(2026, 10, 12),))
    assert (date(2026, 11, 27) in ours, date(2026, 10, 12) in ours) == (True, False)


def test_business_days_skip_holidays() -> None:
    """Three business days from the day before Thanksgiving."""
    assert add_business_days(date(2026, 11, 25), 3, FEDERAL) == date(2026, 12, 1)


def test_what_is_no_day_is_no_holiday() -> None:
    """Asking for something else answers no."""
    assert "2026-11-26" not in FEDERAL


def test_no_calendar_is_shipped(policies: Policies) -> None:
    """Until an organization states one, only week-ends count."""
    assert policies.organization.holidays is None
    assert date(2026, 11, 26) not in policies.holidays


def test_the_policy_states_the_calendar(policies: Policies) -> None:
    """The same words are the same calendar, so that what is computed with it can be kept."""
    stated = policies.organization.model_copy(update={"holidays": Holidays(country="US")})
    ours = policies.model_copy(update={"organization": stated})
    assert date(2026, 11, 26) in ours.holidays
    assert ours.holidays is ours.holidays
