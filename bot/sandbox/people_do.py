"""What a person does in Slack, and what Slack makes of it; the page and the stories both use it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.answers import command_answered, submission_answered
from bot.sandbox.api_errors import ApiError
from bot.sandbox.block_kit import elements_of
from bot.sandbox.conversations import Conversation, Message, as_message
from bot.sandbox.inputs import complaint, entered, is_stateful
from bot.sandbox.markup import AT_HANDLE, escape
from bot.sandbox.people import Person
from bot.sandbox.transport import Ack, Envelope
from bot.sandbox.views import View, enter
from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class Outcome:
    """How it went: seconds until the acknowledgement, and what Slack said if there was none."""

    seconds: float
    notice: str | None = None


def _person(workspace: Workspace, user_id: str) -> Person:
    person = workspace.people.get(user_id)
    if person is None:
        raise KeyError(user_id)
    if person.deactivated:
        raise PermissionError(f"@{person.handle} is deactivated.")
    return person


def _conversation(workspace: Workspace, user_id: str, channel_id: str) -> Conversation:
    found = workspace.conversations.get(channel_id)
    if found is None or user_id not in found.members:
        raise PermissionError("They are not in that conversation.")
    return found


def _no_answer(_body: dict[str, Any]) -> None:
    """What comes with most acknowledgements means nothing to Slack."""


def _send(
    workspace: Workspace,
    kind: Envelope,
    payload: dict[str, Any],
    apply: Callable[[dict[str, Any]], None] = _no_answer,
) -> Outcome:
    """Send, wait as long as Slack would, and apply what came with the acknowledgement.

    It is applied where it arrives, so that no later call of the app can overtake it.
    """
    transport = workspace.transport
    if transport is None:
        return Outcome(0.0, "dispatch_failed")
    started = time.monotonic()
    settled: Future[str | None] = Future()

    def settle(sent: "Future[Ack]") -> None:
        if time.monotonic() - started > workspace.ack_seconds:
            return
        try:
            settled.set_result(_settle(sent.result(), apply))
        except Exception as error:
            settled.set_exception(error)

    transport.send(kind, payload).add_done_callback(settle)
    try:
        error = settled.result(timeout=workspace.ack_seconds)
    except TimeoutError:
        error = "operation_timeout"
    return Outcome(time.monotonic() - started, error)


def _settle(ack: Ack, apply: Callable[[dict[str, Any]], None]) -> str | None:
    """Slack's word for what went wrong with an acknowledgement, if anything did."""
    if ack.error is not None:
        return ack.error
    try:
        apply(ack.body)
    except ApiError as error:
        return error.error
    return None


def _told(workspace: Workspace, user_id: str, sent: Outcome, notice: str) -> Outcome:
    """The outcome as the person hears of it: `{error}` in the notice is Slack's word."""
    text = notice.format(error=sent.notice) if sent.notice else None
    return Outcome(sent.seconds, _notice(workspace, user_id, text))


def _notice(workspace: Workspace, user_id: str, notice: str | None) -> str | None:
    with workspace.changing():
        if notice is None:
            workspace.notices.pop(user_id, None)
        else:
            workspace.notices[user_id] = notice
    return notice


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
    person = _person(workspace, user_id)
    conversation = _conversation(workspace, user_id, channel_id)
    if conversation.archived:
        return Outcome(0.0, _notice(workspace, user_id, "This channel is archived."))
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
    _notice(workspace, user_id, None)
    event = _heard(workspace, conversation, message)
    if event is None:
        return Outcome(0.0)
    return _send(workspace, "events_api", payloads.event(workspace, event))


def _heard(
    workspace: Workspace, conversation: Conversation, message: Message
) -> dict[str, Any] | None:
    bot = workspace.app.bot_user
    if bot not in conversation.members:
        return None
    said = {
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "channel": message.channel,
        "team": workspace.team_id,
        "event_ts": message.ts,
    }
    if message.thread_ts is not None:
        said["thread_ts"] = message.thread_ts
    if conversation.kind == "dm":
        return {"type": "message", "channel_type": "im"} | said
    return {"type": "app_mention"} | said if f"<@{bot}>" in message.text else None


def run_command(workspace: Workspace, user_id: str, channel_id: str, text: str) -> Outcome:
    """Run a slash command; anybody may, wherever they are."""
    person = _person(workspace, user_id)
    _conversation(workspace, user_id, channel_id)
    workspace.strict.remember_typed(text)
    name, _, rest = text.strip().partition(" ")
    if name not in workspace.app.commands:
        return Outcome(0.0, _notice(workspace, user_id, f"{name} is not a valid command."))
    words = _mentions(workspace, rest.strip(), in_command=True)
    url = response_url(workspace, user_id, channel_id)
    payload = payloads.command(workspace, person, channel_id, name, words, url)
    sent = _send(
        workspace,
        "slash_commands",
        payload,
        lambda body: command_answered(workspace, user_id, channel_id, body),
    )
    return _told(workspace, user_id, sent, f'{name} failed with the error "{{error}}"')


def response_url(
    workspace: Workspace, user: str, channel: str, message_ts: str | None = None
) -> str:
    """A new response URL on this server."""
    secret = workspace.one_shots.new_response_url(user, channel, message_ts)
    return f"{workspace.base_url}/response/{workspace.team_id}/{secret}"


def press(
    workspace: Workspace,
    user_id: str,
    place: str | View,
    block_id: str,
    action_id: str,
    *,
    ts: str = "",
    value: Any = None,
    state: dict[str, dict[str, Any]] | None = None,
) -> Outcome:
    """Press a button or choose in a select: in the conversation with id `place`, or in an open view.

    `value` is what was chosen; `state` what else stands in the inputs, by block and action id.
    """
    person = _person(workspace, user_id)
    _remember(workspace, state)
    if isinstance(place, View):
        payload = _press_in_view(workspace, person, place, block_id, action_id, value, state or {})
    else:
        payload = _press_in_message(
            workspace, person, place, ts, block_id, action_id, value, state or {}
        )
    sent = _send(workspace, "interactive", payload)
    return _told(workspace, user_id, sent, "Something went wrong: {error}")


def _press_in_view(
    workspace: Workspace,
    person: Person,
    view: View,
    block_id: str,
    action_id: str,
    value: Any,
    state: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    element = _element(view.shape["blocks"], block_id, action_id)
    with workspace.changing():
        enter(view, state)
        if is_stateful(element):
            enter(view, {block_id: {action_id: value}})
    return payloads.view_action(workspace, person, view, _action(element, block_id, value))


def _press_in_message(
    workspace: Workspace,
    person: Person,
    channel_id: str,
    ts: str,
    block_id: str,
    action_id: str,
    value: Any,
    state: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    conversation = _conversation(workspace, person.id, channel_id)
    message = conversation.find(ts)
    if message is None or not message.visible_to(person.id):
        raise KeyError(ts)
    element = _element(message.blocks, block_id, action_id)
    values: dict[str, dict[str, Any]] = {}
    for block in message.blocks:
        for part in filter(is_stateful, elements_of(block)):
            chosen = (
                value
                if part is element
                else state.get(block["block_id"], {}).get(part["action_id"])
            )
            values.setdefault(block["block_id"], {})[part["action_id"]] = entered(part, chosen)
    return payloads.message_action(
        workspace,
        person,
        channel_id,
        as_message(message, conversation.replies_to(ts), with_metadata=True),
        _action(element, block_id, value),
        values=values,
        ephemeral=message.ephemeral_for is not None,
        response_url=response_url(workspace, person.id, channel_id, ts),
    )


def _element(blocks: list[dict[str, Any]], block_id: str, action_id: str) -> dict[str, Any]:
    for block in blocks:
        for element in elements_of(block):
            if block["block_id"] == block_id and element["action_id"] == action_id:
                return element
    raise KeyError(f"{block_id}/{action_id}")


def _action(element: dict[str, Any], block_id: str, value: Any) -> dict[str, Any]:
    action = {
        "type": element["type"],
        "block_id": block_id,
        "action_id": element["action_id"],
        "action_ts": f"{time.time():.6f}",
    }
    if element["type"] == "button":
        said = {"text": element["text"]} | {
            k: element[k] for k in ("value", "style") if k in element
        }
        return action | said
    return action | entered(element, value)


def submit_view(
    workspace: Workspace, user_id: str, view: View, values: dict[str, dict[str, Any]]
) -> Outcome:
    """Submit a modal; Slack itself sends back what is missing or malformed."""
    person = _person(workspace, user_id)
    _remember(workspace, values)
    with workspace.changing():
        enter(view, values)
        view.errors = _complaints(view)
        view.loading = not view.errors
    if view.errors:
        return Outcome(0.0)
    sent = _send(
        workspace,
        "interactive",
        payloads.view_submission(workspace, person, view),
        lambda body: submission_answered(workspace, view, body),
    )
    with workspace.changing():
        view.loading = False
    return _told(workspace, user_id, sent, "We had some trouble connecting. Try again? ({error})")


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
    person = _person(workspace, user_id)
    payload = payloads.view_closed(workspace, person, view)
    with workspace.changing():
        if view.shape.get("clear_on_close"):
            workspace.views.clear(user_id)
        else:
            workspace.views.close(view)
    if not view.shape.get("notify_on_close"):
        return Outcome(0.0)
    return _send(workspace, "interactive", payload)


def read(workspace: Workspace, user_id: str, channel_id: str) -> None:
    """Mark a conversation as read."""
    conversation = _conversation(workspace, user_id, channel_id)
    with workspace.changing():
        if conversation.messages:
            workspace.read_up_to[user_id, channel_id] = conversation.messages[-1].ts


def _remember(workspace: Workspace, values: dict[str, dict[str, Any]] | None) -> None:
    for entries in (values or {}).values():
        for raw in entries.values():
            if isinstance(raw, str):
                workspace.strict.remember_typed(raw)
