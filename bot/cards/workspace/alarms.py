"""What admins hear about the bot's own troubles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.block_kit.blocks import unfit
from bot.cards.block_kit.markup import channel
from bot.cards.block_kit.message import Message
from bot.cards.notices import done
from bot.cards.words import Words
from bot.rules.workspace.health import Health, Trouble


def alarm(code: str, facts: Mapping[str, Any], words: Words) -> Message:
    """To an admin.

    ``code``: ``template_failed``, ``part_failed``,
    ``stuck_again`` (kind, reason), ``bug`` (reference), ``channel_unfit`` (channel,
    reason), ``no_medical_director`` (name, n).
    """
    if code == "channel_unfit":
        mend = unfit(f"channel_{facts['reason']}", words)
        return done("alarm_channel_unfit", words, channel=channel(facts["channel"]), mend=mend)
    return done(f"alarm_{code}", words, **facts)


def trouble(health: Health, code: str, words: Words) -> Message:
    """To an admin: the bot itself is not well. ``code``: a ``Trouble``."""
    since = health.swept_at if code == Trouble.NO_SWEEP else health.oldest_since
    return done(f"trouble_{code}", words, since=since)
