"""Every code that rules, changes and handlers return has its words."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest

from bot.cards.refusals import errors, invalid, line
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.refusals import (
    CommonRefusal,
    CredentialingRefusal,
    CredentialRefusal,
    Invalid,
    PeopleRefusal,
    PrivilegeRefusal,
    ProviderRefusal,
    Refusal,
    Refused,
    ReminderRefusal,
    ReportRefusal,
    WorkspaceRefusal,
)
from bot.settings import shipped
from tests.cards.building import NOW, criteria

AREAS = {
    CommonRefusal: "common",
    PeopleRefusal: "people",
    ProviderRefusal: "providers",
    CredentialRefusal: "credentials",
    PrivilegeRefusal: "privileges",
    ReminderRefusal: "reminders",
    CredentialingRefusal: "credentialing",
    ReportRefusal: "reports",
    WorkspaceRefusal: "workspace",
}
CODES = [code for refusals in AREAS for code in refusals]
MESSAGES = shipped("messages")
BOT = "\n".join(file.read_text("utf-8") for file in (Path(__file__).parents[2] / "bot").rglob("*.py"))


def test_every_area_is_listed() -> None:
    """No enum of refusals is forgotten here."""
    assert set(get_args(Refusal)) == set(AREAS)


def test_no_two_refusals_have_one_code() -> None:
    """Else one of them would be answered with the other's sentence."""
    assert [code for code, times in Counter(code.value for code in CODES).items() if times > 1] == []


@pytest.mark.parametrize("code", CODES)
def test_each_refusal_has_words(words: Words, code: Refusal) -> None:
    """A refusal says something even where no fact came with it."""
    assert len(line(Refused(code), words)) > 10


@pytest.mark.parametrize(("refusals", "area"), AREAS.items())
def test_refusals_are_worded_in_the_file_of_their_area(refusals: type[StrEnum], area: str) -> None:
    """All of an area's stand there, and no others."""
    pieces = re.findall(r"macro refused_(\w+)\(", (MESSAGES / f"{area}.j2").read_text("utf-8"))

    assert sorted(pieces) == sorted(refusals)


def test_no_refusal_is_worded_for_nothing() -> None:
    """A code that nothing returns any more is taken out."""
    assert [code for code in CODES if f"{type(code).__name__}.{code.name}" not in BOT] == []


def test_a_closed_step_says_who_was_first_and_when(words: Words) -> None:
    """The second click learns who was first, in their own zone."""
    said = line(Refused(PrivilegeRefusal.STEP_CLOSED, {"by": "Ann Lee", "at": NOW, "state": "passed"}), words)

    assert said.startswith("Ann Lee was first: this step was closed <!date^1795446000^")


def test_missing_criteria_go_by_their_names(words: Words, policies: Policies) -> None:
    """Privilege and criteria are named as the policies name them."""
    refused = Refused(PrivilegeRefusal.CRITERIA_MISSING, {"privilege": "ect", "criteria": criteria()[1:]})

    assert line(refused, words, policies) == (
        "Not eligible for Electroconvulsive therapy (ECT) yet: DEA registration is not met. "
        "`/cred eligible` shows what is missing; once that is verified, request it again."
    )


def test_an_unknown_command_offers_the_closest_with_the_same_words(words: Words) -> None:
    """Nothing typed is lost: the rest of the line stands behind the closest command."""
    refused = Refused(WorkspaceRefusal.UNKNOWN_COMMAND, {"typed": "stats", "closest": "status", "rest": "Lee Chen"})

    assert "Did you mean */cred status Lee Chen*?" in line(refused, words)


def test_a_field_keeps_what_was_typed_as_it_was(words: Words) -> None:
    """Field errors are plain text, where escaping would show."""
    problem = Invalid(
        "number", CredentialRefusal.NUMBER_FORMAT, {"label": "NPI", "example": "1234567893", "typed": "<12&>"}
    )

    assert invalid(problem, words) == "“<12&>” doesn't fit the format of NPI. For example 1234567893."


def test_a_field_shows_its_first_problem(words: Words) -> None:
    """Slack shows one error a field."""
    found = errors(
        [Invalid("on", CommonRefusal.NO_SUCH_DAY, {"typed": "Feb 31"}), Invalid("on", CredentialRefusal.TOO_FAR)], words
    )

    assert found == {"on": "There is no such day as “Feb 31”."}


def test_a_date_that_reads_two_ways_is_asked(words: Words) -> None:
    """Both readings are offered in words."""
    choices = (date(2027, 3, 4), date(2027, 4, 3))
    said = line(Refused(CommonRefusal.AMBIGUOUS_DATE, {"typed": "3/4/2027", "choices": choices}), words)

    assert said == (
        "“3/4/2027” could be Mar 4, 2027 or Apr 3, 2027. Please type the one you mean, for example Mar 4, 2027."
    )
