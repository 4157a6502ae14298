"""Slack's markup: what is typed is escaped, what is meant is a ``Mrkdwn``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from bot.cards.dates import in_utc

_REORDERING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that turn the reading direction of all that follows; the letters' own direction stays."""
_FORMATS = re.compile(
    r"[`\uff40]+"  # code
    r"|(?<![^\W_])[*_~\uff0a\uff3f]+|[*_~\uff0a\uff3f]+(?![^\W_])"  # bold, italic, struck: beside a word, not inside
    r"|:(?=[\w+'-]+:)"  # emoji
)
_QUIET = "\u00ad"
"""A soft hyphen, which shows nothing: what follows it does not begin a line, so that no > becomes a quotation."""
_ALIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb", ":": "\u02d0"})
"""Inside a link's label nothing can be put around a character, so one of the same shape stands for it."""
_USER_ID = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{7,}")
_SAFE_IN_URLS = ":/?#[]@!$&'()*+,;=%-._~"


class Mrkdwn(str):
    """Markup that Slack may read. Made by the functions here and by ``Words.line``, never from typed text."""

    __slots__ = ()


def escape(text: str) -> str:
    """The text as Slack shows it literally: nothing in it mentions, links, pings or formats."""
    if text.startswith((">", "\uff1e")):
        text = _QUIET + text
    return _literal(text, _entities)


def _literal(text: str, rest: Callable[[str], str]) -> str:
    """What would format stands in dates that are none: Slack shows what to say instead as it is."""
    shown, at = [], 0
    for found in _FORMATS.finditer(text):
        shown += [rest(text[at : found.start()]), f"<!date^00000000^{{_}}|{found[0]}>"]
        at = found.end()
    return "".join([*shown, rest(text[at:])])


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """Typed text on one line, so that it cannot pose as a line of ours, nor turn ours around."""
    return " ".join(text.translate(_REORDERING).split())


def stacked(*lines: Mrkdwn) -> Mrkdwn:
    """Lines of markup one under the other, the empty ones left out."""
    return Mrkdwn("\n".join(line for line in lines if line))


def joined(*parts: Mrkdwn) -> Mrkdwn:
    """The parts that say something, on one line."""
    return Mrkdwn(" · ".join(part for part in parts if part))


def mention(user_id: str) -> Mrkdwn:
    """A person by their Slack id; raises ValueError for anything else."""
    if not _USER_ID.fullmatch(user_id):
        raise ValueError(f"not a Slack user id: {user_id!r}")
    return Mrkdwn(f"<@{user_id}>")


def channel(channel_id: str) -> Mrkdwn:
    """A channel by its name, and by its id for whoever is not in it; any other place as it is called."""
    return (
        Mrkdwn(f"<#{channel_id}> ({channel_id})") if _CHANNEL_ID.fullmatch(channel_id) else Mrkdwn(escape(channel_id))
    )


def link(url: str, label: str) -> Mrkdwn:
    """A link to an http(s) address; raises ValueError for any other scheme."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("links lead to http(s) only")
    shown = _entities(one_line(label)).replace("|", "¦").translate(_ALIKE)
    return Mrkdwn(f"<{_entities(quote(url, safe=_SAFE_IN_URLS))}|{shown}>")


def when(instant: datetime) -> Mrkdwn:
    """An instant in each reader's own zone; where that fails, in UTC."""
    return Mrkdwn(f"<!date^{int(instant.timestamp())}^{{date_short_pretty}} at {{time}}|{in_utc(instant)}>")
