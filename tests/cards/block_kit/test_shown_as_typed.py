"""What people type reads in a message as they typed it: nothing in it formats, and nothing hides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import header
from bot.cards.block_kit.markup import Mrkdwn, escape, link
from bot.cards.words import Words

OPENS = re.compile(r"(?<![^\W_])[*_~](?=\S)|`|:[\w+'-]+:|^(?:&gt;|\uff1e)", re.MULTILINE)
"""Where Slack would begin to format: beside a word, a code mark anywhere, an emoji's name, a quotation's line."""
TOKEN = re.compile(r"<!date\^00000000\^\{_\}\|([^<>|]*)>")


def shown(markup: str) -> str:
    """What Slack makes of it: a date that is none as its words, entities as characters, soft hyphens as nothing."""
    plain = TOKEN.sub(r"\1", markup).replace("\u00ad", "")
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize(
    "typed",
    [
        "*bold*",
        "_it_",
        "~s~",
        "`code` and ```more```",
        ":skull: and :flag-us:",
        "> quoted",
        "\uff1e quoted",
        "a *b* _c_",
        "(*b*)",
        "\uff0abold\uff0a \uff3fit\uff3f \uff40code\uff40",
        "Lee *Chen* <!channel> & Co",
    ],
)
def test_nothing_typed_formats(typed: str) -> None:
    """No mark is left that could begin a format, and every character is there."""
    markup = escape(typed)

    assert not OPENS.search(TOKEN.sub("\u00b7", markup)), markup
    assert shown(markup) == typed


@pytest.mark.parametrize(
    "typed", ["first_last@clinic.example", "board_certification", "2*3*4", "10:30", "Smith: MD", "A-123456", "O'Brien"]
)
def test_what_formats_nothing_is_left_alone(typed: str) -> None:
    """Addresses, keys and times can be copied out of a message as they were typed."""
    assert escape(typed) == typed


@given(st.text(alphabet="ab1 *_~`:><&|{}^!\u00e9\u674e-", max_size=40))
def test_every_text_is_shown_whole(typed: str) -> None:
    """Whatever stands beside what, no character is lost and none begins a format."""
    markup = escape(typed)

    assert shown(markup) == typed
    assert not OPENS.search(TOKEN.sub("\u00b7", markup))


def test_a_format_of_ours_reaches_around_what_is_typed(words: Words) -> None:
    """A bold name stays bold to its end, and shows its own stars."""
    said = words.line("refused_unknown_command", typed="*x*", rest="")

    assert "*/cred <!date^00000000^{_}|*>x<!date^00000000^{_}|*>*" in said


def test_a_links_label_formats_nothing() -> None:
    """Nothing can be put around a character there, so another of the same shape stands for it."""
    assert link("https://a.example", "*x* `y`") == Mrkdwn("<https://a.example|\u2217x\u2217 \u02cby\u02cb>")


def test_an_emojis_name_in_plain_text_is_no_picture() -> None:
    """Where there is no markup to escape, Slack is told to leave the colons alone."""
    [block] = limits.message([header("Lee :smile: Chen")]).blocks
    assert block["text"] == {"type": "plain_text", "text": "Lee :smile: Chen", "emoji": False}
    [block] = limits.message([header("Lee Chen: on file")]).blocks
    assert "emoji" not in block["text"]
