"""Refusals and bad input in words: one piece of ``messages/refusals.j2`` for each code."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards import fit
from bot.cards.message import Message
from bot.cards.parts import section
from bot.cards.words import Words
from bot.rules.values import Invalid, Refused


def refusal(refused: Refused, words: Words) -> Message:
    """What cannot be done, and what to do instead. Raises WordsError where a code has no piece."""
    return fit.message([section(words.line("refusals", refused.code, **refused.facts))])


def invalid(problem: Invalid, words: Words) -> str:
    """What is wrong with a field, as plain text for the form. Raises WordsError where a code has no piece."""
    return words.plain("refusals", problem.code, **problem.facts)


def errors(problems: Iterable[Invalid], words: Words) -> dict[str, str]:
    """The problems as a form's ``errors``: the first one of each field."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, invalid(problem, words))
    return found
