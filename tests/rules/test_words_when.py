"""Whom and when: what a line after ``/cred leave`` or ``/cred end`` means."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.words_when import WhenWords, parse_when

TODAY = date(2026, 11, 23)
FIRST, SECOND = date(2026, 12, 1), date(2027, 1, 15)
FIELDS = ("since", "back_on")


@pytest.mark.parametrize(
    ("line", "person", "days"),
    [
        ("<@U1> 2026-12-01", "<@U1>", [FIRST]),
        ("<@U1|lee> 2026-12-01 2027-01-15", "<@U1|lee>", [FIRST, SECOND]),
        ("<@U1> from 2026-12-01 to 2027-01-15", "<@U1>", [FIRST, SECOND]),
        ("Lee Chen 1 Dec 2026 until 15 January 2027", "Lee Chen", [FIRST, SECOND]),
        ("1234567893 12/31/2026", "1234567893", [date(2026, 12, 31)]),
        ("Mary Anne de la Cruz tomorrow", "Mary Anne de la Cruz", [date(2026, 11, 24)]),
        ("Lee Chen in 3 days - 2027-01-15", "Lee Chen", [date(2026, 11, 26), SECOND]),
        ("2026-12-01", "", [FIRST]),
        ("Lee Chen", "Lee Chen", []),
        ("", "", []),
    ],
)
def test_a_line_is_understood(line: str, person: str, days: list[date]) -> None:
    """The words before the first date are the person, whatever comes between two dates."""
    assert parse_when(line, FIELDS, TODAY) == WhenWords(person, dict(zip(FIELDS, days, strict=False)))


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("<@U1> 3/4/2027", "since", "ambiguous_date"),
        ("<@U1> 2026-12-01 1/2/2027", "back_on", "ambiguous_date"),
        ("<@U1> 2026-02-30", "since", "no_such_day"),
        ("<@U1> 1/15/27", "since", "two_digit_year"),
        ("<@U1> soon", "since", "unreadable_date"),
    ],
)
def test_what_is_not_understood_is_said_at_its_field(line: str, field: str, code: str) -> None:
    """The person is kept, and so is the other date."""
    said = parse_when(line, FIELDS, TODAY)

    assert [(p.field, p.code) for p in said.problems] == [(field, code)]
    assert said.person == "<@U1>"
