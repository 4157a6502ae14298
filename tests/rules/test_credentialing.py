"""The recredentialing clock: in months from the last decision."""

from __future__ import annotations

from datetime import date

import pytest

from bot.policies import load
from bot.rules.credentialing import check_decision, cycle_of
from bot.rules.refusals import Invalid
from bot.rules.reminders.catalog import REMINDERS, Asked, DeadlineKind

POLICY = load().recredentialing
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("decided_on", "due_on"),
    [
        pytest.param(date(2024, 3, 15), date(2027, 3, 15), id="36 months, to the day"),
        pytest.param(date(2025, 2, 28), date(2028, 2, 29), id="a month-end stays a month-end"),
        pytest.param(date(2024, 2, 29), date(2027, 2, 28), id="February 29"),
    ],
)
def test_a_decision_is_good_for_36_months(decided_on: date, due_on: date) -> None:
    """NCQA CR 4: at most 36 months from the last decision, counted in months."""
    cycle = cycle_of(decided_on, POLICY)
    assert cycle is not None
    assert cycle.due_on == due_on


def test_late_is_from_the_day_after_and_thirty_days_later_the_file_is_void() -> None:
    """There is no grace; for 30 days the recredentialing file may still be used."""
    cycle = cycle_of(date(2023, 11, 1), POLICY)
    assert cycle is not None
    assert [cycle.late(date(2026, 11, day)) for day in (1, 2)] == [False, True]
    assert [cycle.lapsed(day) for day in (date(2026, 12, 1), date(2026, 12, 2))] == [False, True]


def test_without_a_decision_no_clock_runs() -> None:
    """Nothing is due again that was never decided."""
    assert cycle_of(None, POLICY) is None


@pytest.mark.parametrize(
    ("decided_on", "last", "corrects", "code"),
    [
        pytest.param(date(2026, 11, 24), None, False, "decision_in_future", id="tomorrow"),
        pytest.param(date(2026, 11, 1), None, True, "nothing_to_correct", id="nothing to correct"),
        pytest.param(date(2023, 1, 9), date(2023, 1, 9), False, "decision_known", id="the same day"),
        pytest.param(date(2022, 1, 9), date(2023, 1, 9), False, "decision_before_last", id="before the last one"),
    ],
)
def test_a_date_that_cannot_be_the_newest_decision(
    decided_on: date, last: date | None, corrects: bool, code: str
) -> None:
    """Each says why."""
    problem = check_decision(decided_on, last, TODAY, corrects=corrects)
    assert isinstance(problem, Invalid)
    assert problem.code == code


def test_a_correction_may_lie_before_the_last_decision() -> None:
    """That is what a correction is for."""
    assert check_decision(date(2022, 1, 9), date(2023, 1, 9), TODAY, corrects=True) is None


def test_the_owner_hears_from_half_a_year_before_and_then_on_mondays() -> None:
    """-180 to 0, then every Monday until a decision is recorded."""
    due_on = date(2027, 6, 1)
    rungs = REMINDERS[DeadlineKind.RECREDENTIALING].rungs(Asked(due_on, POLICY.rungs, None, from_day=TODAY))
    said = [(rung.key, rung.on) for rung, _ in zip(rungs, range(11), strict=False)]
    assert said[0] == ("-180", date(2026, 12, 3))
    assert said[-3:] == [
        ("0", due_on), ("monday:2027-06-07", date(2027, 6, 7)), ("monday:2027-06-14", date(2027, 6, 14)),
    ]  # fmt: skip
