"""The recredentialing clock: one file's, and all that are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from slackblocks import Block

from bot.cards.actions import Action, Form
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section
from bot.cards.block_kit.fields import Choosable, Fields, Values
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message, View
from bot.cards.frame import Errors, form
from bot.cards.names import body_name
from bot.cards.words import Words
from bot.rules.credentialing import Cycle, CyclesView, CycleView
from bot.rules.policy import Recredentialing
from bot.rules.providers.models import Provider

LINES = 40


def cycle_line(cycle: Cycle, policy: Recredentialing, on: date, words: Words) -> Mrkdwn:
    """Due, late (a finding), or too late for anything but initial credentialing."""
    piece = "recredentialing_late" if cycle.late(on) else "recredentialing_due"
    if cycle.lapsed(on):
        piece = "recredentialing_lapsed"
    return words.line(
        piece,
        due_on=cycle.due_on,
        decided_on=cycle.decided_on,
        usable_until=cycle.usable_until,
        months=policy.months,
        on=on,
    )


def one(view: CycleView, policy: Recredentialing, words: Words) -> Message:
    """One file's clock, its rule, and *Record a decision* for who may."""
    line = cycle_line(view.cycle, policy, view.on, words) if view.cycle else words.line("recredentialing_undecided")
    row = [button(words, Action.RECORD_DECISION, view.provider.id)] if view.may_decide else []
    return limits.message(
        [
            header(words.plain("recredentialing_title", name=view.provider.name)),
            section(line),
            context(words.line("recredentialing_rule", source=policy.source)),
            *buttons(row),
        ]
    )


def many(view: CyclesView, policy: Recredentialing, words: Words) -> Message:
    """Everybody late or due soon, the longest late first."""
    blocks = [header(words.plain("recredentialing_list_title"))]
    lines = [
        words.line("recredentialing_row", name=who.name, line=cycle_line(cycle, policy, view.on, words))
        for who, cycle in view.due
    ]
    blocks += [] if lines else [section(words.line("recredentialing_nobody"))]
    foot = [context(words.line("recredentialing_undecided_many", n=view.undecided))] if view.undecided else []

    def with_first(n: int) -> list[Block]:
        hidden = len(lines) - n
        more = [context(words.line("recredentialing_more", n=hidden))] if hidden else []
        return [*blocks, *paragraphs(lines[:n]), *more, *foot]

    return limits.longest(with_first, min(len(lines), LINES))


def decision_form(
    provider: Provider,
    cycle: Cycle | None,
    kinds: Iterable[str],
    bodies: Iterable[str],
    words: Words,
    *,
    values: Values,
    errors: Errors,
    meta: str,
) -> View:
    """What a body decided about the file: in its favor; anything else comes from a meeting's own papers."""
    fields = Fields(words, values, errors)
    about = words.line(
        "decision_about", name=provider.name, decided_on=cycle.decided_on if cycle else None,
        due_on=cycle.due_on if cycle else None,
    )  # fmt: skip
    named = [Choosable(kind, words.plain(f"decision_kind_{kind}")) for kind in kinds]
    blocks = [
        section(about),
        *fields.problems(),
        fields.radio("decision", named),
        fields.select("body", [Choosable(body, body_name(body)) for body in bodies]),
        fields.day("decided_on"),
        fields.text("minutes", required=True),
    ]
    if cycle:
        blocks.append(fields.several("corrects", [Choosable("yes", words.plain("decision_corrects"))], optional=True))
    return form(Form.DECISION, blocks, words, meta)
