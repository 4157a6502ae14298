"""One task of somebody's day: what it says and which buttons stand under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from slackblocks import Block

from bot.cards.actions import Action
from bot.cards.block_kit.blocks import Style, button, buttons, context, section
from bot.cards.block_kit.markup import Mrkdwn, stacked
from bot.cards.names import identity_name, privilege_name, request_name
from bot.cards.reminders.bodies import ANSWERS_THAT_END, Scene, at_risk, is_done
from bot.cards.reminders.catalog import CARDS, ReminderCard
from bot.cards.words import Words
from bot.rules.credentials.identity import Identity
from bot.rules.reminders.catalog import DeadlineKind
from bot.rules.reminders.models import TaskView

OF_PROVIDER = (Action.SHOW_STATUS, Action.RECORD_DECISION)
"""Buttons about a whole file; the others are about the deadline."""


def task_blocks(task: TaskView, scene: Scene) -> list[Block]:
    """The task and, while it is open, its own row of buttons."""
    about = _heard(task, scene)
    row = [
        button(scene.words, action, _value(action, task), _style(action), about=about, sure=_sure(action, scene))
        for action in actions_of(task)
    ]
    return [section(task_text(task, scene)), *buttons(row)]


def sayable(tasks: Iterable[TaskView], scene: Scene, broken: list[Exception] | None) -> Iterator[list[Block]]:
    """The blocks of each task that can be shown. ``broken`` takes why one cannot; None: it is raised."""
    for task in tasks:
        try:
            yield task_blocks(task, scene)
        except Exception as error:  # whatever breaks in one task must not hold the others back
            if broken is None:
                raise
            broken.append(error)


def unsaid(n: int, words: Words) -> list[Block]:
    """How many are missing for that reason; nothing where none is."""
    return [context(words.line("unsaid", n=n))] if n else []


def task_text(task: TaskView, scene: Scene) -> Mrkdwn:
    """What is due and, once it was answered, who did what."""
    seen = replace(scene, public=scene.public or task.dates_only)
    return stacked(_subject(task, seen), _instead(task, seen), *_card_of(task).body(task, seen), _answer(task, seen))


def actions_of(task: TaskView) -> tuple[Action, ...]:
    """Its kind's buttons, while its reader has something to do about it; what was submitted may come at any time."""
    if task.answer == "submitted" and _may_come(task):
        return (Action.RENEWED,)
    if is_done(task) or task.dates_only or task.reads_only or task.vacant:
        return ()
    return tuple(_card_of(task).actions(task))


def _may_come(task: TaskView) -> bool:
    return task.awaits_issuer and task.now_with is None and not task.dates_only


def _card_of(task: TaskView) -> ReminderCard:
    return CARDS[DeadlineKind(task.kind)]


def _value(action: Action, task: TaskView) -> int:
    if action is Action.CONFIRM_FILING:
        return task.credential_id or 0
    return task.provider.id if action in OF_PROVIDER else task.deadline_id


def _heard(task: TaskView, scene: Scene) -> str:
    """What tells a task's buttons from the same ones of another, for who hears them."""
    named = task.credential and identity_name(scene.policies, task.credential)
    return ", ".join(part for part in (named, "" if task.own else task.provider.name) if part)


def _sure(action: Action, scene: Scene) -> str:
    """What cannot be taken back of it; empty for what can."""
    return scene.words.plain("sure_withdraw_held") if action is Action.WITHDRAW_HELD else ""


def _style(action: Action) -> Style | None:
    return "primary" if action in (Action.RENEWED, Action.VERIFY, Action.CONFIRM_FILING) else None


def _subject(task: TaskView, scene: Scene) -> Mrkdwn:
    words, name = scene.words, task.provider.name
    if task.kind == "step":
        return words.line(
            "about_request",
            number=request_name(task.request_number or 0),
            name=name,
            privilege=privilege_name(scene.policies, task.privilege or ""),
        )
    if task.kind == "task":
        return words.line("about_person", name=name)
    credential = identity_name(scene.policies, task.credential or Identity(task.kind))
    return words.line("about_own" if task.own else "about_someones", name=name, credential=credential)


def _instead(task: TaskView, scene: Scene) -> Mrkdwn:
    if task.beside and not is_done(task) and task.kind == "confirm_filing":
        return scene.words.line("asked_together", owner=task.beside)
    if task.beside and not is_done(task):
        warned = task.kind == "lapse_warning"
        return scene.words.line(
            "for_information" if warned else "asked_before", owner=task.beside, asked=task.asked_before
        )
    if task.instead_of is None:
        return Mrkdwn("")
    return scene.words.line("instead_of", name=task.instead_of, until=task.away_until)


def _answer(task: TaskView, scene: Scene) -> Mrkdwn:
    if task.now_with and not task.closed and task.answer not in ANSWERS_THAT_END:
        return scene.words.line("now_with", name=task.now_with)
    if task.answer is None:
        over = task.closed and task.kind != "prepare"  # of which the time is simply past
        return scene.words.line("task_closed", own=task.own) if over else Mrkdwn("")
    return scene.words.line(
        f"answered_{task.answer}",
        by=task.answered_by or task.provider.name,
        own=task.own,
        filed_on=task.filed_on,
        awaits=_may_come(task),
        until=task.snoozed_until,
        contact_on=task.contact_on,
        to_prepare=task.kind == "prepare",
        contact_how=scene.words.plain(f"contact_how_{task.contact_how}").lower() if task.contact_how else None,
        privileges=at_risk(task, scene),
    )
