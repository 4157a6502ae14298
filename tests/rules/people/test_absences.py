"""Who stands in for somebody who is away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.people.absences import present

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
