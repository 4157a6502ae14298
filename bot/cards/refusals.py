"""Refusals and bad input in words: one piece of ``messages/refusals.j2`` for each code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.cards import fit
from bot.cards.criteria import criterion_name
from bot.cards.markup import Mrkdwn
from bot.cards.message import Message
from bot.cards.names import privilege_name, provider_type_name
from bot.cards.parts import section
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.values import Facts, Invalid, Refused


def refusal(refused: Refused, policies: Policies, words: Words) -> Message:
    """What cannot be done, and what to do instead. Raises WordsError where a code has no piece."""
    return fit.message([section(refused_line(refused, policies, words))])


def refused_line(refused: Refused, policies: Policies, words: Words) -> Mrkdwn:
    """The same as a line, for a form's result."""
    return words.line("refusals", refused.code, **_named(refused.facts, policies))


def invalid(problem: Invalid, words: Words) -> str:
    """What is wrong with a field, as plain text for the form. Raises WordsError where a code has no piece."""
    given = {name: value for name, value in problem.facts.items() if value is not None}
    return words.plain("refusals", problem.code, **given)


def errors(problems: Iterable[Invalid], words: Words) -> dict[str, str]:
    """The problems as a form's ``errors``: the first one of each field."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, invalid(problem, words))
    return found


def _named(facts: Facts, policies: Policies) -> dict[str, Any]:
    """The facts with what policies call things instead of their keys; None counts as not given."""
    named = {name: value for name, value in facts.items() if value is not None}
    if "privilege" in named:
        named["privilege"] = privilege_name(policies, named["privilege"])
    if "criteria" in named:
        named["criteria"] = [criterion_name(criterion, policies) for criterion in named["criteria"]]
    if "type" in named:
        named["type"] = provider_type_name(policies, named["type"])
    return named
