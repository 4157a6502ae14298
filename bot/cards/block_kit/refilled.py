"""A form shown again as it was submitted, without asking the database what it was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import paragraphs
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Block, View

PROBLEM = "problem"
TYPED = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_user": "initial_user",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}
KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata")


def refilled(view: Mapping[str, Any], *problems: Mrkdwn) -> View:
    """``view`` as ``view_submission`` brings it, with everything typed in it and what is wrong above."""
    view = _as_sent(view)
    state = (view.get("state") or {}).get("values") or {}
    said = limits.message(paragraphs(problems)).blocks[0] | {"block_id": PROBLEM}
    blocks = [_filled(block, state) for block in view["blocks"] if block.get("block_id") != PROBLEM]
    return {name: view[name] for name in KEPT if view.get(name)} | {"blocks": [said, *blocks][: limits.MODAL_BLOCKS]}


def typed_in(view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field's label and what was entered, as plain text; choices by their label."""
    view = _as_sent(view)
    state = (view.get("state") or {}).get("values") or {}
    for block in view.get("blocks") or ():
        for entered in (state.get(block.get("block_id")) or {}).values():
            shown = next((entered[name] for name in TYPED if entered.get(name)), None)
            if shown and block["type"] == "input":
                yield block["label"]["text"], ", ".join(_spoken(shown))


def _as_sent(value: Any) -> Any:
    """Plain text objects as they were sent: Slack escapes them on their way back, and would once more each time.

    What somebody typed comes as it was typed, and markup as it was sent.
    """
    if isinstance(value, list):
        return [_as_sent(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _as_sent(item) for name, item in value.items()}
    is_plain = value.get("type") == "plain_text" and isinstance(value.get("text"), str)
    return inner | {"text": unescape(value["text"])} if is_plain else inner


def _spoken(entered: Any) -> Iterator[str]:
    for one in entered if isinstance(entered, list) else [entered]:
        yield one["text"]["text"] if isinstance(one, dict) else str(one)


def _filled(block: Mapping[str, Any], state: Mapping[str, Any]) -> Block:
    if block["type"] != "input":
        return dict(block)
    element = {name: value for name, value in block["element"].items() if name not in TYPED.values()}
    entered = (state.get(block["block_id"]) or {}).get(element["action_id"]) or {}
    typed = {initial: entered[name] for name, initial in TYPED.items() if entered.get(name)}
    return {**block, "element": element | typed}
