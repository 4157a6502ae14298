"""The few blocks that cards are made of, each cut to its limit before slackblocks sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ConfirmationDialogue,
    ContextBlock,
    HeaderBlock,
    Markdown,
    PlainText,
    SectionBlock,
)

from bot.cards.actions import Action
from bot.cards.block_kit.limits import clip, clip_markup, units
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.words import Words

Style = Literal["primary", "danger"]

SECTION, CONTEXT, HEADER, BUTTON = 3_000, 2_000, 150, 75
QUESTION, SURE, ANSWER = 100, 300, 30
"""The title, text and buttons of what is asked before a press."""


def header(text: str) -> Block:
    return HeaderBlock(PlainText(clip(text, HEADER)))


def section(text: Mrkdwn, beside: Button | None = None) -> Block:
    """A paragraph, with a button at its right."""
    return SectionBlock(_marked_up(text, SECTION), accessory=beside)


def paragraphs(lines: Iterable[Mrkdwn]) -> list[Block]:
    """Lines in as few sections as hold them whole."""
    pages: list[str] = []
    for line in lines:
        if pages and units(f"{pages[-1]}\n{line}") <= SECTION:
            pages[-1] = f"{pages[-1]}\n{line}"
        else:
            pages.append(line)
    return [section(Mrkdwn(page)) for page in pages]


def context(text: Mrkdwn) -> Block:
    """Small print."""
    return ContextBlock([_marked_up(text, CONTEXT)])


def buttons(row: Sequence[Button]) -> list[Block]:
    """A row of buttons; no block where there are none."""
    return [ActionsBlock(list(row))] if row else []


def button(
    words: Words,
    action: Action,
    value: int | str,
    style: Style | None = None,
    *,
    about: str = "",
    sure: str = "",
    **facts: object,
) -> Button:
    """A button labeled by the piece ``button_ACTION``.

    ``about`` is heard after the label, where several are labeled alike. ``sure`` says what cannot be taken back, and
    is asked first.
    """
    label = clip(words.plain(f"button_{action.value}", **facts), BUTTON)
    return Button(
        PlainText(label),
        action_id=action.value,
        value=str(value),
        style=style,
        accessibility_label=clip(f"{label}: {about}", BUTTON) if about else None,
        confirm=_question(label, sure, words) if sure else None,
    )


def _question(label: str, sure: str, words: Words) -> ConfirmationDialogue:
    return ConfirmationDialogue(
        title=PlainText(clip(f"{label}?", QUESTION)),
        text=PlainText(clip(sure, SURE)),
        confirm=PlainText(clip(label, ANSWER)),
        deny=PlainText(clip(words.plain("go_back"), ANSWER)),
    )


def unfit(error: str | None, words: Words) -> Mrkdwn:
    """What is wrong with a channel and how to mend it, where that is what an error says; else nothing."""
    known = error is not None and error.startswith("channel_") and words.has(f"unfit_{error}")
    return words.line(f"unfit_{error}") if known else Mrkdwn("")


def _marked_up(text: Mrkdwn, limit: int) -> Markdown:
    # verbatim: an address or #name that somebody typed stays text.
    return Markdown(clip_markup(text, limit), verbatim=True)
