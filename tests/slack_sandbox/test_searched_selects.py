"""Selects whose options the app looks up, questions asked before a press, and text as Slack sends it back."""

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from slack_sandbox.block_kit.checks import check
from slack_sandbox.person.client import Client
from slack_sandbox.workspace import Workspace
from tests.slack_sandbox.test_modal_answers import choices, field, modal, opens, plain

PEOPLE = ["Lee Chen", "Leo Marsh", "Maya Okafor"]


def option(name: str) -> dict[str, Any]:
    return {"text": plain(name), "value": name.lower()}


def answers(app: App) -> list[dict[str, Any]]:
    """The app offers whoever's name begins as was typed; what it was asked is returned."""
    asked: list[dict[str, Any]] = []

    @app.options("it")
    def offer(ack: Ack, body: dict[str, Any]) -> None:
        asked.append(body)
        ack(options=[option(name) for name in PEOPLE if name.lower().startswith(body["value"].lower())])

    return asked


def saves(app: App) -> list[dict[str, Any]]:
    states: list[dict[str, Any]] = []

    @app.view("form")
    def save(ack: Ack, view: dict[str, Any]) -> None:
        states.append({block: inner["it"] for block, inner in view["state"]["values"].items()})
        ack()

    return states


def test_what_is_typed_is_looked_up_and_chosen(app: App, web: WebClient, slack: Client) -> None:
    """The app hears the query with the form it was typed into; what it offered arrives with the submission."""
    opens(app, web, modal("First", field("Who", {"type": "external_select", "min_query_length": 1})))
    asked, states = answers(app), saves(app)
    cora = slack.as_("cora")
    cora.types("/cred add")

    assert cora.searches("Who", "le") == ["Lee Chen", "Leo Marsh"]
    cora.fills({"Who": "Leo Marsh"})
    cora.submits()

    assert (asked[0]["type"], asked[0]["value"], asked[0]["block_id"]) == ("block_suggestion", "le", "who")
    assert asked[0]["view"]["callback_id"] == "form"
    assert states == [{"who": {"type": "external_select", "selected_option": option("Leo Marsh")}}]


def test_several_are_looked_up_one_after_the_other(app: App, web: WebClient, slack: Client) -> None:
    """What stands in it at first stays choosable, though it was not offered this time."""
    several = {"type": "multi_external_select", "min_query_length": 1, "initial_options": [option("Maya Okafor")]}
    opens(app, web, modal("First", field("Who", several)))
    answers(app)
    states = saves(app)
    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.sees("Maya Okafor")
    cora.fills({"Who": ["Lee Chen", "Maya Okafor"]})
    cora.submits()

    assert [one["value"] for one in states[0]["who"]["selected_options"]] == ["maya okafor", "lee chen"]


def test_too_short_a_query_asks_nobody(app: App, web: WebClient, slack: Client) -> None:
    """Slack asks from three characters on, or from what the select says."""
    opens(app, web, modal("First", field("Who", {"type": "external_select"})))
    asked = answers(app)
    cora = slack.as_("cora")
    cora.types("/cred add")

    assert cora.searches("Who", "le") == []
    assert cora.searches("Who", "lee") == ["Lee Chen"]
    assert len(asked) == 1


@pytest.mark.parametrize("count", [100, 101])
def test_an_answer_holds_a_hundred_options(
    app: App, web: WebClient, slack: Client, workspace: Workspace, count: int
) -> None:
    """More are refused, and recorded."""
    opens(app, web, modal("First", field("Who", {"type": "external_select"})))

    @app.options("it")
    def offer(ack: Ack) -> None:
        ack(options=[option(f"Lee {n}") for n in range(count)])

    cora = slack.as_("cora")
    cora.types("/cred add")

    assert len(cora.searches("Who", "lee", may_fail=True)) == (100 if count == 100 else 0)
    assert [v.where for v in workspace.violations] == ([] if count == 100 else ["ack of a suggestion"])


def test_plain_text_comes_back_escaped(app: App, web: WebClient, slack: Client) -> None:
    """Labels and options come back escaped, as from Slack; markup and what was typed come as they were sent."""
    note = {"type": "section", "text": {"type": "mrkdwn", "text": "Smith &amp; Co"}}
    firm = field("Firm", {"type": "static_select"} | choices("Smith & Co"))
    view = modal("A & B", note, firm, field("R&D", {"type": "plain_text_input"}))
    submitted: list[dict[str, Any]] = []
    opens(app, web, view)

    @app.view("form")
    def save(ack: Ack, view: dict[str, Any]) -> None:
        submitted.append(view)
        ack()

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.fills({"Firm": "Smith & Co", "R&D": "<b> & co"})
    cora.submits()

    (view,) = submitted
    state = view["state"]["values"]
    assert view["title"]["text"] == "A &amp; B"
    assert [b.get("text", b.get("label"))["text"] for b in view["blocks"]] == ["Smith &amp; Co", "Firm", "R&amp;D"]
    assert state["firm"]["it"]["selected_option"]["text"]["text"] == "Smith &amp; Co"
    assert state["r&d"]["it"]["value"] == "<b> & co"


def test_a_question_is_answered_before_the_press(app: App, web: WebClient, slack: Client) -> None:
    """What a button asks can be read; whoever goes back has pressed nothing."""
    pressed: list[str] = []
    asks = {
        "title": plain("Drop?"),
        "text": plain("Nobody gets it."),
        "confirm": plain("Drop"),
        "deny": plain("Go back"),
    }
    button = {"type": "button", "text": plain("Drop"), "action_id": "drop", "value": "7", "confirm": asks}

    @app.action("drop")
    def drop(ack: Ack, action: dict[str, Any]) -> None:
        ack()
        pressed.append(action["value"])

    cora = slack.as_("cora")
    web.chat_postMessage(channel=cora.person.id, text="Stuck", blocks=[{"type": "actions", "elements": [button]}])
    cora.clicks("Drop", confirms=False)
    assert (cora.asked, pressed) == ("Drop?\nNobody gets it.\n[Drop] [Go back]", [])

    cora.clicks("Drop")
    assert pressed == ["7"]


def test_a_select_of_several_that_searches_takes_no_focus() -> None:
    """Slack does not take ``focus_on_load`` there."""
    several = field("Who", {"type": "multi_external_select", "focus_on_load": True})

    assert "focus_on_load" in str(check(modal("First", several), "modal"))
