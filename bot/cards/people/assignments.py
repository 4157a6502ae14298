"""Who answers for whom: assignments, as the people concerned and the forms read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slackblocks import Block

from bot.cards.actions import Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import section
from bot.cards.block_kit.fields import Choosable, Fields, Values
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message, View
from bot.cards.frame import Errors, form
from bot.cards.pickers import staff_to_choose
from bot.cards.words import Words
from bot.rules.people.models import Person
from bot.rules.providers.models import Provider

NAMED = 15
"""Names in one line; the rest is counted."""


def assigned_to_you(by: str, providers: Sequence[Provider], waiting: int, words: Words) -> Message:
    """To the new owner: whose files, by whom, and how much waits there."""
    return limits.message([section(words.line("assigned_to_you", by=by, waiting=waiting, **_names(providers)))])


def assigned_from_you(by: str, owner: str, providers: Sequence[Provider], words: Words) -> Message:
    """To the owner until now: who answers for these files instead."""
    return limits.message([section(words.line("assigned_from_you", by=by, owner=owner, **_names(providers)))])


def whose_list(
    staff: Sequence[Person], counts: Mapping[int, int], words: Words, *, values: Values, errors: Errors, meta: str
) -> View:
    """Whose whole list is to go to somebody else; ``counts``: for how many each answers."""
    fields = Fields(words, values, errors)
    choices = lists_to_choose(staff, counts, words)
    return form(Form.CHOOSE_LIST, [*fields.problems(), fields.pick("whose", choices)], words, meta)


def assign(
    about: Sequence[Provider],
    whose: Person | None,
    staff: Sequence[Person],
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """For ``about``, who is all that ``whose`` answers for where that is given: the new owner, and a backup."""
    fields = Fields(words, values, errors)
    blocks: list[Block] = [
        section(_scope(about, whose, words)),
        *fields.problems(),
        fields.pick("owner", staff_to_choose(staff)),
        fields.pick("backup", staff_to_choose(staff), optional=True),
    ]
    return form(Form.ASSIGN, blocks, words, meta)


def lists_to_choose(staff: Sequence[Person], counts: Mapping[int, int], words: Words) -> list[Choosable]:
    """Who answers for anybody, with for how many; their ids as values."""
    return [
        Choosable(str(one.id), one.name, words.plain("staff_note", n=counts[one.id]))
        for one in staff
        if counts.get(one.id)
    ]


def _scope(about: Sequence[Provider], whose: Person | None, words: Words) -> Mrkdwn:
    if whose is None:
        return words.line("assign_these", **_names(about))
    return words.line("assign_list_of", name=whose.name, n=len(about), **_names(about))


def _names(providers: Sequence[Provider]) -> dict[str, object]:
    shown = providers[:NAMED]
    return {"names": [one.name for one in shown], "more": len(providers) - len(shown)}
