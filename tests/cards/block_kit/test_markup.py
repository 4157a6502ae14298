"""Markup that is meant."""

from __future__ import annotations

import pytest

from bot.cards.block_kit.markup import link, mention


@pytest.mark.parametrize("not_an_id", ["channel", "!here", "U1>x", "", "u123"])
def test_only_a_person_is_mentioned(not_an_id: str) -> None:
    """Anything but a Slack user id is refused, so that no mention reaches a channel."""
    with pytest.raises(ValueError, match="not a Slack user id"):
        mention(not_an_id)


def test_a_link_cannot_be_broken_by_its_parts() -> None:
    """Neither address nor label can end the link early or begin another."""
    assert link("https://a.b/?q=<x>|y", "see <|> it") == "<https://a.b/?q=%3Cx%3E%7Cy|see &lt;¦&gt; it>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "slack://open", "a.b"])
def test_links_lead_to_the_web_only(url: str) -> None:
    """Other schemes are refused."""
    with pytest.raises(ValueError, match="http"):
        link(url, "x")
