"""A form shown again from what its submission brought."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.cards import pickers
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import View
from bot.cards.block_kit.refilled import refilled, typed_in
from bot.cards.credentials import forms
from bot.cards.words import Words
from bot.rules.policy import Policies
from slack_sandbox.block_kit.checks import check
from slack_sandbox.connection import payloads
from slack_sandbox.modals import enter
from slack_sandbox.workspace import Workspace
from tests.cards.building import LEE, inputs

TYPED = {
    "type": {
        "type": "static_select",
        "selected_option": {"text": {"type": "plain_text", "text": "BLS"}, "value": "bls"},
    },
    "number": {"type": "plain_text_input", "value": "A-1 <b>"},
    "expires_on": {"type": "datepicker", "selected_date": "2027-01-15"},
    "issued_on": {"type": "datepicker", "selected_date": None},
}


def submitted(policies: Policies, words: Words) -> dict[str, Any]:
    view: View = forms.add(LEE, policies, words, values={"number": "old"}, errors={"number": "no"}, meta="m")
    ids = {name: block["block_id"] for name, block in inputs(view).items()}
    state = {ids[name]: {"value": entered} for name, entered in TYPED.items()}
    return {**view, "id": "V1", "hash": "1.x", "team_id": "T1", "state": {"values": state}}


def test_everything_typed_stands_in_the_form_again(words: Words, policies: Policies) -> None:
    """What was typed wins over what the form was opened with; what was emptied stays empty."""
    view = refilled(submitted(policies, words), Mrkdwn("busy"))
    elements = {name: block["element"] for name, block in inputs(view).items()}

    assert elements["number"]["initial_value"] == "A-1 <b>"
    assert elements["expires_on"]["initial_date"] == "2027-01-15"
    assert elements["type"]["initial_option"]["value"] == "bls"
    assert "initial_date" not in elements["issued_on"]
    assert check(view, "modal") == []


def test_a_second_problem_replaces_the_first(words: Words, policies: Policies) -> None:
    """However often it fails, one line above the form says why."""
    once = refilled(submitted(policies, words), Mrkdwn("busy"))
    twice = refilled({**once, "state": {"values": {}}}, Mrkdwn("still busy"))

    assert [b["text"]["text"] for b in twice["blocks"] if b["block_id"] == "problem"] == ["still busy"]
    assert len(twice["blocks"]) == len(once["blocks"])


def test_what_slack_escapes_on_its_way_back_does_not_grow(words: Words) -> None:
    """ "Smith & Co" is "Smith & Co" in the form however often it comes back, and where it is told."""
    workspace = Workspace()
    workspace.add_person("cora", "Cora Diaz", "cora@clinic.example", "UTC")
    cora = workspace.person("cora")
    names = ["Smith & Co", "<b> &amp; Sons"]
    providers = [replace(LEE, id=n, name=name) for n, name in enumerate(names)]
    view = workspace.views.open(cora.id, pickers.choose_provider(providers, words, errors={}, meta="m"))
    (block,) = inputs(view.shape).values()
    for _ in range(3):
        enter(view, {block["block_id"]: {"value": "0"}})
        sent = payloads.view_submission(workspace, cora, view)["view"]
        workspace.views.update(view, refilled(sent, Mrkdwn("Smith &amp; Co")))

    element = inputs(view.shape)["provider"]["element"]
    assert sorted(option["text"]["text"] for option in element["options"]) == sorted(names)
    assert element["initial_option"]["text"]["text"] == "Smith & Co"
    assert dict(typed_in(sent)) == {"Provider": "Smith & Co"}
    assert view.shape["blocks"][0]["text"]["text"] == "Smith &amp; Co"


def test_what_was_typed_can_be_told_by_its_labels(words: Words, policies: Policies) -> None:
    """Where no form can be shown, each field and what was in it can be said."""
    told = dict(typed_in(submitted(policies, words)))

    assert told == {"Type": "BLS", "Number": "A-1 <b>", "Expires on": "2027-01-15"}
