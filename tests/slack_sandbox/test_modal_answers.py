"""What the app may do with a submitted, pressed or closed modal, over a real Bolt app."""

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from slack_sandbox.person.client import Client
from slack_sandbox.workspace import Workspace


def plain(text: str) -> dict[str, str]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def modal(title: str, *blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A modal that can be submitted."""
    shown = list(blocks) or [{"type": "section", "text": plain(title)}]
    view = {"type": "modal", "callback_id": "form", "title": plain(title), "blocks": shown}
    return view | {"submit": plain("Save")} | fields


def field(label: str, element: dict[str, Any]) -> dict[str, Any]:
    """An input that may stay empty."""
    block_id = label.lower()
    asked = {"type": "input", "block_id": block_id, "label": plain(label), "optional": True}
    return asked | {"element": element | {"action_id": "it"}}


def choices(*names: str) -> dict[str, Any]:
    """Options whose values are their names in lower case."""
    return {"options": [{"text": plain(name), "value": name.lower()} for name in names]}


def opens(app: App, web: WebClient, view: dict[str, Any]) -> None:
    """Make /cred open this modal."""

    @app.command("/cred")
    def open_it(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        web.views_open(trigger_id=body["trigger_id"], view=view)


@pytest.mark.parametrize(
    ("action", "titles"),
    [("update", ["Second", None]), ("push", ["Second", "First"]), ("clear", [None])],
)
def test_a_submission_can_update_push_or_clear(
    app: App, web: WebClient, slack: Client, action: str, titles: list[str | None]
) -> None:
    """The answer to a submission replaces the modal, lays one on top, or closes all."""
    opens(app, web, modal("First"))

    @app.view("form")
    def answer(ack: Ack) -> None:
        ack(response_action=action, view=None if action == "clear" else modal("Second"))

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.sees("First")
    cora.submits()

    for title in titles:
        assert (cora.modal.title if cora.modal else None) == title
        if title:
            cora.closes()


def test_errors_must_name_an_input(app: App, web: WebClient, slack: Client, workspace: Workspace) -> None:
    """Errors at a block that is no input are refused, recorded, and told to the person."""
    opens(app, web, modal("First"))

    @app.view("form")
    def answer(ack: Ack) -> None:
        ack(response_action="errors", errors={"nowhere": "No."})

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.sees("First")

    outcome = cora.submits(may_fail=True)

    assert "invalid_response" in str(outcome.notice)
    assert [v.where for v in workspace.violations] == ["response_action errors"]


def test_closing_is_told_only_when_asked_for(app: App, web: WebClient, slack: Client) -> None:
    """view_closed arrives with notify_on_close, without the input blocks."""
    closed: list[dict[str, Any]] = []
    number = field("Number", {"type": "plain_text_input"})
    opens(app, web, modal("First", number, {"type": "divider"}, notify_on_close=True))

    @app.view_closed("form")
    def hear(ack: Ack, view: dict[str, Any]) -> None:
        closed.append(view)
        ack()

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.sees("First")
    cora.closes()

    assert [block["type"] for block in closed[0]["blocks"]] == ["divider"]


def test_every_kind_of_input_is_filled_in_by_what_it_shows(app: App, web: WebClient, slack: Client) -> None:
    """People are entered by handle, options by their text, dates and text as they are."""
    states: list[dict[str, Any]] = []
    view = modal(
        "First",
        field("Who", {"type": "users_select"}),
        field("When", {"type": "datepicker"}),
        field("Sites", {"type": "checkboxes"} | choices("North", "South", "East")),
        field("How", {"type": "radio_buttons"} | choices("Phone", "Web")),
        field("Several", {"type": "multi_static_select"} | choices("One", "Two")),
    )
    opens(app, web, view)

    @app.view("form")
    def save(ack: Ack, view: dict[str, Any]) -> None:
        states.append({block: inner["it"] for block, inner in view["state"]["values"].items()})
        ack()

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.fills({"Who": "lee", "When": "2027-01-05", "Sites": ["North", "East"], "How": "Web"})
    cora.submits()

    assert states[0]["who"]["selected_user"] == slack.workspace.person("lee").id
    assert states[0]["when"]["selected_date"] == "2027-01-05"
    assert [o["value"] for o in states[0]["sites"]["selected_options"]] == ["north", "east"]
    assert states[0]["how"]["selected_option"]["text"]["text"] == "Web"
    assert states[0]["several"] == {"type": "multi_static_select", "selected_options": []}


def test_a_press_in_a_modal_carries_what_was_typed(app: App, web: WebClient, slack: Client) -> None:
    """A button in a modal sends the view with the state of its inputs and its hash."""
    pressed: list[dict[str, Any]] = []
    button = {"type": "button", "text": plain("Check"), "action_id": "check", "value": "7"}
    row = {"type": "actions", "elements": [button]}
    opens(app, web, modal("First", field("Number", {"type": "plain_text_input"}), row))

    @app.action("check")
    def check(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        pressed.append(body)

    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.fills({"Number": "NY-1"})
    cora.clicks("Check")

    assert pressed[0]["actions"][0]["value"] == "7"
    assert pressed[0]["view"]["state"]["values"]["number"]["it"]["value"] == "NY-1"
    assert pressed[0]["container"] == {"type": "view", "view_id": pressed[0]["view"]["id"]}
    assert "response_url" not in pressed[0]


def test_choosing_in_a_message_reports_at_once(app: App, web: WebClient, slack: Client, workspace: Workspace) -> None:
    """A select in a message sends its option, found by its placeholder."""
    chosen: list[str] = []
    pick = {"type": "static_select", "action_id": "pick", "placeholder": plain("Pick a type")}
    row = {"type": "actions", "elements": [pick | choices("License", "DEA")]}

    @app.action("pick")
    def picked(ack: Ack, action: dict[str, Any]) -> None:
        ack()
        chosen.append(action["selected_option"]["value"])

    web.chat_postMessage(channel=workspace.person("cora").id, text="Pick", blocks=[row])
    slack.as_("cora").chooses("Pick a type", "DEA")

    assert chosen == ["dea"]


def test_each_row_of_buttons_belongs_to_what_stands_above(
    app: App, web: WebClient, slack: Client, workspace: Workspace
) -> None:
    """In one message with a row for each deadline, `near` finds the right row."""
    pressed: list[str] = []

    @app.action("renewed")
    def renewed(ack: Ack, action: dict[str, Any]) -> None:
        ack()
        pressed.append(action["value"])

    blocks: list[dict[str, Any]] = []
    for name in ("license", "dea"):
        button = {"type": "button", "text": plain("Renewed"), "action_id": "renewed"}
        blocks += [
            {"type": "section", "text": plain(f"Your {name}")},
            {"type": "context", "elements": [plain("expires soon")]},
            {"type": "actions", "elements": [button | {"value": name}]},
        ]
    web.chat_postMessage(channel=workspace.person("cora").id, text="Two", blocks=blocks)

    slack.as_("cora").clicks("Renewed", near="Your dea")
    slack.as_("cora").clicks("Renewed", near="Your license")

    assert pressed == ["dea", "license"]


def test_a_press_in_an_ephemeral_note_has_no_message(app: App, web: WebClient, slack: Client) -> None:
    """Slack leaves the message out of the payload of an ephemeral note's button."""
    pressed: list[dict[str, Any]] = []
    button = {"type": "button", "text": plain("Open the form"), "action_id": "open"}
    row = {"type": "actions", "elements": [button]}

    @app.command("/cred")
    def note(ack: Ack) -> None:
        ack(text="Not understood", blocks=[row])

    @app.action("open")
    def open_it(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        pressed.append(body)

    slack.as_("cora").types("/cred ad")
    slack.as_("cora").clicks("Open the form")

    assert pressed[0]["container"]["is_ephemeral"] is True
    assert "message" not in pressed[0]


@pytest.mark.parametrize(
    ("happening", "kind"),
    [
        (lambda w: w.archive("approvals"), "group_archive"),
        (lambda w: w.kick("approvals", "lee"), "member_left_channel"),
        (lambda w: w.kick("approvals", "credbot"), "group_left"),
        (lambda w: w.share("approvals"), "channel_shared"),
        (lambda w: w.deactivate("lee"), "user_change"),
    ],
)
def test_the_app_hears_what_happens_to_its_channels(
    app: App, workspace: Workspace, until: Any, happening: Any, kind: str
) -> None:
    """Archiving, leaving, sharing and deactivation are events."""
    heard: list[str] = []

    @app.event(kind)
    def listen(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    happening(workspace)

    until(lambda: heard == [kind])
