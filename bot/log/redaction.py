"""What must not be read in a log, taken out of any value in time proportional to its length.

Every pattern begins with fixed letters, or cannot begin inside a run that it has walked already, or walks a bounded
one, and gives nothing back: no input makes it walk a long run again and again. A group gives nothing back as ``(?>…)``:
Python 3.11 before its fifth patch miscounts ``(?:…)++``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any

HIDDEN = "…"
LONGEST = 16_384
"""Characters of one text that are looked at and kept; a long traceback has fewer."""
DEEPEST, MOST = 5, 50
"""Levels of a nested value, and entries of one level, that are kept."""
SECRET_KEYS = (
    "authorization", "database_url", "npi", "number", "number_shown", "password", "response_url", "response_urls",
    "secret", "secret_key", "signature", "token",
)  # fmt: skip
"""How the name of a value that is never shown ends."""
PLAIN = (bool, int, float, type(None))

ADDRESS = re.compile(r"(?:https?|wss?)(?::|%3A)(?:/|%2F){2}\S++", re.IGNORECASE)
"""A web address and all that hangs on it, also as it stands in a form's body."""
OPENS = re.compile(
    r"^ws|(?:/|%2F)(?:commands|actions|response|link)(?:/|%2F|\?)|response_url|hooks\.slack", re.IGNORECASE
)
"""What makes an address one that answers in somebody's place, or opens a socket."""
LOCAL = r"\w.!#$&'*+/=?^`{|}~\-"
SECRETS = re.compile(
    r"x(?:ox[a-z]|app|wfp)[-.][\w.-]++"  # Slack's tokens
    r"|hooks\.slack\.com\S*+"  # an answer's address without its https://
    # user:password@, each @ up to the host, and whatever stands in the password; what looks like a port has no spaces
    r"|(?<=://)(?:[^\s/@:]*+:(?:[^\s@]{0,200}+|(?!\d{1,5}[/?\s])[^\n@]{0,200}+)@|[^\s/@]*+@)(?>(?:[^\s/@]*+@)*)"
    r"|(?<!\w)[Bb][Ee][Aa][Rr][Ee][Rr]\s{1,8}+[\w.~+/=-]++"  # what a header authorizes with
    # e-mail, lee%40clinic.example and lee%2540clinic.example too, "lee chen"@clinic.example, lee@[10.0.0.1]
    rf"|(?:(?:(?<![{LOCAL}%])|(?<=%40))(?>(?:(?!%(?:25)*40)[{LOCAL}%])+)|\"[^\"\n]{{1,64}}+\")"
    r"(?:@|%(?:25)*40)(?:[\w.-]++|\[[^\s\]]{0,64}+|%5[Bb][\w.:%-]*+)"
    r"|(?<![\w-])[\w-]{43,}+(?:=|%3D)"  # a Fernet key
    r"|(?<![\w-])[0-9a-f]{32}(?![\w-])"  # a signing secret
    r"|(?<=DETAIL:)(?s:.*?)(?=\n\n|\n\[SQL|\nCONTEXT:|\Z)"  # the row that PostgreSQL shows with its objection
)
NAMED = re.compile(
    r"""(?<![a-z])((?:[a-z]{1,20}_){0,2}"""
    r"""(?:(?:token|secret|password|npi|authorization|response_url)s?(?:\\{0,3}["'])?\s{0,8}[:=]\s{0,8}"""
    r"""|numbers?(?:\\{0,3}["']\s{0,8}[:=]|\s{0,8}=)\s{0,8}))"""  # "line number: 5" is told
    r"""\\{0,3}["']?(?:(?:basic|bearer)\s{1,8})?[^\s&"',;)}\]]++""",
    re.IGNORECASE,
)
"""``token=abc`` of a form, ``password: abc``, ``'number': 'A-1'`` of a value that was turned into text."""


def redacted_by_key(key: str, value: Any, depth: int = 0) -> Any:
    """The same without its secrets; nothing of it where its key says that it is one."""
    return HIDDEN if key.lower().endswith(SECRET_KEYS) else redacted(value, depth)


def redacted(value: Any, depth: int = 0) -> Any:
    """Text, bytes, nested values and exceptions without their secrets; a number as it is, anything else as text."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, bytes | bytearray):
        return redacted_text(bytes(value[: LONGEST + 1]).decode(errors="replace"))
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _nested(value, depth + 1) if depth < DEEPEST else HIDDEN
    if isinstance(value, BaseException):
        return redacted_text(f"{type(value).__name__}: {value}")
    return redacted_text(value if isinstance(value, str) else repr(value))


def redacted_text(text: str) -> str:
    """A text without what looks like a secret, cut where it is long."""
    shown = NAMED.sub(rf"\1{HIDDEN}", SECRETS.sub(HIDDEN, ADDRESS.sub(_address, _beginning(text))))
    return shown if len(text) <= LONGEST else f"{shown} {HIDDEN} ({len(text)} characters)"


def _nested(value: Mapping[Any, Any] | Collection[Any], depth: int) -> Any:
    if isinstance(value, Mapping):
        entries = [(str(key), entry) for key, entry in islice(value.items(), MOST)]
        return {redacted_text(key): redacted_by_key(key, entry, depth) for key, entry in entries}
    return [redacted(one, depth) for one in islice(value, MOST)]


def _beginning(text: str) -> str:
    """So much that what is cut off leaves no half of a secret behind."""
    if len(text) <= LONGEST:
        return text
    kept = re.match(r"(?s)(?:.*\s)?", text[:LONGEST])
    return kept[0] if kept else ""


def _address(found: re.Match[str]) -> str:
    return HIDDEN if OPENS.search(found[0]) else found[0]
