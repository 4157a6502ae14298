"""Typed text without what nobody can see or type, and no database or terminal should get."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and line feed
    "\u00ad\u200b\u2060\ufeff"  # soft hyphen, zero-width space, word joiner, byte order mark
    "\u202a-\u202e\u2066-\u2069]"  # what turns the reading direction around
)
_HALVES = re.compile("[\ud800-\udfff]")
"""Half a character, which is no text: UTF-8 has no way to write it."""


def legible(text: str) -> str:
    """The text as a person reads it; joiners inside emoji and letters stay, half a character becomes a box."""
    return _HALVES.sub("\ufffd", _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
