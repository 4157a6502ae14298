"""Open modals: a stack for each person, with what they have typed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_sandbox.block_kit.checks import elements_of
from slack_sandbox.person.inputs import State, entered, initial, is_stateful


@dataclass
class View:
    """A modal as its reader has it; `shape` is what the app sent, with every id filled in."""

    id: str
    user: str
    root: str
    previous: str | None
    shape: dict[str, Any]
    hash: str
    state: State
    errors: dict[str, str] = field(default_factory=dict)
    loading: bool = False
    offered: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """Options that the app found, by block and action id, then by value."""


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give blocks and their elements the ids that the app left to Slack."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks


def new_hash() -> str:
    """A new version of a view."""
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


def fresh_state(shape: dict[str, Any], kept: State) -> State:
    """The state of a view's elements; values are kept where block and action ids are the same."""
    state: State = {}
    for block in shape["blocks"]:
        for element in filter(is_stateful, elements_of(block)):
            block_id, action_id = block["block_id"], element["action_id"]
            before = kept.get(block_id, {}).get(action_id)
            same_kind = before is not None and before["type"] == element["type"]
            state.setdefault(block_id, {})[action_id] = before if same_kind and before is not None else initial(element)
    return state


def enter(view: View, values: dict[str, dict[str, Any]]) -> None:
    """Take over what a person entered: block id, action id, raw value."""
    for block in view.shape["blocks"]:
        for element in filter(is_stateful, elements_of(block)):
            entries = values.get(block["block_id"], {})
            if element["action_id"] in entries:
                offered = view.offered.get((block["block_id"], element["action_id"]), {})
                state = entered(element, entries[element["action_id"]], offered.values())
                view.state[block["block_id"]][element["action_id"]] = state


class Views:
    """Everybody's open modals."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._stacks: dict[str, list[View]] = {}

    def top(self, user: str) -> View | None:
        """The modal a person has in front of them."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def depth(self, user: str) -> int:
        """How many modals lie on one another."""
        return len(self._stacks.get(user, []))

    def find(self, view_id: str | None, external_id: str | None = None) -> View | None:
        """An open view, by its id or its external id."""
        for stack in self._stacks.values():
            for view in stack:
                if view.id == view_id or (external_id and view.shape.get("external_id") == external_id):
                    return view
        return None

    def open(self, user: str, shape: dict[str, Any]) -> View:
        """Show a modal in place of whatever was open."""
        self._stacks[user] = []
        return self.push(user, shape)

    def push(self, user: str, shape: dict[str, Any]) -> View:
        """Lay a modal on the person's stack."""
        stack = self._stacks.setdefault(user, [])
        view_id = self._new_id()
        fill_ids(shape["blocks"])
        view = View(
            id=view_id,
            user=user,
            root=stack[0].id if stack else view_id,
            previous=stack[-1].id if stack else None,
            shape=shape,
            hash=new_hash(),
            state=fresh_state(shape, {}),
        )
        stack.append(view)
        return view

    def update(self, view: View, shape: dict[str, Any]) -> None:
        """Replace a view's contents, keeping what was typed where the ids are the same."""
        fill_ids(shape["blocks"])
        view.state = fresh_state(shape, view.state)
        view.shape, view.hash = shape, new_hash()
        view.errors, view.loading = {}, False

    def close(self, view: View) -> None:
        """Take a view, and what lies on it, away; the one below shows again."""
        stack = self._stacks[view.user]
        if view in stack:
            del stack[stack.index(view) :]

    def clear(self, user: str) -> None:
        """Close all of a person's modals."""
        self._stacks[user] = []


def as_view(view: View, *, team_id: str, app_id: str, bot_id: str) -> dict[str, Any]:
    """The `view` object of payloads and answers; typed values are not escaped in it."""
    shape = view.shape
    return {
        "id": view.id,
        "team_id": team_id,
        "type": "modal",
        "blocks": shape["blocks"],
        "private_metadata": shape.get("private_metadata", ""),
        "callback_id": shape.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": shape["title"],
        "clear_on_close": shape.get("clear_on_close", False),
        "notify_on_close": shape.get("notify_on_close", False),
        "close": shape.get("close"),
        "submit": shape.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": app_id,
        "external_id": shape.get("external_id", ""),
        "app_installed_team_id": team_id,
        "bot_id": bot_id,
    }
