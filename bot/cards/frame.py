"""The frame of every form: its title, its buttons, what stands there while it loads, and choices in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import paragraphs, section
from bot.cards.block_kit.fields import Choosable
from bot.cards.block_kit.inputs import as_shown
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import View
from bot.cards.words import Words

Errors = Mapping[str, str]


def loading(words: Words, title: str = "") -> View:
    """What is opened within the three seconds that a trigger lives; the form follows by ``views.update``."""
    return window(Form.LOADING, [section(words.line("form_loading"))], words, title=title)


def saving(words: Words, title: str = "") -> View:
    """The acknowledgement of a submission, until its result is known."""
    return window(Form.SAVING, [section(words.line("form_saving"))], words, title=title)


def result(title: str, lines: Iterable[Mrkdwn], words: Words) -> View:
    """What came of a submission."""
    return window(Form.RESULT, paragraphs(lines), words, title=title)


def form(name: Form, blocks: Sequence[Block], words: Words, meta: str) -> View:
    """A form of that name; ``meta`` comes back with the submission."""
    view = limits.modal(
        title=words.plain(f"title_{name.value}"),
        blocks=blocks,
        callback_id=name.value,
        meta=meta,
        submit=words.plain(f"submit_{name.value}"),
        close=words.plain("cancel"),
    )
    return view | {"blocks": as_shown(view["blocks"], meta)}


def window(name: Form, blocks: Sequence[Block], words: Words, title: str = "") -> View:
    """Something to read, with nothing to submit; without ``title`` the form's own."""
    return limits.modal(
        title=title or words.plain(f"title_{name.value}"),
        blocks=blocks,
        callback_id=name.value,
        meta="",
        submit=None,
        close=words.plain("close"),
    )


def worded(prefix: str, keys: Iterable[str], words: Words) -> list[Choosable]:
    """Choices whose labels are the pieces ``PREFIX_KEY``."""
    return [Choosable(str(key), words.plain(f"{prefix}_{key}")) for key in keys]
