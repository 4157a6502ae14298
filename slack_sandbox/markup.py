"""Slack's markup: escaping what people type, and spotting it when it comes back raw."""

import re
from collections.abc import Iterator
from typing import Any

BROADCAST = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^[^>]*>")
BRACKETED = re.compile(r"<[^<>\n]+>")
SPECIAL = re.compile(r"[^\s<>&]*\s?[&<>]\s?[^\s<>&]*")
USER_MENTION = re.compile(r"<@[UW][A-Z0-9]+>")
ENTITY = re.compile(r"&(?:amp|lt|gt);")
AT_HANDLE = re.compile(r"(?<![\w@<])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])")


def escape(text: str) -> str:
    """What Slack makes of the three characters that its markup uses."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person reads where Slack stores the escaped form."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def broadcasts(text: str) -> list[str]:
    """Every mention in mrkdwn that would ping a whole channel or group."""
    return BROADCAST.findall(text)


def distinctive(typed: str) -> set[str]:
    """Pieces of typed text that must never come back unescaped.

    A bare mention of a person is left out: the bot has reasons of its own to mention them.
    """
    bare = ENTITY.sub("", typed)
    bracketed = {b for b in BRACKETED.findall(bare) if not USER_MENTION.fullmatch(b)}
    rest = {match.strip() for match in SPECIAL.findall(BRACKETED.sub(" ", bare))}
    return bracketed | {piece for piece in rest if _telling(piece)}


def _telling(piece: str) -> bool:
    return sum(c.isalnum() for c in piece) >= 3


def holds_raw(rendered: str, piece: str) -> bool:
    """Whether markup holds a typed piece unescaped; entities count as escaped."""
    return piece in ENTITY.sub("\0", rendered)


def rendered_texts(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every string that Slack reads as markup, with its JSON pointer.

    These are a message's own `text`, mrkdwn objects and markdown blocks.
    """
    if isinstance(payload.get("text"), str):
        yield "/text", payload["text"]
    yield from _marked_up(payload, "")


def _marked_up(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield f"{at}/text", value["text"]
        for name, inner in value.items():
            yield from _marked_up(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _marked_up(inner, f"{at}/{position}")
