"""Refusals and bad input in words: the piece ``refused_CODE`` of its area."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.names import privilege_name, provider_type_name
from bot.cards.privileges.criteria import criterion_name
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.privileges.models import CriterionResult
from bot.rules.refusals import Facts, Invalid, Refused


def line(problem: Refused | Invalid, words: Words, policies: Policies | None = None) -> Mrkdwn:
    """What cannot be done, and what to do instead. Raises WordsError where a code has no piece.

    With ``policies`` privileges and types go by their labels, without by their keys.
    """
    return words.line(f"refused_{problem.code}", **_said(problem.facts, policies))


def invalid(problem: Refused | Invalid, words: Words, policies: Policies | None = None) -> str:
    """The same as plain text, as a form's field takes it."""
    return words.plain(f"refused_{problem.code}", **_said(problem.facts, policies))


def errors(problems: Iterable[Invalid], words: Words, policies: Policies | None = None) -> dict[str, str]:
    """The problems as a form's ``errors``: the first one of each field."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, invalid(problem, words, policies))
    return found


def _said(facts: Facts, policies: Policies | None) -> dict[str, Any]:
    """The facts by the names people know; None counts as not given."""
    said = {name: value for name, value in facts.items() if value is not None}
    if "criteria" in said:
        said["criteria"] = [_criterion(criterion, policies) for criterion in said["criteria"]]
    if policies and "privilege" in said:
        said["privilege"] = privilege_name(policies, said["privilege"])
    if policies and "type" in said:
        said["type"] = provider_type_name(policies, said["type"])
    return said


def _criterion(criterion: CriterionResult, policies: Policies | None) -> str:
    return criterion_name(criterion, policies) if policies else criterion.credential_type.replace("_", " ")
