"""Everything fits Slack's limits, whatever the data. The one place where blocks become payloads."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from slackblocks import Block as Built

from bot.cards.markup import escape
from bot.cards.message import Block, Message, View

MESSAGE_BLOCKS, MODAL_BLOCKS = 50, 100
TEXT_BYTES = 3_900
"""Slack cuts ephemeral text at 4,000 bytes and refuses an update above 4,000 characters."""
MESSAGE_BYTES = 12_500
"""Slack refuses larger blocks (``msg_blocks_too_long``) without documenting where; about 13,200 was measured."""
MODAL_BYTES = 200_000
META, TITLE = 3_000, 24

_SHORTER = (1_500, 600, 300, 150, 80)
_CHUNK = re.compile(r"<[^<>\n]*>|&(?:amp|lt|gt);|.", re.DOTALL)
"""What may not be cut apart: a link or mention, an escaped character."""
_CUT = "…"


def units(text: str) -> int:
    """The larger of code points and UTF-16 units: Slack does not say which it counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """The text within ``limit``, a cut shown as …; text that shows nothing becomes a dash."""
    if not text.strip():
        return "–"
    return text if units(text) <= limit else _cut(text, limit, units)


def clip_markup(text: str, limit: int) -> str:
    """The same for mrkdwn: no link, mention or entity is cut apart."""
    if not text.strip():
        return "–"
    return text if units(text) <= limit else _cut(_CHUNK.findall(text), limit, units)


def message(blocks: Sequence[Built]) -> Message:
    """A message of these blocks; its ``text`` says what they say, in their order."""
    fitted = _within(_resolved(blocks, MESSAGE_BLOCKS), MESSAGE_BYTES)
    return Message(_said(fitted), fitted)


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
        "blocks": _within(_resolved(blocks, MODAL_BLOCKS), MODAL_BYTES),
    }
    return view | {"submit": _plain(submit)} if submit else view


def _resolved(blocks: Sequence[Built], most: int) -> list[Block]:
    # slackblocks resolves a block only through this method, and gives every block a random id.
    fitted: list[Block] = [block._resolve() for block in blocks]
    if len(fitted) > most:
        fitted = [*fitted[: most - 1], _and_more()]
    for position, block in enumerate(fitted):
        if block["type"] != "input":
            block["block_id"] = f"b{position}"
        _check_once(element["action_id"] for element in _elements(block))
    _check_once(block["block_id"] for block in fitted)
    return fitted


def _check_once(ids: Iterable[str]) -> None:
    repeated = [key for key, times in Counter(ids).items() if times > 1]
    if repeated:
        raise ValueError(f"an id is used twice: {repeated}")


def _elements(block: Block) -> Iterator[Block]:
    several = block.get("elements", []) if block["type"] == "actions" else []
    for element in (*several, block.get("accessory"), block.get("element")):
        if element and "action_id" in element:
            yield element


def _within(blocks: list[Block], most_bytes: int) -> list[Block]:
    """Blocks whose texts are shortened, all to the same length, until together they are small enough."""
    for limit in _SHORTER:
        if len(json.dumps(blocks).encode()) <= most_bytes:
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
    return said if _bytes(said) <= TEXT_BYTES else _cut(_CHUNK.findall(said), TEXT_BYTES, _bytes)


def _cut(chunks: Iterable[str], limit: int, measure: Callable[[str], int]) -> str:
    kept, room = [], limit - measure(_CUT)
    for chunk in chunks:
        room -= measure(chunk)
        if room < 0:
            break
        kept.append(chunk)
    return "".join(kept).rstrip() + _CUT


def _bytes(text: str) -> int:
    return len(text.encode())


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": clip(text, TITLE)}


def _and_more() -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": _CUT}]}
