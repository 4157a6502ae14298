"""Absences: one's own, with who stands in, and what the one who stands in is told."""

from __future__ import annotations

from collections.abc import Sequence

from slackblocks import Block

from bot.cards.actions import Action, Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, section
from bot.cards.block_kit.fields import Fields, Values
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.block_kit.message import Message, View
from bot.cards.frame import Errors, form
from bot.cards.pickers import staff_to_choose
from bot.cards.words import Words
from bot.rules.people.models import AbsenceView, Person

SHOWN = 12


def mine(own: Sequence[AbsenceView], for_others: Sequence[AbsenceView], words: Words) -> Message:
    """To somebody who asks: their absences, each to be canceled, and whom they stand in for."""
    blocks: list[Block] = [] if own else [section(words.line("no_absences"))]
    rows = [_own(absence, words) for absence in own[:SHOWN]]
    rows += [section(words.line("you_stand_in", **_facts(one))) for one in for_others[:SHOWN]]
    total, foot = len(own) + len(for_others), buttons([button(words, Action.AWAY, 0)])
    return limits.longest(lambda n: [*blocks, *rows[:n], *_more(total - n, words), *foot], len(rows))


def _own(absence: AbsenceView, words: Words) -> Block:
    facts = _facts(absence)
    about = words.plain("absence_heard", **facts)
    return section(words.line("absence", **facts), button(words, Action.CANCEL_AWAY, absence.id, about=about))


def _more(hidden: int, words: Words) -> list[Block]:
    return [context(words.line("more_absences", n=hidden))] if hidden else []


def planned(
    absence: AbsenceView,
    replaced: Sequence[AbsenceView],
    delegate_away: AbsenceView | None,
    words: Words,
    *,
    votes: bool,
) -> Message:
    """What is recorded, what it replaced, and what to think of."""
    lines = [words.line("absence", **_facts(absence))]
    lines += [words.line("absence_replaced", **_facts(old)) for old in replaced]
    lines += [words.line("delegate_away", **_facts(delegate_away))] if delegate_away else []
    lines += [words.line("votes_stay")] if votes else []
    return limits.message([section(stacked(*lines))])


def notice(piece: str, absence: AbsenceView, words: Words) -> Message:
    """To the one who stands in (``standing_in``, ``standing_in_over``), or a thread (``approver_away``)."""
    return limits.message([section(notice_line(piece, absence, words))])


def notice_line(piece: str, absence: AbsenceView, words: Words) -> Mrkdwn:
    return words.line(piece, **_facts(absence))


def plan(staff: Sequence[Person], words: Words, *, values: Values, errors: Errors, meta: str) -> View:
    """From when to when, and who stands in; ``staff`` is empty for somebody who only approves."""
    fields = Fields(words, values, errors)
    blocks = [*fields.problems(), fields.day("from_on"), fields.day("until")]
    blocks += [fields.pick("delegate", staff_to_choose(staff))] if staff else []
    return form(Form.AWAY, blocks, words, meta)


def _facts(absence: AbsenceView) -> dict[str, object]:
    return {
        "name": absence.name,
        "from_on": absence.from_on,
        "until": absence.until,
        "delegate": absence.delegate_name,
    }
