"""What people do reaches a real Bolt app over Socket Mode, and its answers reach them."""

from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from slack_sandbox.person.client import Client
from slack_sandbox.workspace import Workspace

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Add a license"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "number",
            "label": {"type": "plain_text", "text": "Number"},
            "element": {"type": "plain_text_input", "action_id": "it", "max_length": 10},
        },
        {
            "type": "input",
            "block_id": "state",
            "optional": True,
            "label": {"type": "plain_text", "text": "State"},
            "element": {
                "type": "static_select",
                "action_id": "it",
                "options": [
                    {"text": {"type": "plain_text", "text": "New York"}, "value": "NY"},
                    {"text": {"type": "plain_text", "text": "Ohio"}, "value": "OH"},
                ],
            },
        },
    ],
}


def button(text: str, value: str = "1") -> dict[str, Any]:
    """A button named after its text."""
    return {
        "type": "button",
        "action_id": text.lower(),
        "text": {"type": "plain_text", "text": text},
        "value": value,
    }


def opens_form(app: App, web: WebClient) -> list[dict[str, Any]]:
    """Make /cred open the form, and return where its submissions are collected."""
    submitted: list[dict[str, Any]] = []

    @app.command("/cred")
    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        web.views_open(trigger_id=body["trigger_id"], view=FORM)
        ack()

    @app.view("form")
    def save(ack: Ack, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"])
        number = view["state"]["values"]["number"]["it"]["value"]
        if number == "bad":
            ack(response_action="errors", errors={"number": "That is no number."})
        else:
            ack()

    return submitted


def test_a_command_arrives_escaped_with_mentions(app: App, slack: Client) -> None:
    """A command carries mentions with the handle and `& < >` as entities."""
    heard: list[str] = []

    @app.command("/cred")
    def listen(ack: Ack, command: dict[str, Any]) -> None:
        heard.append(command["text"])
        ack()

    slack.as_("cora").types("/cred status @lee <b> & é")

    lee = slack.workspace.person("lee").id
    assert heard == [f"status <@{lee}|lee> &lt;b&gt; &amp; é"]


def test_an_ack_with_text_is_ephemeral(app: App, slack: Client) -> None:
    """The text of a command's acknowledgement is shown to whoever typed it, and to no one else."""

    @app.command("/cred")
    def answer(ack: Ack) -> None:
        ack("Only for you")

    slack.as_("cora").types("/cred help", in_="#approvals")

    slack.as_("cora").sees("Only for you")
    slack.as_("lee").never_sees("Only for you", for_=0.1)


def test_a_command_without_ack_fails_in_front_of_the_person(app: App, slack: Client, workspace: Workspace) -> None:
    """Somebody whose command is not acknowledged in time reads operation_timeout."""
    workspace.ack_seconds = 0.2

    outcome = slack.as_("cora").types("/cred nobody listens", may_fail=True)

    assert outcome.notice == '/cred failed with the error "operation_timeout"'
    with pytest.raises(AssertionError, match="operation_timeout"):
        slack.as_("cora").types("/cred again")


def test_a_modal_is_filled_in_and_submitted(app: App, web: WebClient, slack: Client) -> None:
    """What is filled in by label arrives in the state by block and action id."""
    submitted = opens_form(app, web)
    cora = slack.as_("cora")
    cora.types("/cred add")

    cora.fills({"Number": "A&B <1>", "State": "Ohio"})
    cora.submits()

    assert submitted[0]["number"]["it"]["value"] == "A&B <1>"
    assert submitted[0]["state"]["it"]["selected_option"]["value"] == "OH"
    assert cora.modal is None


def test_errors_stand_at_their_field_and_keep_what_was_typed(app: App, web: WebClient, slack: Client) -> None:
    """A field error leaves the modal open with everything that was typed."""
    opens_form(app, web)
    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.fills({"Number": "bad", "State": "New York"})

    cora.submits()

    assert cora.modal is not None
    assert cora.modal.errors == {"Number": "That is no number."}
    assert cora.modal.fields == {"Number": "bad", "State": "New York"}


@pytest.mark.parametrize("number", ["", "longer than ten"])
def test_slack_itself_refuses_what_the_input_forbids(app: App, web: WebClient, slack: Client, number: str) -> None:
    """An empty required field, or a text that is too long, never reaches the app."""
    submitted = opens_form(app, web)
    cora = slack.as_("cora")
    cora.types("/cred add")
    cora.fills({"Number": number})

    cora.submits()

    assert submitted == []
    assert cora.modal is not None
    assert list(cora.modal.errors) == ["Number"]


def test_a_button_updates_its_message_for_everybody(
    app: App, web: WebClient, slack: Client, workspace: Workspace
) -> None:
    """A press carries the button's value and its message; the update is seen by all members."""
    channel = workspace.conversations.named("approvals").id

    @app.action("approve")
    def approve(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        said = f"Approved {body['actions'][0]['value']}"
        web.chat_update(channel=channel, ts=body["message"]["ts"], text=said)

    row = [{"type": "actions", "elements": [button("Approve", "R-1042")]}]
    web.chat_postMessage(channel=channel, text="Request R-1042", blocks=row)
    slack.as_("cora").clicks("Approve")

    slack.as_("lee").sees("Approved R-1042")
    assert slack.as_("lee").buttons() == []


def test_the_button_near_a_text_is_pressed(app: App, web: WebClient, slack: Client) -> None:
    """Of several buttons with one label, `near` picks the one in its row."""
    pressed: list[str] = []

    @app.action("verify")
    def verify(ack: Ack, action: dict[str, Any]) -> None:
        pressed.append(action["value"])
        ack()

    rows = [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": f"*{name}*"},
            "accessory": button("Verify", name),
        }
        for name in ("license", "dea")
    ]
    web.chat_postMessage(channel=slack.as_("cora").person.id, text="Two", blocks=rows)
    slack.as_("cora").clicks("Verify", near="license")

    assert pressed == ["license"]


def test_the_app_hears_direct_messages_and_mentions_only(app: App, slack: Client) -> None:
    """The app's DM is heard as message.im, a mention as app_mention, the rest not at all."""
    heard: list[tuple[str, str]] = []

    @app.event("message")
    def direct(event: dict[str, Any]) -> None:
        heard.append((event["channel_type"], event["text"]))

    @app.event("app_mention")
    def mentioned(event: dict[str, Any]) -> None:
        heard.append((event["type"], event["text"]))

    cora = slack.as_("cora")
    cora.types("status & more")
    cora.types("just talking", in_="#approvals")
    cora.types("@credbot help", in_="#approvals")

    bot = slack.workspace.app.bot_user
    assert heard == [("im", "status &amp; more"), ("app_mention", f"<@{bot}> help")]


def test_whoever_looks_wakes_nobody(slack: Client, workspace: Workspace) -> None:
    """Looking at a direct message changes nothing, or whoever waits for one there would look again without a pause."""
    before = workspace.version
    slack.as_("lee").never_sees("Hello", for_=0.05, in_="dm")
    assert workspace.version == before
