"""A name and one or two dates: what a line after ``/cred leave``, ``end`` and ``away`` means."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.parsing.date_range import DateRange, read_range, unread

TODAY = date(2026, 11, 23)
FIRST, SECOND = date(2026, 12, 1), date(2027, 1, 15)
FIELDS = ("since", "back_on")


@pytest.mark.parametrize(
    ("line", "name", "days"),
    [
        ("<@U1> 2026-12-01", "<@U1>", [FIRST]),
        ("<@U1|lee> 2026-12-01 2027-01-15", "<@U1|lee>", [FIRST, SECOND]),
        ("<@U1> from 2026-12-01 to 2027-01-15", "<@U1>", [FIRST, SECOND]),
        ("Lee Chen 1 Dec 2026 until 15 January 2027", "Lee Chen", [FIRST, SECOND]),
        ("1234567893 12/31/2026", "1234567893", [date(2026, 12, 31)]),
        ("Mary Anne de la Cruz tomorrow", "Mary Anne de la Cruz", [date(2026, 11, 24)]),
        ("Theresa May 1 Dec 2026", "Theresa May", [FIRST]),
        ("Lee Chen in 3 days - 2027-01-15", "Lee Chen", [date(2026, 11, 26), SECOND]),
        ("2026-12-01 2027-01-15 Lee Chen", "Lee Chen", [FIRST, SECOND]),
        ("from 1 Dec 2026 to 15th of January 2027 Lee Chen", "Lee Chen", [FIRST, SECOND]),
        ("tomorrow to 15 Jan 2027 Ben Ruiz", "Ben Ruiz", [date(2026, 11, 24), SECOND]),
        ("2026-12-01", "", [FIRST]),
        ("Lee Chen", "Lee Chen", []),
        ("Lee Chen to Ben", "Lee Chen to Ben", []),
        ("", "", []),
    ],
)
def test_a_line_is_understood(line: str, name: str, days: list[date]) -> None:
    """The words around the dates are the name, whatever comes between two dates."""
    assert read_range(line, FIELDS, TODAY) == DateRange(name, dict(zip(FIELDS, days, strict=False)))


@pytest.mark.parametrize(
    "words",
    [
        "2026-12-21 2027-01-04",
        "from 2026-12-21 to 2027-01-04",
        "21 Dec 2026 until 4 Jan 2027",
        "21 Dec 2026 4 Jan 2027",
        "Dec 21, 2026 - January 4th, 2027",
        "2026-12-21 – 2027-01-04",
        "2026-12-21 — 2027-01-04",
    ],
)
def test_two_dates_are_found_however_they_are_written(words: str) -> None:
    """With or without a word between them."""
    days = {"since": date(2026, 12, 21), "back_on": date(2027, 1, 4)}

    assert read_range(words, FIELDS, TODAY) == DateRange("", days)


@pytest.mark.parametrize(
    ("line", "problems"),
    [
        ("<@U1> 3/4/2027", [("since", "ambiguous_date", "3/4/2027")]),
        ("<@U1> 2026-12-01 1/2/2027", [("back_on", "ambiguous_date", "1/2/2027")]),
        ("<@U1> 2026-02-30", [("since", "no_such_day", "2026-02-30")]),
        ("<@U1> 1/15/27", [("since", "two_digit_year", "1/15/27")]),
        ("<@U1> 9999-12-31", [("since", "far_off_date", "9999-12-31")]),
        ("<@U1> soon", [("since", "unreadable_date", "soon")]),
        ("<@U1> 2026-12-01 to Christmas", [("back_on", "unreadable_date", "Christmas")]),
        ("<@U1> Christmas to 2027-01-15", [("since", "unreadable_date", "Christmas")]),
        ("<@U1> 2026-12-01 please", [("back_on", "unreadable_date", "please")]),
    ],
)
def test_what_is_not_understood_is_said_at_its_field(line: str, problems: list[tuple[str, str, str]]) -> None:
    """The person is kept, and so is the other date; no word is dropped."""
    said = read_range(line, FIELDS, TODAY)

    assert [(p.field, p.code, p.facts["typed"]) for p in said.problems] == problems
    assert said.name == "<@U1>"


def test_where_only_one_date_is_asked_a_second_is_left_over() -> None:
    """Somebody ends on one day."""
    said = read_range("<@U1> 2026-12-01 2027-01-15", ("ends_on",), TODAY)

    assert said.days == {"ends_on": FIRST}
    assert [(p.field, p.code, p.facts["typed"]) for p in said.problems] == [
        ("ends_on", "unreadable_date", "2027-01-15")
    ]


def test_words_that_should_have_been_dates_are_said_side_by_side() -> None:
    """Each at its own field, where a word such as "to" parts them."""
    problems = unread("Christmas to New Year", FIELDS)

    assert [(p.field, p.facts["typed"]) for p in problems] == [("since", "Christmas"), ("back_on", "New Year")]


def test_a_name_of_many_words_keeps_its_dates() -> None:
    """Dates are looked for at both ends of a line, however long it is."""
    name = " ".join(f"word{n}" for n in range(200))

    assert read_range(f"{name} 2026-12-01 2027-01-15", FIELDS, TODAY).days == {"since": FIRST, "back_on": SECOND}
    assert read_range(f"2026-12-01 2027-01-15 {name}", FIELDS, TODAY).name == name
