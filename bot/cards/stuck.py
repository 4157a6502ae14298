"""To an admin: the messages of which nobody knows whether they arrived, and those that could not be sent."""

from __future__ import annotations

from collections.abc import Sequence

from slackblocks import Block

from bot.cards import fit
from bot.cards.actions import Action
from bot.cards.markup import Mrkdwn, channel, stacked
from bot.cards.message import Message
from bot.cards.parts import button, buttons, context, header, paragraphs, section, unfit
from bot.cards.words import Words
from bot.rules.views import StuckList, StuckMessage


def stuck(view: StuckList, words: Words) -> Message:
    """One list of a day, however many there are: each group with its buttons, then what was said of others."""
    n = sum(map(len, view.groups)) + view.more
    if view.moved:
        return fit.message([section(words.line("nudge", "stuck_moved"))])
    blocks = [header(words.plain("nudge", "stuck_headline" if n else "stuck_done_headline", n=n))]
    for group in view.groups:
        blocks += _group(group, words)
    blocks += [context(words.line("nudge", "stuck_more", n=view.more))] if view.more else []
    return fit.message([*blocks, *paragraphs(_answered(message, words) for message in view.answered)])


def _group(group: Sequence[StuckMessage], words: Words) -> list[Block]:
    asked = group[0].state == "asked"
    offered = (Action.ARRIVED, Action.SEND_AGAIN) if asked else (Action.SEND_AGAIN, Action.DROP)
    ids = ",".join(str(message.id) for message in group)
    return [section(_line(group, words)), *buttons([button(words, action, ids) for action in offered])]


def _line(group: Sequence[StuckMessage], words: Words) -> Mrkdwn:
    one = group[0]
    facts = {"where": channel(one.where), "error": one.error, "mend": unfit(one.error, words)}
    if len(group) > 1:
        kinds = sorted({message.kind for message in group})
        return words.line("nudge", "failed_many", n=len(group), kinds=kinds, **facts)
    return words.line("nudge", "uncertain" if one.state == "asked" else "failed", kind=one.kind, **facts)


def _answered(message: StuckMessage, words: Words) -> Mrkdwn:
    answer = words.line("nudge", f"stuck_{message.answer}", by=message.answered_by or "an admin")
    return stacked(words.line("nudge", "stuck_was", kind=message.kind, where=channel(message.where), answer=answer))
