"""The card of every kind of reminder, one entry each: what it says, and its buttons while it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.cards.actions import Action
from bot.cards.block_kit.markup import Mrkdwn
from bot.cards.reminders import bodies
from bot.cards.reminders.bodies import Scene
from bot.rules.reminders.catalog import DeadlineKind
from bot.rules.reminders.models import TaskView


@dataclass(frozen=True, slots=True)
class ReminderCard:
    """The words and buttons of a kind; when it is said stands in ``rules/reminders/catalog.py``."""

    body: Callable[[TaskView, Scene], Sequence[Mrkdwn]]
    actions: Callable[[TaskView], Iterable[Action]]
    """Less those that would be refused."""


def _always(*actions: Action) -> Callable[[TaskView], Iterable[Action]]:
    return lambda _: actions


def _verify_actions(task: TaskView) -> Iterable[Action]:
    """What was verified before an absence was never wrong, so nothing is sent back."""
    return (Action.VERIFY,) if task.anew else (Action.VERIFY, Action.SEND_BACK)


def _prepare_actions(task: TaskView) -> Iterator[Action]:
    yield Action.READY
    if task.answer != "not_ready":
        yield Action.NOT_READY
    if task.unreachable and task.answer != "contact":
        yield Action.CONTACT_MADE


def _expiry_actions(task: TaskView) -> Iterator[Action]:
    if task.opens_on is None:
        yield Action.RENEWED
        yield Action.SUBMITTED
    if task.may_snooze and task.answer != "not_yet":
        yield Action.NOT_YET
    if task.own and task.answer != "help":
        yield Action.HELP
    if task.unreachable and task.answer != "contact":
        yield Action.CONTACT_MADE


def _filed_actions(task: TaskView) -> Iterator[Action]:
    yield Action.RENEWED
    if task.own and task.answer != "help":
        yield Action.HELP


_OF_TASKS = {
    "account_deactivated": (Action.LEFT_US, Action.STILL_HERE, Action.ON_LEAVE),
    "leave_over": (Action.IS_BACK, Action.STILL_ON_LEAVE),
    "withdrawal_held": (Action.WITHDRAW_HELD, Action.TASK_DONE),
}
"""By what is to be done; all others have **Done**."""


def _task_actions(task: TaskView) -> Iterable[Action]:
    return _OF_TASKS.get(task.task_kind or "", (Action.TASK_DONE,))


CARDS: Mapping[DeadlineKind, ReminderCard] = {
    DeadlineKind.EXPIRY: ReminderCard(bodies.expiry, _expiry_actions),
    DeadlineKind.PREPARE: ReminderCard(bodies.prepare, _prepare_actions),
    DeadlineKind.LAPSED: ReminderCard(bodies.lapse, _always(Action.RENEWED, Action.SUBMITTED)),
    DeadlineKind.LAPSE_WARNING: ReminderCard(bodies.lapse, _always(Action.SHOW_STATUS)),
    DeadlineKind.VERIFY: ReminderCard(bodies.verify, _verify_actions),
    DeadlineKind.DISCREPANCY: ReminderCard(bodies.discrepancy, _always(Action.USE_SOURCE, Action.ASK_PROVIDER)),
    DeadlineKind.NOT_ACTIVE: ReminderCard(bodies.not_active, _always(Action.VERIFY)),
    DeadlineKind.ISSUER: ReminderCard(bodies.issuer, _always(Action.VERIFY, Action.SEND_BACK, Action.STILL_WAITING)),
    DeadlineKind.FILED: ReminderCard(bodies.filed, _filed_actions),
    DeadlineKind.CONFIRM_FILING: ReminderCard(
        bodies.filing_to_confirm, _always(Action.CONFIRM_FILING, Action.VERIFY, Action.SEND_BACK)
    ),
    DeadlineKind.FILING_REVIEW: ReminderCard(
        bodies.filing_review, _always(Action.VERIFY, Action.SEND_BACK, Action.STILL_WAITING)
    ),
    DeadlineKind.HELP: ReminderCard(bodies.asked_for_help, _always(Action.HELP_DONE)),
    DeadlineKind.STEP: ReminderCard(bodies.step, _always()),
    DeadlineKind.TASK: ReminderCard(bodies.to_do, _task_actions),
    DeadlineKind.RECREDENTIALING: ReminderCard(bodies.recredentialing, _always(Action.RECORD_DECISION)),
}
