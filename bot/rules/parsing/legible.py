"""Typed text without what nobody can see or type, and no database or terminal should get."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and line feed
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028\u2029"  # what has no width
    "\u2060-\u2065\u3164\ufeff\uffa0\ufff9-\ufffb"  # or only seems to have one
    "\u202a-\u202e\u2066-\u206f"  # what turns the reading direction around
    "\U000e0000-\U000e0fff]"  # tags
)
_BEYOND_LATIN = "\u0300-\U0010ffff"
_JOINS_NOTHING = re.compile(f"(?<![{_BEYOND_LATIN}])[\u200c\u200d]|[\u200c\u200d](?![{_BEYOND_LATIN}])")
"""Emoji and some scripts are joined by these; beside a Latin letter they only make a namesake that looks alike."""
_HALVES = re.compile("[\ud800-\udfff]")
"""Half a character, which is no text: UTF-8 has no way to write it."""


def legible(text: str) -> str:
    """The text as a person reads it; joiners inside emoji and letters stay, half a character becomes a box."""
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _HALVES.sub("\ufffd", _JOINS_NOTHING.sub("", seen))
