"""Everything fits Slack's limits, whatever the data. The one place where blocks become payloads."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from slackblocks import Block as Built

from bot.cards.block_kit.markup import escape
from bot.cards.block_kit.message import Block, Message, View

MESSAGE_BLOCKS, MODAL_BLOCKS = 50, 100
TEXT_BYTES = 3_900
"""Slack cuts ephemeral text at 4,000 bytes and refuses an update above 4,000 characters."""
MESSAGE_BYTES = 12_000
"""Of its blocks as JSON, in ASCII and without spaces. Slack refuses larger ones (``msg_blocks_too_long``) without
documenting where; others saw 13,000 to 15,000 refused."""
MODAL_BYTES = 200_000
META, TITLE = 3_000, 24

_SHORTER = (1_500, 600, 300, 150, 80)
_CHUNK = re.compile(r"<[^<>\n]*>|&(?:amp|lt|gt);|[^<&]+|.")
"""What may not be cut apart, a link or mention, an escaped character; and what stands between."""
_PICTURE = re.compile(r":[\w+'-]+:")
_CUT = "…"


def units(text: str) -> int:
    """The larger of code points and UTF-16 units: Slack does not say which it counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """The text within ``limit``, a cut shown as …; text that shows nothing becomes a dash."""
    if not text.strip():
        return "–"
    return text if units(text) <= limit else _beginning(text, limit - 1, units).rstrip() + _CUT


def clip_markup(text: str, limit: int) -> str:
    """The same for mrkdwn: no link, mention or entity is cut apart."""
    if not text.strip():
        return "–"
    return text if units(text) <= limit else _cut(text, limit, units)


def message(blocks: Sequence[Built]) -> Message:
    """A message of these blocks; its ``text`` says what they say, in their order."""
    whole, most = _resolved(blocks), MESSAGE_BLOCKS
    fitted = _within(_at_most(most, whole), MESSAGE_BYTES)
    while _weight(fitted) > MESSAGE_BYTES and most > 2:
        most -= 1
        fitted = _at_most(most, whole)
    return Message(_said(fitted), fitted)


def longest(build: Callable[[int], Sequence[Built]], rows: int) -> Message:
    """The message with as many of its ``rows`` as Slack takes whole, and at least one.

    ``build`` makes it with the first n of them, and says how many it leaves out and how they can be seen.
    """
    fitting, too_many = 0, rows + 1
    best: list[Block] | None = None
    while too_many - fitting > 1:
        middle = rows if too_many > rows else (fitting + too_many) // 2
        if whole := _with_room(build(middle)):
            fitting, best = middle, whole
        else:
            too_many = middle
    return Message(_said(best), best) if best else message(build(min(rows, 1)))


def _with_room(blocks: Sequence[Built]) -> list[Block] | None:
    """None: Slack would not take them whole."""
    if len(blocks) > MESSAGE_BLOCKS:
        return None
    whole = _resolved(blocks)
    return whole if _weight(whole) <= MESSAGE_BYTES else None


def _weight(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, separators=(",", ":")))


def modal(*, title: str, blocks: Sequence[Built], callback_id: str, meta: str, submit: str | None, close: str) -> View:
    """A modal; ``meta`` comes back with its submission, at most 3,000 characters."""
    if units(meta) > META:
        raise ValueError("private_metadata holds at most 3,000 characters")
    view: View = {
        "type": "modal",
        "title": _plain(title),
        "close": _plain(close),
        "callback_id": callback_id,
        "private_metadata": meta,
        "blocks": _within(_at_most(MODAL_BLOCKS, _resolved(blocks)), MODAL_BYTES),
    }
    return view | {"submit": _plain(submit)} if submit else view


def _resolved(blocks: Sequence[Built]) -> list[Block]:
    # slackblocks resolves a block only through this method, and gives every block a random id.
    fitted: list[Block] = [block._resolve() for block in blocks]
    for position, block in enumerate(fitted):
        if block["type"] != "input":
            block["block_id"] = f"b{position}"
        _check_once(element["action_id"] for element in _elements(block))
    _check_once(block["block_id"] for block in fitted)
    as_typed(fitted)
    return fitted


def as_typed(part: Any) -> None:
    """A name such as ``:smile:`` in plain text is no picture."""
    if isinstance(part, dict):
        if part.get("type") == "plain_text":
            if _PICTURE.search(part["text"]):
                part["emoji"] = False
            return
        part = part.values()
    elif not isinstance(part, list):
        return
    for one in part:
        as_typed(one)


def _at_most(most: int, blocks: list[Block]) -> list[Block]:
    """So many blocks: the first ones, how many are left out, and the last, which holds the buttons if there are any."""
    gone = len(blocks) - (most - 1)
    return blocks if gone <= 1 else [*blocks[: most - 2], _and_more(gone), blocks[-1]]


def _check_once(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in ids:
        if key in seen:
            raise ValueError(f"an id is used twice: {key}")
        seen.add(key)


def _elements(block: Block) -> Iterator[Block]:
    several = block.get("elements", []) if block["type"] == "actions" else []
    for element in (*several, block.get("accessory"), block.get("element")):
        if element and "action_id" in element:
            yield element


def _within(blocks: list[Block], most_bytes: int) -> list[Block]:
    """Blocks whose texts are shortened, all to the same length, until together they are small enough."""
    for limit in _SHORTER:
        if _weight(blocks) <= most_bytes:
            break
        for text in _texts(blocks):
            text["text"] = clip_markup(text["text"], limit)
    return blocks


def _texts(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block["type"] in ("section", "header") and "text" in block:
            yield block["text"]
        if block["type"] == "context":
            yield from block["elements"]


def _said(blocks: Iterable[Block]) -> str:
    said = "\n".join(t["text"] if t["type"] == "mrkdwn" else escape(t["text"]) for t in _texts(blocks))
    return said if _bytes(said) <= TEXT_BYTES else _cut(said, TEXT_BYTES, _bytes)


def _cut(text: str, limit: int, measure: Callable[[str], int]) -> str:
    kept, room = [], limit - measure(_CUT)
    for found in _CHUNK.finditer(text):
        if measure(found[0]) > room:
            kept.append("" if found[0][0] in "<&" else _beginning(found[0], room, measure))
            break
        kept.append(found[0])
        room -= measure(found[0])
    return "".join(kept).rstrip() + _CUT


def _beginning(text: str, room: int, measure: Callable[[str], int]) -> str:
    """As much of it as there is room for."""
    return text[: bisect_right(range(min(len(text), room) + 1), room, key=lambda n: measure(text[:n])) - 1]


def _bytes(text: str) -> int:
    return len(text.encode())


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": clip(text, TITLE)}


def _and_more(gone: int) -> Block:
    return {"type": "context", "block_id": "left_out", "elements": [{"type": "plain_text", "text": f"{_CUT} +{gone}"}]}
