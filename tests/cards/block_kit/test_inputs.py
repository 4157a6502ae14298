"""Inputs that are shown anew, and the one that has the focus."""

from __future__ import annotations

from typing import Any

from bot.cards.block_kit.message import View
from bot.cards.credentials import forms, verify_form
from bot.cards.words import Words
from bot.handlers.dispatch import interaction
from bot.handlers.dispatch.interaction import Interaction
from bot.rules.policy import Policies
from slack_sandbox.modals import Views, enter
from tests.cards.building import LEE, TERM, TODAY, inputs, judged

LICENSE = judged().credential


def add(policies: Policies, words: Words, meta: str, **values: Any) -> View:
    return forms.add(LEE, policies, words, values=values, errors={}, meta=meta)


def focused(view: View) -> list[str]:
    return [name for name, block in inputs(view).items() if block["element"].get("focus_on_load")]


def test_a_form_shown_again_says_what_it_says_now(words: Words, policies: Policies) -> None:
    """Slack keeps what stands in an input of the same id: a license's number stood in the DEA's form."""
    views = Views(lambda: "V1")
    first = interaction.meta(p=1)
    view = views.open("U1", add(policies, words, first, type="license"))
    block = inputs(view.shape)["number"]["block_id"]
    enter(view, {block: {"value": "NY-245871"}})
    it = Interaction("submission", "k", "T1", "U1", meta={"n": "1", "p": 1})
    views.update(view, add(policies, words, interaction.again(it), type="dea", number="FC1234563"))

    (now,) = (state["value"]["value"] for key, state in view.state.items() if key.startswith("number~"))
    assert now == "FC1234563"


def test_each_try_and_each_opening_has_ids_of_its_own(words: Words, policies: Policies) -> None:
    """The first, the second and the third try, and the same form opened once more."""
    it = Interaction("submission", "k", "T1", "U1", meta={"n": "1"})
    second = interaction.again(it)
    third = interaction.again(Interaction("submission", "k", "T1", "U1", meta={"n": "1", "try": 2}))
    ids = [
        {block["block_id"] for block in inputs(add(policies, words, meta)).values()}
        for meta in (interaction.meta(), interaction.meta(), second, third)
    ]

    assert len(set.union(*ids)) == 4 * 6


def test_what_comes_back_goes_by_the_fields_names() -> None:
    """A submission's values are read whatever showing they were typed into, and its errors stand at its inputs."""
    view = {
        "id": "V1",
        "private_metadata": "{}",
        "blocks": [{"type": "input", "block_id": "number~0a1b2c3d"}, {"type": "section", "block_id": "b0"}],
        "state": {"values": {"number~0a1b2c3d": {"value": {"type": "plain_text_input", "value": "A-1"}}}},
    }
    it = interaction.submission({"view": view, "user": {"id": "U1"}, "team": {"id": "T1"}})

    assert it.values == {"number": "A-1"}
    assert interaction.block_of(it.view, "number") == "number~0a1b2c3d"
    assert interaction.block_of(it.view, "type") is None


def test_the_focus_is_where_something_is_to_be_filled(words: Words, policies: Policies) -> None:
    """A renewal's number is there already: its new expiry is what matters."""
    empty: dict[str, Any] = {"values": {}, "errors": {}, "meta": "m"}

    assert focused(forms.add(LEE, policies, words, **empty)) == ["type"]
    assert focused(forms.update(LEE, LICENSE, TERM, policies, words, **empty)) == ["expires_on"]
    assert focused(forms.submitted(LEE, LICENSE, TERM, policies, words, today=TODAY, **empty)) == ["receipt"]
    assert focused(verify_form.verify(LEE, LICENSE, TERM, policies, words, today=TODAY, **empty)) == ["number_shown"]


def test_the_focus_is_on_what_was_wrong(words: Words, policies: Policies) -> None:
    """One field has it, the first that was wrong, though others are empty."""
    errors = {"number": "no", "expires_on": "no", "elsewhere": "no"}
    view = forms.add(LEE, policies, words, values={"number": "x"}, errors=errors, meta="m")

    assert focused(view) == ["number"]
