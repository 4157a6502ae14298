"""Checks whole payloads against Block Kit's limits, and says where each problem is."""

import json
from collections.abc import Iterator
from typing import Any

from slack_sandbox.block_kit.fields import check_fields, length, problem
from slack_sandbox.block_kit.limits import (
    BLOCK_SURFACES,
    BLOCKS,
    BLOCKS_IN,
    ID_LENGTH,
    MARKDOWN_TOTAL,
    TABLE_TOTAL,
    VIEW,
    VIEW_BYTES,
    Rule,
    Surface,
)
from slack_sandbox.markup import broadcasts, rendered_texts

_BLOCK_ID = Rule("string", ID_LENGTH, 1)


def check(payload: dict[str, Any], surface: Surface) -> list[str]:
    """Every problem of a message or view, each ending in a JSON pointer; empty = Slack takes it.

    A message is `{"text": …, "blocks": […]}`, a modal a view object.
    """
    found = list(_view_problems(payload) if surface == "modal" else _message_problems(payload))
    return found + [
        problem(f"{ping} pings everybody", at) for at, text in rendered_texts(payload) for ping in broadcasts(text)
    ]


def _message_problems(message: dict[str, Any]) -> Iterator[str]:
    blocks, text = message.get("blocks"), message.get("text")
    if text is not None and not isinstance(text, str):
        yield problem("must be a string", "/text")
    elif blocks and not (text or "").strip():
        yield problem("blocks need a `text` for notifications and screen readers", "/text")
    yield from _blocks_problems(blocks or [], "message")


def _view_problems(view: dict[str, Any]) -> Iterator[str]:
    if view.get("type") != "modal":
        yield problem("must be `modal`", "/type")
    shape = {name: value for name, value in view.items() if name not in {"type", "blocks"}}
    yield from check_fields(shape, VIEW, "")
    blocks = view.get("blocks")
    if not blocks:
        yield problem("must hold at least 1 block", "/blocks")
        return
    yield from _blocks_problems(blocks, "modal")
    if any(isinstance(b, dict) and b.get("type") == "input" for b in blocks) and not view.get("submit"):
        yield problem("a view with inputs needs `submit`", "/submit")
    if len(json.dumps(view)) > VIEW_BYTES:
        yield problem(f"must be smaller than {VIEW_BYTES} bytes", "")


def _blocks_problems(blocks: Any, surface: Surface) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield problem("must be a list", "/blocks")
        return
    if len(blocks) > BLOCKS_IN[surface]:
        yield problem(f"no more than {BLOCKS_IN[surface]} items allowed", "/blocks")
    for position, block in enumerate(blocks):
        yield from _block_problems(block, surface, f"/blocks/{position}")
    sound = [block for block in blocks if isinstance(block, dict)]
    yield from _repeated((b.get("block_id") for b in sound), "block_id", "/blocks")
    yield from _totals(sound)
    yield from _focus(sound)


def _block_problems(block: Any, surface: Surface, at: str) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in BLOCKS:
        yield problem("unsupported type", f"{at}/type")
        return
    name = block["type"]
    if surface not in BLOCK_SURFACES[name]:
        yield problem(f"`{name}` is not allowed in a {surface}", f"{at}/type")
    shape = {key: value for key, value in block.items() if key != "type"}
    yield from check_fields(shape, BLOCKS[name] | {"block_id": _BLOCK_ID}, at)
    if name == "section" and not (block.get("text") or block.get("fields")):
        yield problem("needs `text` or `fields`", at)
    if name == "image" and bool(block.get("image_url")) == bool(block.get("slack_file")):
        yield problem("needs either `image_url` or `slack_file`", at)
    yield from _repeated((e.get("action_id") for e in elements_of(block)), "action_id", at)


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The interactive parts of a block: its actions, its accessory or its input."""
    found = block.get("elements", []) if block.get("type") == "actions" else []
    single = [block.get("accessory"), block.get("element")]
    return [e for e in [*found, *single] if isinstance(e, dict)]


def _repeated(ids: Iterator[Any], name: str, at: str) -> Iterator[str]:
    seen: set[Any] = set()
    for value in ids:
        if isinstance(value, str) and value in seen:
            yield problem(f"`{name}` {value!r} is already used", at)
        elif isinstance(value, str):
            seen.add(value)


def _totals(blocks: list[dict[str, Any]]) -> Iterator[str]:
    markdown = sum(length(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown")
    if markdown > MARKDOWN_TOTAL:
        yield problem(f"markdown blocks hold more than {MARKDOWN_TOTAL} characters together", "/blocks")
    tables = [b for b in blocks if b.get("type") == "table"]
    if len(tables) > 1:
        yield problem("only one table is allowed", "/blocks")
    if sum(map(_table_size, tables)) > TABLE_TOTAL:
        yield problem(f"a table holds more than {TABLE_TOTAL} characters", "/blocks")


def _table_size(table: dict[str, Any]) -> int:
    return sum(length(text) for text in _strings_under("text", table.get("rows", [])))


def _strings_under(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, str):
                yield inner
            else:
                yield from _strings_under(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings_under(key, inner)


def _focus(blocks: list[dict[str, Any]]) -> Iterator[str]:
    focused = [e for b in blocks for e in elements_of(b) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield problem("only one element may have `focus_on_load`", "/blocks")
