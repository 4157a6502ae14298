"""To an admin: messages that may not have arrived, those that could not be sent, and files that jobs leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from slackblocks import Block

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section, unfit
from bot.cards.block_kit.limits import clip
from bot.cards.block_kit.markup import Mrkdwn, channel, stacked
from bot.cards.block_kit.message import Message
from bot.cards.words import Words
from bot.rules.workspace.undeliverable import UndeliverableList, UndeliverableMessage

NAMED = 60
"""Characters of a name in what is asked."""


def stuck(view: UndeliverableList, words: Words) -> Message:
    """One list of a day, however many there are: each group with its buttons, then what was said of others."""
    n = sum(map(len, view.groups)) + view.more
    if view.moved:
        return limits.message([section(words.line("undeliverable_moved"))])
    blocks = [header(_headline(n, view, words)), *paragraphs(_set_aside(view, words))]
    rows, answered = [_group(group, words) for group in view.groups], [_answered(one, words) for one in view.answered]

    def with_first(shown: int) -> list[Block]:
        hidden = view.more + sum(map(len, view.groups[shown:]))
        more = [context(words.line("undeliverable_more", n=hidden))] if hidden else []
        return [*blocks, *chain(*rows[:shown]), *more, *paragraphs(answered)]

    return limits.longest(with_first, len(rows))


def _headline(n: int, view: UndeliverableList, words: Words) -> str:
    files = len(view.set_aside) + view.set_aside_more
    if files and not n:
        return words.plain("set_aside_headline", n=files)
    return words.plain("undeliverable_headline" if n else "undeliverable_none_left", n=n)


def _set_aside(view: UndeliverableList, words: Words) -> Iterator[Mrkdwn]:
    for one in view.set_aside:
        facts = {"name": one.name, "since": one.since, "reference": one.reference}
        yield words.line(f"set_aside_{one.job.value}", **facts)
    if view.set_aside_more:
        yield words.line("set_aside_more", n=view.set_aside_more)


def _group(group: Sequence[UndeliverableMessage], words: Words) -> list[Block]:
    asked = group[0].state == "asked"
    offered = (Action.ARRIVED, Action.SEND_AGAIN) if asked else (Action.SEND_AGAIN, Action.DROP)
    span = f"{group[0].id}-{group[-1].id}" if len(group) > 1 else str(group[0].id)
    row = [button(words, action, span, about=group[0].where, sure=_sure(action, group, words)) for action in offered]
    return [section(_line(group, words)), *buttons(row)]


def _sure(action: Action, group: Sequence[UndeliverableMessage], words: Words) -> str:
    """What cannot be taken back of it."""
    where = clip(group[0].where, NAMED)
    if action is Action.DROP:
        return words.plain("sure_drop", n=len(group), where=where)
    twice = action is Action.SEND_AGAIN and group[0].state == "asked"
    return words.plain("sure_send_again", where=where) if twice else ""


def _line(group: Sequence[UndeliverableMessage], words: Words) -> Mrkdwn:
    one = group[0]
    facts = {"where": channel(one.where), "error": one.error, "mend": unfit(one.error, words)}
    if len(group) > 1:
        kinds = sorted({message.kind for message in group})
        return words.line("undeliverable_failed_many", n=len(group), kinds=kinds, **facts)
    return words.line(
        "undeliverable_uncertain" if one.state == "asked" else "undeliverable_failed", kind=one.kind, **facts
    )


def _answered(message: UndeliverableMessage, words: Words) -> Mrkdwn:
    answer = words.line(f"resolved_{message.answer}", by=message.answered_by or "an admin")
    return stacked(words.line("undeliverable_resolved", kind=message.kind, where=channel(message.where), answer=answer))
