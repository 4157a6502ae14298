"""The team's Monday digest."""

from __future__ import annotations

from collections.abc import Sequence

from slackblocks import Block

from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import context, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message
from bot.cards.names import body_name, identity_name
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.reminders.digest import WITHIN, DigestView, Lapse, PendingCount

LINES = 15
"""The most lines of a part; what is left out is counted."""
NAMES = 5
"""The most names of a line."""


def digest(view: DigestView, policies: Policies, words: Words) -> Message:
    """What lapses, who is silent, what waits and for whom, and the audit head."""

    def with_lines(n: int) -> list[Block]:
        lapsing = _lapses(view.lapsing, "digest_lapsing_title", n, view, policies, words)
        return [
            header(words.plain("digest_title", monday=view.monday)),
            *_lapses(view.late, "digest_late_title", n, view, policies, words),
            *(lapsing or [section(words.line("digest_lapsing_none", days=WITHIN))]),
            *_lapses(view.silent, "digest_silent_title", n, view, policies, words),
            *_waits(view, n, words),
            context(words.line("digest_head", head=view.head)),
        ]

    return limits.longest(with_lines, LINES)


def _lapse_line(lapse: Lapse, view: DigestView, policies: Policies, words: Words) -> Mrkdwn:
    """One type on one day, and whose; of many, the first few names."""
    credential = identity_name(policies, lapse.what)
    known = {"credential": credential, "due_on": lapse.due_on, "on": view.on}
    shown, people = lapse.names[:NAMES], len(lapse.names)
    if len(shown) == people:
        return words.line("digest_lapse", names=shown, **known)
    return words.line("digest_lapse_of_many", people=people, names=shown, more=people - len(shown), **known)


def _lapses(
    lapses: Sequence[Lapse], piece: str, most: int, view: DigestView, policies: Policies, words: Words
) -> list[Block]:
    if not lapses:
        return []
    lines = [_lapse_line(lapse, view, policies, words) for lapse in lapses[:most]]
    return _part(words.line(piece, days=WITHIN), lines, len(lapses) - len(lines), "digest_more", words)


def _waits(view: DigestView, most: int, words: Words) -> list[Block]:
    def pending(piece: str, one: PendingCount, whom: str) -> Mrkdwn:
        return words.line(piece, whom=whom, n=one.count, due_on=one.oldest_due_on, on=view.on)

    lines = [pending("digest_tasks", one, one.whom) for one in view.tasks]
    lines += [pending("digest_steps", one, body_name(one.whom)) for one in view.steps]
    if not lines:
        return [section(words.line("digest_waits_none"))]
    return _part(words.line("digest_waits_title"), lines[:most], len(lines) - most, "digest_more_waits", words)


def _part(title: Mrkdwn, lines: Sequence[Mrkdwn], hidden: int, piece: str, words: Words) -> list[Block]:
    rest = [words.line(piece, n=hidden)] if hidden > 0 else []
    return paragraphs([title, *lines, *rest])
