"""Answers around forms: a message shown as a modal, and the buttons that open a form again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards import fit, forms
from bot.cards.actions import Action, Form
from bot.cards.markup import Mrkdwn
from bot.cards.message import Message, View
from bot.cards.parts import button, buttons, section
from bot.cards.words import Words

VALUE = 2_000
"""The most that a button carries."""


def said(line: Mrkdwn) -> Message:
    """One line."""
    return fit.message([section(line)])


def as_view(message: Message, words: Words, title: str | None = None) -> View:
    """A message in the window that was open."""
    view = forms.window(Form.RESULT, [], words)
    shown = {"type": "plain_text", "text": title} if title else view["title"]
    return view | {"title": shown, "blocks": message.blocks}


def with_form(message: Message, retry: str, words: Words) -> Message:
    """The message, with **Open the form** beneath it; ``retry`` is the command that opens it prefilled."""
    row = fit.message(buttons([button(words, Action.OPEN_FORM, fit.clip(retry, VALUE))]))
    blocks = [block | {"block_id": f"form{position}"} for position, block in enumerate(row.blocks)]
    return Message(message.text, [*message.blocks, *blocks])


def open_the_form(retry: str, words: Words) -> Message:
    """Instead of a form whose moment had passed."""
    return with_form(said(words.line("windows", "too_late")), retry, words)


def left_form(message_id: int, facts: Mapping[str, Any], words: Words) -> Message:
    """To whoever closed a form before its result was there: the result, or **Continue** with everything typed."""
    if "text" in facts:
        return said(words.line("windows", "left", text=facts["text"]))
    row = buttons([button(words, Action.CONTINUE, message_id, "primary")])
    return fit.message([section(words.line("windows", "left_typed")), *row])
