"""``/cred help``."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards import fit
from bot.cards.message import Message
from bot.cards.parts import context, header, paragraphs
from bot.cards.words import Words


def help_card(subcommands: Iterable[str], words: Words) -> Message:
    """Exactly these subcommands, each with what it does and an example."""
    lines = [words.line("help", subcommand) for subcommand in subcommands]
    return fit.message([header(words.plain("help", "title")), *paragraphs(lines), context(words.line("help", "intro"))])
