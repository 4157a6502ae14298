"""What a person does in Slack, and what Slack makes of it; the page and the stories both use it."""

from typing import Any

from slack_sandbox.connection import payloads
from slack_sandbox.connection.responses import command_answered, submission_answered
from slack_sandbox.connection.sending import (
    Outcome,
    acting,
    place_of,
    remember_typed,
    response_url,
    send,
    show_notice,
    told,
)
from slack_sandbox.conversations import Conversation, Message
from slack_sandbox.markup import AT_HANDLE, escape
from slack_sandbox.modals import View, enter
from slack_sandbox.people import Person
from slack_sandbox.person.inputs import complaint
from slack_sandbox.workspace import Workspace


def _mentions(workspace: Workspace, text: str, *, in_command: bool) -> str:
    """Escaped text in which each @handle of somebody here is a mention."""

    def replace(match: Any) -> str:
        person = workspace.people.with_handle(match[1])
        if person is None:
            return str(match[0])
        return f"<@{person.id}|{person.handle}>" if in_command else f"<@{person.id}>"

    return AT_HANDLE.sub(replace, escape(text))


def type_message(
    workspace: Workspace, user_id: str, channel_id: str, text: str, thread_ts: str | None = None
) -> Outcome:
    """Post a message; the app hears of it in its own direct message, or when it is mentioned."""
    person = acting(workspace, user_id)
    conversation = place_of(workspace, user_id, channel_id)
    if conversation.archived:
        return Outcome(0.0, show_notice(workspace, user_id, "This channel is archived."))
    workspace.strict.remember_typed(text)
    stored = _mentions(workspace, text, in_command=False)
    message = workspace.post(
        Message(
            workspace.new_ts(),
            channel_id,
            person.id,
            stored,
            workspace.now(),
            thread_ts=thread_ts or None,
        )
    )
    show_notice(workspace, user_id, None)
    event = _heard(workspace, conversation, person, message)
    if event is None:
        return Outcome(0.0)
    return send(workspace, "events_api", payloads.event(workspace, event))


def _heard(workspace: Workspace, conversation: Conversation, person: Person, message: Message) -> dict[str, Any] | None:
    bot = workspace.app.bot_user
    if bot not in conversation.members:
        return None
    said = {
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "channel": message.channel,
        "team": person.team_id,
        "event_ts": message.ts,
    }
    if message.thread_ts is not None:
        said["thread_ts"] = message.thread_ts
    if conversation.kind == "dm":
        return {"type": "message", "channel_type": "im"} | said
    return {"type": "app_mention"} | said if f"<@{bot}>" in message.text else None


def run_command(workspace: Workspace, user_id: str, channel_id: str, text: str) -> Outcome:
    """Run a slash command; anybody may, wherever they are."""
    person = acting(workspace, user_id)
    place_of(workspace, user_id, channel_id)
    workspace.strict.remember_typed(text)
    name, _, rest = text.strip().partition(" ")
    if name not in workspace.app.commands:
        return Outcome(0.0, show_notice(workspace, user_id, f"{name} is not a valid command."))
    words = _mentions(workspace, rest.strip(), in_command=True)
    url = response_url(workspace, user_id, channel_id)
    payload = payloads.command(workspace, person, channel_id, name=name, text=words, response_url=url)
    sent = send(
        workspace,
        "slash_commands",
        payload,
        lambda body: command_answered(workspace, user_id, channel_id, body),
    )
    return told(workspace, user_id, sent, f'{name} failed with the error "{{error}}"')


def submit_view(workspace: Workspace, user_id: str, view: View, values: dict[str, dict[str, Any]]) -> Outcome:
    """Submit a modal; Slack itself sends back what is missing or malformed."""
    person = acting(workspace, user_id)
    remember_typed(workspace, values)
    with workspace.changing():
        enter(view, values)
        view.errors = _complaints(view)
        view.loading = not view.errors
    if view.errors:
        return Outcome(0.0)
    sent = send(
        workspace,
        "interactive",
        payloads.view_submission(workspace, person, view),
        lambda body: submission_answered(workspace, view, body),
    )
    with workspace.changing():
        view.loading = False
    return told(workspace, user_id, sent, "We had some trouble connecting. Try again? ({error})")


def _complaints(view: View) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in view.shape["blocks"]:
        if block["type"] == "input":
            state = view.state[block["block_id"]][block["element"]["action_id"]]
            problem = complaint(block, state)
            if problem:
                found[block["block_id"]] = problem
    return found


def close_view(workspace: Workspace, user_id: str, view: View) -> Outcome:
    """Close a modal; the app hears of it only if it asked to."""
    person = acting(workspace, user_id)
    payload = payloads.view_closed(workspace, person, view)
    with workspace.changing():
        if view.shape.get("clear_on_close"):
            workspace.views.clear(user_id)
        else:
            workspace.views.close(view)
    if not view.shape.get("notify_on_close"):
        return Outcome(0.0)
    return send(workspace, "interactive", payload)


def read(workspace: Workspace, user_id: str, channel_id: str) -> None:
    """Mark a conversation as read."""
    conversation = place_of(workspace, user_id, channel_id)
    with workspace.changing():
        if conversation.messages:
            workspace.read_up_to[user_id, channel_id] = conversation.messages[-1].ts
