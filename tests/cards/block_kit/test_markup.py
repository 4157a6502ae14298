"""Markup that is meant, and dates in words."""

from __future__ import annotations

from datetime import date

import pytest

from bot.cards.block_kit.markup import link, mention
from bot.cards.dates import day, in_days

TODAY = date(2026, 11, 23)


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


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 23), "today"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 22), "yesterday"),
        (date(2026, 12, 16), "in 23 days"),
        (date(2026, 11, 18), "5 days ago"),
    ],
)
def test_distance_in_words(on: date, said: str) -> None:
    """Days are counted from today, the near ones by name."""
    assert in_days(on, TODAY) == said


def test_a_day_in_words() -> None:
    """No leading zero, the month by name: it reads the same on both sides of the ocean."""
    assert day(date(2027, 1, 5)) == "5 Jan 2027"
