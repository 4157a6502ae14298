"""Limits: everything is cut visibly before Slack would refuse it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slackblocks import ActionsBlock, Button, DividerBlock

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, context, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.words import Words
from tests.cards.building import problems


def test_a_cut_is_visible_and_counts_utf16() -> None:
    """An emoji counts twice, as Slack may count it, and is never halved."""
    assert limits.clip("ab😀cd", 5) == "ab😀…"
    assert limits.clip("ab😀cd", 4) == "ab…"
    assert limits.clip("abcd", 4) == "abcd"


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_text_that_shows_nothing_becomes_a_dash(text: str) -> None:
    """Slack refuses empty text."""
    assert limits.clip(text, 10) == limits.clip_markup(text, 10) == "–"


@pytest.mark.parametrize("kept_whole", ["&amp;", "<@U12345>", "<https://a.b|label>"])
def test_markup_is_never_cut_apart(kept_whole: str) -> None:
    """An entity, mention or link that does not fit is left out whole."""
    assert limits.clip_markup(f"ab{kept_whole}cd", len(kept_whole) + 2) == "ab…"


@given(st.text(alphabet=st.sampled_from("a😀&<>;|@U1 \n"), max_size=60), st.integers(2, 40))
def test_a_cut_always_fits(text: str, limit: int) -> None:
    """Whatever the text, the result is within its limit and not empty."""
    for cut in (limits.clip, limits.clip_markup):
        assert 0 < limits.units(cut(text, limit)) <= limit


def test_a_message_holds_fifty_blocks_and_says_that_there_was_more() -> None:
    """What exceeds 50 blocks is counted where it would stand; the last block, of buttons mostly, stays."""
    message = limits.message([section(Mrkdwn(str(n))) for n in range(60)])

    assert len(message.blocks) == 50
    assert message.text.endswith("47\n… +11\n59")


def test_buttons_that_weigh_too_much_are_left_out_and_counted() -> None:
    """Texts can be shortened, buttons cannot: where they alone are too much, blocks go, and the last one stays."""
    rows = [ActionsBlock([Button("B", f"a{n}", value="x" * 2_000)]) for n in range(12)]
    message = limits.message([*rows, ActionsBlock([Button("Last", "last", value="1")])])

    assert len(json.dumps(message.blocks, separators=(",", ":"))) <= limits.MESSAGE_BYTES
    assert message.blocks[-1]["elements"][0]["action_id"] == "last"
    assert message.text == f"… +{12 - (len(message.blocks) - 2)}"


def test_a_message_shrinks_its_texts_until_it_is_small_enough() -> None:
    """Fifty long texts together stay below what Slack takes, each with something left of it."""
    message = limits.message([section(Mrkdwn("x" * 2_900)) for _ in range(50)])

    assert len(json.dumps(message.blocks, separators=(",", ":"))) <= limits.MESSAGE_BYTES
    assert all(block["text"]["text"].startswith("xxx") for block in message.blocks)


@given(st.text(min_size=1, max_size=3_000))
def test_text_says_what_the_blocks_say_within_its_bytes(typed: str) -> None:
    """Screen readers get header, sections and small print; ephemeral text is measured in bytes."""
    message = limits.message([header(typed), section(Mrkdwn("body")), context(Mrkdwn("small"))])

    assert len(message.text.encode()) <= 4_000
    assert message.text.endswith("…") or message.text.endswith("body\nsmall")


def test_ids_are_the_same_every_time() -> None:
    """The same card gives the same payload, so that an unchanged one is not sent again."""
    blocks = [section(Mrkdwn("a")), DividerBlock()]

    assert limits.message(blocks) == limits.message([section(Mrkdwn("a")), DividerBlock()])


def test_an_id_used_twice_is_an_error() -> None:
    """Slack would refuse it; a card never gets that far."""
    with pytest.raises(ValueError, match="used twice"):
        limits.message([ActionsBlock([Button("A", "same", value="1"), Button("B", "same", value="2")])])


def test_private_metadata_is_never_cut() -> None:
    """A key that does not fit is a bug: a cut one would point elsewhere."""
    with pytest.raises(ValueError, match="private_metadata"):
        limits.modal(title="T", blocks=[], callback_id="c", meta="x" * 3_001, submit=None, close="C")


def test_paragraphs_fill_sections_without_splitting_lines() -> None:
    """Many lines become few sections, and each line stays whole."""
    lines = [Mrkdwn(f"{n} " + "x" * 900) for n in range(10)]
    message = limits.message(paragraphs(lines))

    assert len(message.blocks) == 4
    assert problems(message) == []


def test_a_button_is_cut_to_its_limit(words: Words) -> None:
    """A command that was typed at length fits the button that offers it again."""
    beside = button(words, Action.TRY_AGAIN, 1, command="add " * 30)
    message = limits.message([section(Mrkdwn("Did you mean it?"), beside)])

    assert problems(message) == []
    assert message.blocks[0]["accessory"]["text"]["text"].startswith("Yes, /cred add")


def test_a_line_that_would_lose_its_last_letter_has_a_section_of_its_own() -> None:
    """Slack may count an emoji as two: a section that it would make too long ends before its line."""
    first, second = Mrkdwn("a" * 2_990), Mrkdwn("b" * 8 + "🙂")

    texts = [block["text"]["text"] for block in limits.message(paragraphs([first, second])).blocks]

    assert [text[-1] for text in texts] == ["a", "🙂"]
