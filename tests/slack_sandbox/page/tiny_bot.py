"""A bot just large enough to use everything the page shows."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

Block = dict[str, Any]
Ack = Callable[..., None]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def field(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    named = element | {"action_id": "it"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": named,
        "optional": optional,
    }


def options(*names: str) -> list[Block]:
    return [{"text": plain(name), "value": name.casefold()} for name in names]


FORM: Block = {
    "type": "modal",
    "callback_id": "record",
    "title": plain("Add a credential"),
    "submit": plain("Save"),
    "blocks": [
        field("number", "Number", {"type": "plain_text_input"}),
        field("expires", "Expires", {"type": "datepicker"}),
        field("state", "State", {"type": "static_select", "options": options("NY", "NJ")}),
        field("owner", "Owner", {"type": "users_select"}, optional=True),
        field("seen", "Seen at", {"type": "checkboxes", "options": options("Board", "Letter")}, optional=True),
        field("method", "Method", {"type": "radio_buttons", "options": options("Web", "Phone")}),
    ],
}


SUPPLIERS = ["Smith & Co", "Smyth Ltd", "Jones"]
LOOKED_UP: Block = {
    "type": "modal",
    "callback_id": "look_up",
    "title": plain("Whose?"),
    "submit": plain("Save"),
    "blocks": [
        field("note", "Note", {"type": "plain_text_input"}, optional=True),
        field("who", "Supplier", {"type": "external_select", "min_query_length": 2, "focus_on_load": True}),
        field(
            "others",
            "Others",
            {"type": "multi_external_select", "min_query_length": 1, "initial_options": options("Jones")},
            optional=True,
        ),
    ],
}


CHOICE: Block = {
    "type": "modal",
    "callback_id": "kind",
    "title": plain("Which kind?"),
    "submit": plain("Continue"),
    "blocks": [mrkdwn("A license or a certificate.")],
}


FORMS = {"add": FORM, "kind": CHOICE, "search": LOOKED_UP}


def card(outcome: str = "") -> list[Block]:
    """A request's card: with its buttons while open, with its outcome after."""
    title: Block = {"type": "header", "text": plain("R-1001 · Psychotherapy")}
    if outcome:
        return [title, mrkdwn(outcome)]
    deny = {
        "title": plain("Stop this step?"),
        "text": plain("One Deny ends it."),
        "confirm": plain("Stop it"),
        "deny": plain("Go back"),
    }
    buttons: list[Block] = [
        {"type": "button", "text": plain("Approve"), "action_id": "approve", "style": "primary"},
        {
            "type": "button",
            "text": plain("Deny"),
            "action_id": "deny",
            "style": "danger",
            "confirm": deny,
        },
    ]
    return [title, {"type": "actions", "elements": buttons}]


def build(client: WebClient) -> App:
    """The bot: `/cred` says who asked, `/cred add` opens a form, `/cred card` posts one to decide.

    `/cred kind` opens a window that lays the form on itself, `/cred search` one with selects that search.
    """
    app = App(client=client, process_before_response=True)

    @app.command("/cred")
    def command(ack: Ack, body: Block) -> None:
        if body["text"] in FORMS:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=FORMS[body["text"]])
        elif body["text"] == "card":
            ack()
            client.chat_postMessage(channel=body["channel_id"], text="R-1001", blocks=card())
        else:
            ack(f"Hello <@{body['user_id']}>, try */cred add*.")

    @app.view("record")
    def record(ack: Ack, body: Block, view: Block) -> None:
        entered = {name: next(iter(value.values())) for name, value in view["state"]["values"].items()}
        number = entered["number"]["value"]
        if not number.isdigit():
            ack(response_action="errors", errors={"number": "A license number has digits only."})
            return
        ack()
        choices = [choice["value"] for choice in entered["seen"]["selected_options"]]
        told = [
            number,
            entered["expires"]["selected_date"],
            entered["state"]["selected_option"]["value"],
            f"<@{entered['owner']['selected_user']}>",
            "+".join(choices),
            entered["method"]["selected_option"]["value"],
        ]
        client.chat_postMessage(channel=body["user"]["id"], text="Saved: " + " ".join(told))

    @app.options("it")
    def offer(ack: Ack, body: Block) -> None:
        ack(options=[one for one in options(*SUPPLIERS) if body["value"].casefold() in one["value"]])

    @app.view("look_up")
    def looked_up(ack: Ack, body: Block, view: Block) -> None:
        ack()
        state = {name: next(iter(value.values())) for name, value in view["state"]["values"].items()}
        told = [state["who"]["selected_option"], *state["others"]["selected_options"]]
        client.chat_postMessage(channel=body["user"]["id"], text="Chosen: " + ", ".join(one["value"] for one in told))

    @app.view("kind")
    def kind(ack: Ack) -> None:
        ack(response_action="push", view=FORM)

    @app.action("approve")
    def approve(ack: Ack, body: Block) -> None:
        ack()
        _decided(body, "approved")

    @app.action("deny")
    def deny(ack: Ack, body: Block) -> None:
        ack()
        _decided(body, "denied")

    def _decided(body: Block, word: str) -> None:
        channel, ts = body["channel"]["id"], body["message"]["ts"]
        outcome = f"{word.capitalize()} by <@{body['user']['id']}>."
        client.chat_update(channel=channel, ts=ts, text=outcome, blocks=card(outcome))
        client.chat_postMessage(channel=channel, thread_ts=ts, text=f"One vote: {word}.")

    @app.action("snooze")
    def snooze(ack: Ack, action: Block, respond: Ack) -> None:
        ack()
        respond(f"Snoozed for {action['selected_option']['value']} days.", replace_original=False)

    @app.event("message")
    def heard(say: Ack, event: Block) -> None:
        say(f"You said: {event['text']}")

    return app
