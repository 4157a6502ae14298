"""Answers to ``/cred expiring``, ``queue``, ``privileges`` and ``eligible``."""

from __future__ import annotations

from itertools import chain

from slackblocks import Block, Button

from bot.cards import refusals
from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message
from bot.cards.names import credential_name, name_of, privilege_name, provider_type_name
from bot.cards.privileges.criteria import criterion_line, rule_line
from bot.cards.privileges.grants import active_or_not, grant_line
from bot.cards.reminders.bodies import Scene
from bot.cards.reminders.tasks import sayable, unsaid
from bot.cards.reports.status import add_missing, next_step
from bot.cards.words import Words
from bot.rules.policy import Policies
from bot.rules.privileges.models import CriterionResult
from bot.rules.reports import EligibleView, ExpiringRow, ExpiringView, PrivilegesView, QueueView

LINES = 40
"""The most lines of one answer; what is left out is counted."""
QUEUE = 12


def expiring(view: ExpiringView, policies: Policies, words: Words) -> Message:
    """What expires, soonest first as given, one line each."""
    blocks = [header(words.plain("expiring_title", days=view.within_days))]
    if view.type or view.jurisdiction:
        label = credential_name(policies, view.type) if view.type else None
        blocks.append(context(words.line("expiring_filter", type=label, state=view.jurisdiction)))
    if not view.rows:
        return limits.message([*blocks, section(words.line("expiring_none"))])
    lines, total = [_expiring_row(row, view, policies, words) for row in view.rows[:LINES]], view.more + len(view.rows)
    return limits.longest(
        lambda n: [*blocks, *paragraphs(lines[:n]), *_more("expiring_more", total - n, words)], len(lines)
    )


def queue(view: QueueView, policies: Policies, words: Words, broken: list[Exception] | None = None) -> Message:
    """What waits for one person, with the same buttons as the reminders.

    What cannot be said is counted below the others; ``broken`` takes why; None: it is raised.
    """
    blocks = [header(words.plain("queue_title"))]
    if not view.tasks and not view.unread:
        return limits.message([*blocks, section(words.line("queue_none"))])
    shown = view.tasks[:QUEUE]
    rows = [*sayable(shown, Scene(view.on, policies, words), broken)]
    unsayable = len(shown) - len(rows)
    foot = unsaid(view.unread + unsayable, words)
    total = view.more + len(view.tasks) - unsayable
    return limits.longest(
        lambda n: [*blocks, *chain(*rows[:n]), *_more("queue_more", total - n, words), *foot], len(rows)
    )


def privileges(view: PrivilegesView, policies: Policies, words: Words) -> Message:
    """Active or not; since when or until, only where ``view.dates``; why, only where ``view.why``."""
    blocks = [header(words.plain("privileges_title", name=view.provider.name))]
    if not view.privileges:
        return limits.message([*blocks, section(words.line("privileges_none"))])
    grants = view.privileges[:LINES]
    if view.dates:
        shown = [grant_line(grant, view.on, policies, words, why=view.why) for grant in grants]
    else:
        shown = [active_or_not(grant, view.on, policies, words) for grant in grants]
    total = len(view.privileges)
    return limits.longest(
        lambda n: [*blocks, *paragraphs(shown[:n]), *_more("privileges_more", total - n, words)], len(shown)
    )


def eligible(view: EligibleView, policies: Policies, words: Words) -> Message:
    """Each criterion of a privilege: met, missing or expiring, with why; those that the reader may mend come first."""
    result, name = view.eligibility, view.provider.name
    lines = [(criterion_line(c, view.on, policies, words), _step(view, c, policies, words)) for c in result.criteria]
    blocks = [
        header(words.plain("eligible_title", privilege=privilege_name(policies, result.privilege))),
        section(_verdict(view, name, policies, words)),
        *(section(line, step) for line, step in lines if step),
        *paragraphs(line for line, step in lines if not step),
        context(rule_line(result, policies, words)),
    ]
    return limits.message([*blocks, *_ask(view, policies, words)])


def _step(view: EligibleView, criterion: CriterionResult, policies: Policies, words: Words) -> Button | None:
    """What the reader may do about a criterion that is not met, as their status offers it."""
    if criterion.met or not view.eligibility.may_ask:
        return None
    if criterion.judged is None:
        return add_missing(view, criterion.credential_type, policies, words)
    return next_step(view, criterion.judged, policies, words)


def _ask(view: EligibleView, policies: Policies, words: Words) -> list[Block]:
    """The request, for who may make it; or why there is nothing to ask for."""
    if not view.eligibility.eligible or not view.may_request:
        return []
    if view.taken:
        return [context(refusals.line(view.taken, words, policies))]
    about = f"{view.provider.id}:{view.eligibility.privilege}"
    return buttons([button(words, Action.REQUEST, about, "primary", one=True)])


def _expiring_row(row: ExpiringRow, view: ExpiringView, policies: Policies, words: Words) -> Mrkdwn:
    return words.line(
        "expiring_row",
        name=row.provider.name,
        credential=name_of(policies, row.judged.credential),
        expires_on=row.judged.term.expires_on,
        on=view.on,
    )


def _verdict(view: EligibleView, name: str, policies: Policies, words: Words) -> Mrkdwn:
    if not view.eligibility.may_ask:
        label = provider_type_name(policies, view.provider.type)
        return words.line("eligible_type", name=name, type=label)
    return words.line("eligible_yes" if view.eligibility.eligible else "eligible_no", name=name)


def _more(piece: str, hidden: int, words: Words) -> list[Block]:
    return [context(words.line(piece, n=hidden))] if hidden else []
