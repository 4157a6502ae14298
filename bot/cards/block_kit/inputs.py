"""What a form's inputs have in common: ids of their own in each showing, and one that has the focus."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from bot.cards.block_kit.message import Block

FOCUS = "focus_on_load"
_NEVER_FOCUSED = "multi_external_select"
"""Slack takes no focus there."""


def as_shown(blocks: Iterable[Block], meta: str) -> list[Block]:
    """A form's blocks as its one showing has them.

    Slack keeps what stands in an input whose ``block_id`` was there before, whatever the new form says of it; ``meta``
    differs from showing to showing, so its ids do.
    """
    shown = [_marked(block, f"{crc32(meta.encode()):08x}") for block in blocks]
    return _with_one_focus(shown)


def field_of(block_id: str) -> str:
    """The field that an input asks for."""
    return block_id.partition("~")[0]


def _marked(block: Block, mark: str) -> Block:
    return block | {"block_id": f"{block['block_id']}~{mark}"} if _is_input(block) else block


def _with_one_focus(blocks: list[Block]) -> list[Block]:
    """Slack takes one: what was typed wrong, else the first that still has to be filled."""
    elements = [block["element"] for block in blocks if _is_input(block)]
    able = [element for element in elements if element["type"] != _NEVER_FOCUSED]
    required = [block["element"] for block in blocks if _is_input(block) and not block.get("optional")]
    wrong = [element for element in able if element.get(FOCUS)]
    empty = [element for element in able if not any(name.startswith("initial_") for name in element)]
    to_fill = [element for element in empty if any(element is one for one in required)]
    for element in elements:
        element.pop(FOCUS, None)
    for element in [*wrong, *to_fill, *empty, *able][:1]:
        element[FOCUS] = True
    return blocks


def _is_input(block: Block) -> bool:
    return bool(block["type"] == "input")
