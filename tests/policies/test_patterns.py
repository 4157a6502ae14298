"""A policy's pattern is tried on what people type: none may keep the bot busy."""

from __future__ import annotations

import re
import time

import pytest

from bot.policies.patterns import TOO_MANY, ways_to_match
from bot.rules.parsing.identifiers import MOST, normalize
from bot.rules.policy import NumberFormat, Policies
from bot.rules.refusals import Invalid


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("[12][0-9]{9}", 1),
        ("[0-9]{4,12}", 9),
        ("[A-Z]?[0-9]{3}", 2),
        ("(A|B|CD)[0-9]{2}", 3),
        ("(?=.*[0-9])[A-Z0-9.-]{3,20}", 61 * 18),
        ("([0-9]{2}-?){2}", 4),
    ],
)
def test_ways_are_counted(pattern: str, ways: int) -> None:
    """Each repeat has as many as it has lengths, at most those of the longest number; side by side they multiply."""
    assert ways_to_match(pattern) == ways


@pytest.mark.parametrize(
    "pattern",
    [
        "(A+)+",
        "(A|A)*",
        "(A|AA)+B",
        "(?:A?){30}A{30}",
        "A?" * 30 + "A{30}",
        "A*A*A*A*B",
        "(?:(?:(?:A*)*)*)*",
        "(?=(A+)+B)A",
        "(?:[0-9]?){61}",
        "(?:A|AA){61,}",
        "(?:A*){61}",
        "(A+){61,99}",
        r"(A+)\1",
        "(A)?(?(1)B|C)",
    ],
)
def test_what_backtracks_for_long_is_refused(pattern: str) -> None:
    """Repeats inside repeats, choices inside repeats, chains of them, references back."""
    assert ways_to_match(pattern) == TOO_MANY


def test_the_shipped_patterns_are_quick(policies: Policies) -> None:
    """The worst text of the longest length is refused within some milliseconds."""
    numbers = [one.number for one in policies.credentials.values() if one.number]
    for number in numbers:
        assert ways_to_match(number.pattern) < TOO_MANY
        began = time.thread_time()
        for text in ("A" * MOST, "1" * MOST, "A1." * (MOST // 3), "-" * MOST):
            re.fullmatch(number.pattern, text)
        assert time.thread_time() - began < 0.05


@pytest.mark.parametrize("typed", ["1" * (MOST + 1), "\ufdfa" * 20, "9" * 1_000_000])
def test_a_number_beyond_any_issuers_is_tried_on_no_pattern(typed: str) -> None:
    """Neither as typed nor as it becomes in plain letters."""
    number = NumberFormat(label="Lot", pattern=".*", example="A1")

    refused = normalize(number, typed)

    assert isinstance(refused, Invalid)
    assert refused.code == "number_format"
