"""What the page completes after `/cred`: every subcommand with its usage, in the words of `/cred help`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.bot import Bot
from bot.handlers.command import SUBCOMMANDS
from slack_sandbox.page.app_info import Command

_LINE = re.compile(r"`(?P<usage>[^`]+)` – (?P<about>.+?)(?:\. For example .*)?", re.DOTALL)


def commands(bot: Bot) -> Iterator[Command]:
    """In the order of the help. A line that is not there, or that somebody wrote another way, is left out."""
    for piece in filter(bot.words.has, (f"command_{word}" for word in ["help", *SUBCOMMANDS])):
        if line := _LINE.fullmatch(bot.words.plain(piece)):
            yield Command(line["usage"], line["about"])
