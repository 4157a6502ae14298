"""People named by Slack: ``<@U123>``, in commands ``<@U123|lee>``; and ``@lee``, where Slack knew nobody so called."""

from __future__ import annotations

import re

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
"""The first group is the Slack id."""


def mentioned(words: str) -> str | None:
    """The Slack id, where these words are one mention and nothing else."""
    found = MENTION.fullmatch(words.strip())
    return found[1] if found else None


def names_somebody(word: str) -> bool:
    """Whether it was meant as a mention, be it one that Slack did not understand."""
    return word.startswith(("@", "<@"))
