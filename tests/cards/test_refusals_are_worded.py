"""Every code that rules, changes and handlers return has its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.cards.refusals import errors, invalid, refusal
from bot.cards.words import Words, WordsError
from bot.rules.policy import Policies
from bot.rules.results import Invalid, Refused
from bot.settings import shipped
from tests.cards.building import NOW, criteria

BOT = Path(__file__).parents[2] / "bot"
CALLS = {"Refused": 0, "Invalid": 1}
COMPUTED = {
    *(
        "deactivated",
        "bot",
        "own_file_only",
        "never_own_verification",
        "never_own_decision",
        "coordinators_only",
        "admins_only",
        "stranger",
    ),
    *("number_format", "npi_check_digit", "dea_check_digit"),
    *("unreadable_date", "two_digit_year", "no_such_day", "far_off_date"),
    *("number_shown_missing", "expires_shown_missing"),
    *("is_a_bot", "is_deactivated", "is_a_guest", "no_such_provider"),
}
"""What permissions, identifiers, dates and providers put together instead of writing it in a call."""


def returned_codes() -> Iterator[str]:
    """The codes that are written in a call."""
    for file in sorted(p for part in ("rules", "changes", "handlers") for p in (BOT / part).rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CALLS:
                argument = call.args[CALLS[call.func.id]] if len(call.args) > CALLS[call.func.id] else None
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


@pytest.mark.parametrize("code", sorted({*returned_codes(), *COMPUTED}))
def test_each_code_has_words(words: Words, code: str) -> None:
    """A refusal says something even where no fact came with it."""
    assert len(refusal(Refused(code), words).text) > 10


def test_no_refusal_is_worded_for_nothing() -> None:
    """A piece whose code nobody returns any more is taken out."""
    written = set(re.findall(r'["`](\w+)["`]', "".join(file.read_text() for file in BOT.rglob("*.py"))))
    pieces = re.findall(r"macro (\w+)\(", (shipped("messages") / "refusals.j2").read_text())

    assert [piece for piece in pieces if piece not in written] == []


def test_an_unknown_code_is_an_error(words: Words) -> None:
    """A code without words is a bug, not a blank answer."""
    with pytest.raises(WordsError, match="never_heard_of"):
        refusal(Refused("never_heard_of"), words)


def test_a_closed_step_says_who_was_first_and_when(words: Words) -> None:
    """The second click learns who was first, in their own zone."""
    said = refusal(Refused("step_closed", {"by": "Ann Lee", "at": NOW, "state": "passed"}), words).text

    assert said.startswith("Ann Lee was first: this step was closed <!date^1795446000^")


def test_missing_criteria_go_by_their_names(words: Words, policies: Policies) -> None:
    """Privilege and criteria are named as the policies name them."""
    refused = Refused("criteria_missing", {"privilege": "ect", "criteria": criteria()[1:]})

    assert refusal(refused, words, policies).text == (
        "Not eligible for Electroconvulsive therapy (ECT) yet: DEA registration is not met. "
        "`/cred eligible` shows what is missing; once it is verified, ask again."
    )


def test_an_unknown_command_offers_the_closest_with_the_same_words(words: Words) -> None:
    """Nothing typed is lost: the rest of the line stands behind the closest command."""
    refused = Refused("unknown_command", {"typed": "stats", "closest": "status", "rest": "Lee Chen"})

    assert "Did you mean */cred status Lee Chen*?" in refusal(refused, words).text


def test_a_field_keeps_what_was_typed_as_it_was(words: Words) -> None:
    """Field errors are plain text, where escaping would show."""
    problem = Invalid("number", "number_format", {"label": "NPI", "example": "1234567893", "typed": "<12&>"})

    assert invalid(problem, words) == "“<12&>” does not have the form of NPI. For example 1234567893."


def test_a_field_shows_its_first_problem(words: Words) -> None:
    """Slack shows one error a field."""
    found = errors([Invalid("on", "no_such_day", {"typed": "Feb 31"}), Invalid("on", "too_far")], words)

    assert found == {"on": "There is no such day as “Feb 31”."}


def test_a_date_that_reads_two_ways_is_asked(words: Words) -> None:
    """Both readings are offered in words."""
    choices = (date(2027, 3, 4), date(2027, 4, 3))
    said = refusal(Refused("ambiguous_date", {"typed": "3/4/2027", "choices": choices}), words).text

    assert said == (
        "“3/4/2027” may be Mar 4, 2027 or Apr 3, 2027. Please type the one you mean, for example Mar 4, 2027."
    )
