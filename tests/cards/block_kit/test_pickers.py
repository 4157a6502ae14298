"""Whom or what a form lets somebody choose: a list while it is short, a search beyond, and light enough for Slack."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.cards import pickers
from bot.cards.actions import VALUE
from bot.cards.block_kit.fields import Choosable, suggested
from bot.cards.block_kit.inputs import field_of
from bot.cards.block_kit.message import View
from bot.cards.credentials import forms as credentials_forms
from bot.cards.credentials import verify_form
from bot.cards.people import absences, assignments
from bot.cards.providers import forms as providers_forms
from bot.cards.words import Words
from bot.handlers.suggestions import SOURCES
from bot.rules.credentials.models import CredentialHolder
from bot.rules.people.models import Person
from bot.rules.policy import Policies
from bot.rules.providers.models import Provider
from tests.cards.building import LEE, TERM, TODAY, inputs, judged, problems

EMPTY: dict[str, Any] = {"values": {}, "errors": {}, "meta": "m"}
ACKNOWLEDGED = 48_000
"""Bytes of a view that an acknowledgement can carry."""
LICENSE = judged().credential


def everybody(count: int) -> list[Provider]:
    return [replace(LEE, id=n, name=f"Provider With A Rather Long Name {n}", npi=f"{10**9 + n}") for n in range(count)]


def holders(count: int, number: str | None = None) -> list[CredentialHolder]:
    return [CredentialHolder(n, who, number) for n, who in enumerate(everybody(count))]


def staff(count: int) -> list[Person]:
    return [Person(n, f"U{n}", f"Coordinator {n}") for n in range(count)]


FORMS: dict[str, Callable[[int, Policies, Words], View]] = {
    "add": lambda n, p, w: credentials_forms.add(None, p, w, providers=everybody(n), **EMPTY),
    "update": lambda n, p, w: credentials_forms.update(
        LEE, LICENSE, TERM, p, w, others=holders(n, TERM.number), **EMPTY
    ),
    "cover": lambda n, p, w: credentials_forms.cover(LEE, LICENSE, TERM, everybody(n), p, w, **EMPTY),
    "verify": lambda n, p, w: verify_form.verify(LEE, LICENSE, TERM, p, w, today=TODAY, others=holders(n), **EMPTY),
    "provider": lambda n, p, w: providers_forms.provider(LEE, staff(n), p, w, **EMPTY),
    "assign": lambda n, _, w: assignments.assign(everybody(n), None, staff(n), w, **EMPTY),
    "choose_list": lambda n, _, w: assignments.whose_list(staff(n), dict.fromkeys(range(n), 3), w, **EMPTY),
    "away": lambda n, _, w: absences.plan(staff(n), w, **EMPTY),
    "choose_provider": lambda n, _, w: pickers.choose_provider(everybody(n), w, errors={}, meta="m"),
    "choose_credential": lambda n, p, w: pickers.choose_credential(
        LEE, [judged(number=one) for one in range(n)], p, w, errors={}, meta="m"
    ),
    "leave": lambda n, _, w: providers_forms.leave(None, w, providers=everybody(n), **EMPTY),
    "end": lambda n, _, w: providers_forms.end(None, w, providers=everybody(n), **EMPTY),
}


@pytest.mark.parametrize("count", [1, 100, 101, 500, 3_000])
@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_is_light_however_many_there_are(words: Words, policies: Policies, name: str, count: int) -> None:
    """Slack takes it, and an acknowledgement can carry it, at 500 and at 3,000 people."""
    view = FORMS[name](count, policies, words)

    assert problems(view) == []
    assert len(json.dumps(view)) < ACKNOWLEDGED


@pytest.mark.parametrize("name", sorted(FORMS))
def test_whatever_is_searched_is_answered(words: Words, policies: Policies, name: str) -> None:
    """Each list that is searched in any form has something to search in."""
    blocks = FORMS[name](101, policies, words)["blocks"]
    found = {
        field_of(block["block_id"])
        for block in blocks
        if block["type"] == "input" and "external" in block["element"]["type"]
    }

    assert found
    assert {(name, field) for field in found} <= SOURCES.keys()


@pytest.mark.parametrize(("count", "kind"), [(100, "static_select"), (101, "external_select")])
def test_a_short_list_is_seen_whole_a_long_one_searched(words: Words, count: int, kind: str) -> None:
    """Up to a hundred stand in the list; beyond, one types, from the first letter on."""
    view = pickers.choose_provider(everybody(count), words, errors={}, meta="m")
    element = inputs(view)["provider"]["element"]

    assert (element["type"], element["action_id"]) == (kind, VALUE)
    assert element.get("min_query_length") == (1 if count > 100 else None)


def test_who_was_chosen_stands_in_a_searched_list_too(words: Words, policies: Policies) -> None:
    """A form shown again has whom somebody chose, though nobody has searched yet."""
    values = {"provider": "77", "type": "dea"}
    view = credentials_forms.add(None, policies, words, providers=everybody(500), values=values, errors={}, meta="m")

    assert inputs(view)["provider"]["element"]["initial_option"]["value"] == "77"


@pytest.mark.parametrize("count", [100, 101, 300])
def test_all_who_had_the_same_number_are_chosen_whatever_their_number(
    words: Words, policies: Policies, count: int
) -> None:
    """One by one where a list has room for them, together where not; others can be searched beside."""
    shown = inputs(
        credentials_forms.update(LEE, LICENSE, TERM, policies, words, others=holders(count, TERM.number), **EMPTY)
    )
    together = count > 100

    assert len(shown["covers"]["element"].get("initial_options", ())) == (0 if together else count)
    assert ("covers_same" in shown) is together
    if together:
        (box,) = shown["covers_same"]["element"]["initial_options"]
        assert box["text"]["text"] == f"All {count} of them"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("le", ["Lee Chen", "Zoë Lemaître"]),
        ("CHEN lee", ["Lee Chen"]),
        ("zoe lemaitre", ["Zoë Lemaître"]),
        ("123456", ["Lee Chen"]),
        ("hen", []),
        ("...", ["Lee Chen", "Zoë Lemaître", "O'Brien"]),
        ("o'b", ["O'Brien"]),
    ],
)
def test_what_fits_is_offered(query: str, found: list[str]) -> None:
    """The beginnings of words in any order, case and accent aside, or of an NPI."""
    people = [Choosable("1", "Lee Chen", "", "1234567893"), Choosable("2", "Zoë Lemaître"), Choosable("3", "O'Brien")]

    assert [option["text"]["text"] for option in suggested(people, query)] == found


def test_at_most_a_hundred_are_offered() -> None:
    """Slack takes no more; typing on finds the rest."""
    assert len(suggested([Choosable(str(n), f"Lee {n}") for n in range(3_000)], "lee")) == 100
