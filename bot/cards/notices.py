"""Short answers after something was done, and what keeps a form that could not be saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.actions import Action, Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn, escape, one_line
from bot.cards.block_kit.message import Message, View
from bot.cards.block_kit.refilled import typed_in
from bot.cards.frame import result
from bot.cards.words import Words


def said(text: str) -> Message:
    """A message of one text; plain text is escaped."""
    return limits.message([section(text if isinstance(text, Mrkdwn) else Mrkdwn(escape(one_line(text))))])


def done(piece: str, words: Words, **facts: object) -> Message:
    """A piece as a message."""
    return said(words.line(piece, **facts))


def as_view(answer: Message, words: Words, title: str | None = None) -> View:
    """A message as the last view of its form."""
    view = result(title or words.plain(f"title_{Form.RESULT.value}"), [], words)
    return view | {"blocks": answer.blocks}


def with_form(line: Mrkdwn, retry: str, words: Words) -> Message:
    """A line with *Open the form*; ``retry`` is what the handler begins again with."""
    return limits.message([section(line), *buttons([button(words, Action.OPEN_FORM, retry)])])


def open_the_form(piece: str, retry: str, words: Words) -> Message:
    """``form_too_late``: the trigger had gone before it opened; ``form_needed``: words in a message have none."""
    return with_form(words.line(piece), retry, words)


def try_again(line: Mrkdwn, retry: str, words: Words) -> Message:
    """A line with *Try again*, which says the same words once more."""
    return limits.message([section(line), *buttons([button(words, Action.TRY_AGAIN, retry)])])


def not_saved(line: Mrkdwn, view: Mapping[str, Any], words: Words) -> Message:
    """Why a form was not saved, and what was typed into it, to be copied."""
    typed = [words.line("typed_line", label=label, value=value) for label, value in typed_in(view)]
    return limits.message(paragraphs([line, *([words.line("you_typed")] if typed else []), *typed]))


def not_kept(view: Mapping[str, Any], words: Words) -> Message:
    """A form closed while nothing could be saved: what was typed, to be typed again."""
    return not_saved(words.line("form_not_kept"), view, words)


def left_form(message_id: int, words: Words) -> Message:
    """A form closed while it was saved, which was not: *Continue* opens it with all that was typed."""
    row = buttons([button(words, Action.CONTINUE, message_id, "primary")])
    return limits.message([section(words.line("form_left")), *row])
