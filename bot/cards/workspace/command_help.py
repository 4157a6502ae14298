"""``/cred help``."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards import refusals
from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message
from bot.cards.words import Words
from bot.rules.refusals import Refused, WorkspaceRefusal


def help_card(subcommands: Iterable[str], words: Words) -> Message:
    """Exactly these subcommands, each with what it does and an example."""
    lines = [_line(subcommand, words) for subcommand in subcommands]
    return limits.message(
        [header(words.plain("commands_title")), *paragraphs(lines), context(words.line("commands_intro"))]
    )


def unknown(typed: str, closest: str | None, rest: str, shown: str, words: Words) -> Message:
    """Words that are no command: the closest one with its example, and a button that says it with the ``rest``.

    ``shown`` is the rest with people by their names.
    """
    line = refusals.line(
        Refused(WorkspaceRefusal.UNKNOWN_COMMAND, {"typed": typed, "closest": closest, "rest": shown}), words
    )
    if closest is None:
        return limits.message([section(line)])
    again = button(words, Action.TRY_AGAIN, f"{closest} {rest}".strip(), command=closest)
    return limits.message([section(line), *buttons([again]), context(_line(closest, words))])


def _line(subcommand: str, words: Words) -> Mrkdwn:
    """A help that somebody wrote before there was this word is no reason to help nobody."""
    piece = f"command_{subcommand}"
    return words.line(piece) if words.has(piece) else Mrkdwn(f"`/cred {subcommand}`")
