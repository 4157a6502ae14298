"""Who stands in for somebody who is away, and the words in which an absence is said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.absence import present
from bot.rules.away_words import parse_away

TODAY = date(2026, 11, 23)
CORA, BEN, DORA, EVE = 1, 2, 3, 4
EVERYBODY = {CORA, BEN, DORA, EVE}


@pytest.mark.parametrize(
    ("away", "there"),
    [
        ({}, CORA),
        ({CORA: BEN}, BEN),
        ({CORA: BEN, BEN: DORA}, DORA),
        ({CORA: BEN, BEN: DORA, DORA: EVE}, EVE),
        ({CORA: BEN, BEN: CORA}, None),
        ({CORA: BEN, BEN: DORA, DORA: BEN}, None),
        ({CORA: None}, None),
        ({CORA: BEN, BEN: None}, None),
        ({BEN: DORA}, CORA),
    ],
)
def test_the_first_of_the_chain_who_is_there_stands_in(away: dict[int, int | None], there: int | None) -> None:
    """A delegate who is away passes it on; two who name each other leave nobody."""
    assert present(CORA, away, EVERYBODY.__contains__) == there


def test_who_may_not_does_not_stand_in() -> None:
    """Nobody else of the chain does either: what follows is the backup."""
    assert present(CORA, {CORA: BEN}, {CORA, DORA}.__contains__) is None


@given(st.dictionaries(st.integers(1, 6), st.none() | st.integers(1, 6)))
def test_a_chain_ends_with_somebody_who_is_there(away: dict[int, int | None]) -> None:
    """Whoever names whom, it ends, and never with somebody who is away."""
    for person_id in range(1, 7):
        there = present(person_id, away, lambda _: True)
        assert there is None or there not in away


@pytest.mark.parametrize(
    "words",
    [
        "2026-12-21 2027-01-04",
        "from 2026-12-21 to 2027-01-04",
        "21 Dec 2026 until 4 Jan 2027",
        "21 Dec 2026 4 Jan 2027",
        "Dec 21, 2026 - January 4th, 2027",
        "2026-12-21 – 2027-01-04",
    ],
)
def test_two_dates_are_found_however_they_are_written(words: str) -> None:
    """With or without a word between them."""
    said = parse_away(words, TODAY)
    assert (said.from_on, said.until, said.name, said.problems) == (date(2026, 12, 21), date(2027, 1, 4), "", ())


def test_what_follows_the_dates_is_a_name() -> None:
    """Somebody without a mention."""
    said = parse_away("tomorrow to 4 Dec 2026 Ben Ruiz", TODAY)
    assert (said.from_on, said.until, said.name) == (date(2026, 11, 24), date(2026, 12, 4), "Ben Ruiz")


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        ("12/4/2026 12/20/2026", [("from_on", "ambiguous_date")]),
        ("3/4/2027 5/4/2027", [("from_on", "ambiguous_date"), ("until", "ambiguous_date")]),
        ("2026-12-21 to 4 Jan 27", [("until", "two_digit_year")]),
        ("2026-02-30 2026-03-04", [("from_on", "no_such_day")]),
        ("Christmas to New Year", [("from_on", "unreadable_date"), ("until", "unreadable_date")]),
        ("Christmas", [("from_on", "unreadable_date")]),
        ("2026-12-21", []),
        ("", []),
    ],
)
def test_what_is_not_understood_is_said_by_field(words: str, problems: list[tuple[str, str]]) -> None:
    """A date that reads as two days is asked, never guessed; one date alone leaves the other open."""
    said = parse_away(words, TODAY)
    assert [(one.field, one.code) for one in said.problems] == problems
