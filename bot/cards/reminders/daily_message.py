"""Reminders: a person's message of the day, and what the owner and the team are asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain

from slackblocks import Block

from bot.cards.actions import Action
from bot.cards.block_kit import limits
from bot.cards.block_kit.blocks import button, buttons, context, header, paragraphs, section
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.block_kit.message import Message
from bot.cards.names import identity_name
from bot.cards.reminders.bodies import Scene, first_name, is_done
from bot.cards.reminders.tasks import sayable, task_blocks, unsaid
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.policy import Policies
from bot.rules.reminders.digest import Lapse, grouped
from bot.rules.reminders.models import BacklogView, NudgeDayView, TaskView

NAMES = 10
"""The most names of a line; the others are counted."""


def nudge_day(view: NudgeDayView, policies: Policies, words: Words, broken: list[Exception] | None = None) -> Message:
    """All that is due on a reader's day, each task with its own row of buttons while it is open.

    What cannot be said is counted below the others; ``broken`` takes why; None: it is raised.
    """
    scene = Scene(view.on, policies, words, public=view.reader is None)
    title = header(_headline(view, words))
    rows = [*sayable(view.tasks, scene, broken)]
    foot = unsaid(view.unread + len(view.tasks) - len(rows), words)
    total = view.more + len(rows)
    return limits.longest(lambda n: [title, *chain(*rows[:n]), *_more(total - n, words), *foot], len(rows))


def _more(hidden: int, words: Words) -> list[Block]:
    return [context(words.line("daily_more", n=hidden))] if hidden else []


def task_card(task: TaskView, on: date, policies: Policies, words: Words) -> Message:
    """To the owner: a task that is told at once, such as what a provider wrote with *I need help*."""
    return limits.message(task_blocks(task, Scene(on, policies, words)))


def silence(tasks: Sequence[TaskView], on: date, policies: Policies, words: Words) -> Message:
    """To the team's channel: nobody answers. Only names, types and the date they share; never a number."""
    named = ((task.credential or Identity(""), task.due_on, task.provider.name) for task in tasks)
    lines = [_silent(group, on, policies, words) for group in grouped(named)]
    return limits.message(paragraphs([*lines, words.line("unanswered_question")]))


def _silent(group: Lapse, on: date, policies: Policies, words: Words) -> Mrkdwn:
    credential = identity_name(policies, group.what)
    names, more = group.names[:NAMES], max(0, len(group.names) - NAMES)
    return words.line("unanswered_row", names=names, more=more, credential=credential, due_on=group.due_on, on=on)


def backlog(view: BacklogView, words: Words) -> Message:
    """What an import held, with *Start nudging* until somebody pressed it."""
    blocks = [header(words.plain("backlog_title"))]
    if view.released_by:
        return limits.message([*blocks, section(words.line("backlog_started", by=view.released_by))])
    if not view.held:
        return limits.message([*blocks, section(words.line("backlog_empty"))])
    held = words.line("backlog", held=view.held, people=view.people, oldest=view.oldest_due_on)
    sure = words.plain("sure_start_nudging", held=view.held, people=view.people)
    row = [button(words, Action.START_NUDGING, 0, "primary", sure=sure)]
    return limits.message([*blocks, section(held), *buttons(row)])


def _headline(view: NudgeDayView, words: Words) -> str:
    waiting = sum(not is_done(task) for task in view.tasks) + view.more + view.unread
    if not waiting:
        return words.plain("daily_done")
    if view.reader is None:
        return words.plain("team_headline", n=waiting)
    return words.plain("daily_headline", first_name=first_name(view.reader.name), n=waiting)
