"""Pressing buttons and choosing in selects, in messages and in modals."""

import time
from dataclasses import dataclass, field
from typing import Any

from slack_sandbox.block_kit.checks import elements_of
from slack_sandbox.connection import payloads
from slack_sandbox.connection.sending import Outcome, acting, place_of, remember_typed, response_url, send, told
from slack_sandbox.conversations import Message, as_message
from slack_sandbox.modals import View, enter
from slack_sandbox.person.inputs import State, entered, initial, is_stateful
from slack_sandbox.workspace import Workspace

NOTICE = "Something went wrong: {error}"


@dataclass(frozen=True)
class Press:
    """Which element, what was chosen in it, and what else stands in the inputs around it.

    `state` holds raw values by block and action id.
    """

    block_id: str
    action_id: str
    value: Any = None
    state: dict[str, dict[str, Any]] = field(default_factory=dict)

    def element(self, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        """The element that is meant; `KeyError` when it is gone."""
        for block in blocks:
            for element in elements_of(block):
                if (block["block_id"], element["action_id"]) == (self.block_id, self.action_id):
                    return element
        raise KeyError(f"{self.block_id}/{self.action_id}")

    def values(self) -> dict[str, dict[str, Any]]:
        """Everything entered, the chosen value included."""
        own = self.state.get(self.block_id, {}) | {self.action_id: self.value}
        return self.state | {self.block_id: own}


def press_in_view(workspace: Workspace, user_id: str, view: View, press: Press) -> Outcome:
    """Press in an open modal."""
    person = acting(workspace, user_id)
    remember_typed(workspace, press.state)
    element = press.element(view.shape["blocks"])
    with workspace.changing():
        enter(view, press.values())
    payload = payloads.view_action(workspace, person, view, _action(element, press))
    return told(workspace, user_id, send(workspace, "interactive", payload), NOTICE)


def press_in_message(workspace: Workspace, user_id: str, channel_id: str, ts: str, press: Press) -> Outcome:
    """Press in a message; `KeyError` when the person does not see it, or no longer."""
    conversation = place_of(workspace, user_id, channel_id)
    message = conversation.find(ts)
    if message is None or not message.visible_to(user_id):
        raise KeyError(ts)
    return press_in_picture(workspace, user_id, message, press)


def press_in_picture(workspace: Workspace, user_id: str, message: Message, press: Press) -> Outcome:
    """Press in a message as it stands on somebody's screen, which an update may not have reached yet."""
    person = acting(workspace, user_id)
    remember_typed(workspace, press.state)
    conversation = place_of(workspace, user_id, message.channel)
    payload = payloads.message_action(
        workspace,
        person,
        message.channel,
        as_message(message, conversation.replies_to(message.ts), with_metadata=True),
        _action(press.element(message.blocks), press),
        values=_state(message, press),
        ephemeral=message.ephemeral_for is not None,
        response_url=response_url(workspace, user_id, message.channel, message.ts),
    )
    return told(workspace, user_id, send(workspace, "interactive", payload), NOTICE)


def _state(message: Message, press: Press) -> State:
    values, state = press.values(), State()
    for block in message.blocks:
        given = values.get(block["block_id"], {})
        for element in filter(is_stateful, elements_of(block)):
            action_id = element["action_id"]
            touched = action_id in given
            state.setdefault(block["block_id"], {})[action_id] = (
                entered(element, given[action_id]) if touched else initial(element)
            )
    return state


def _action(element: dict[str, Any], press: Press) -> dict[str, Any]:
    action = {
        "type": element["type"],
        "block_id": press.block_id,
        "action_id": press.action_id,
        "action_ts": f"{time.time():.6f}",
    }
    if element["type"] != "button":
        return action | entered(element, press.value)
    given = {name: element[name] for name in ("value", "style") if name in element}
    return action | {"text": element["text"]} | given
