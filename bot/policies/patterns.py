"""How much work a regular expression can be: Python's engine tries every way to match before it gives up."""

from __future__ import annotations

from re import _constants as op  # type: ignore[attr-defined]  # the standard library's own reader of patterns
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from bot.rules.parsing.identifiers import MOST

TOO_MANY = 10_000
"""Ways to match, beyond which a pattern is refused: at 60 characters these are some milliseconds of processor."""
_ONE = frozenset({op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN, op.AT, op.CATEGORY, op.RANGE})
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})


def ways_to_match(pattern: str) -> int:
    """At most so many ways to match a number of the longest kind; ``TOO_MANY`` for as many and more. Raises re.error.

    A repeat has as many ways as it has lengths, for each way of what it repeats; what stands side by side multiplies.
    """
    return _sequence(_parser.parse(pattern))


def _sequence(parts: Any) -> int:
    ways = 1
    for part in parts:
        ways = min(TOO_MANY, ways * _one(*part))
    return ways


def _one(kind: Any, what: Any) -> int:
    if kind in _ONE:
        return 1
    if kind in _REPEATS:
        return _repeat(*what)
    if kind is op.BRANCH:
        return min(TOO_MANY, sum(map(_sequence, what[1])))
    if kind is op.SUBPATTERN:
        return _sequence(what[-1])
    if kind in {op.ASSERT, op.ASSERT_NOT}:
        return _sequence(what[1])
    return TOO_MANY  # references back, conditions, and what later versions of Python may add


def _repeat(least: int, most: int, repeated: Any) -> int:
    each, most = _sequence(repeated), min(int(most), MOST)
    least = min(least, most)  # what needs more than there is fails only after it tried as many
    ways = 0
    for times in range(least, most + 1):
        ways += each**times
        if ways >= TOO_MANY:
            return TOO_MANY
    return max(ways, 1)
