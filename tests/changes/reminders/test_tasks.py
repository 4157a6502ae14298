"""What somebody must do about a provider: opened once, told, done."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.changes.reconcile import reconcile
from bot.changes.reminders.tasks import TaskDone, finish_task, open_task
from bot.jobs.send_nudges import sweep
from bot.rules.context import Context
from bot.rules.refusals import Refused
from bot.store.engine import Database
from bot.store.reminders.card_contents import read_queue
from bot.store.tables import AuditEvent, Card, Deadline, Nudge, Task
from tests.support.credentials import Office, open_office

ENDED = {"ended_on": "2026-11-20"}


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def opened(office: Office, *, at_once: bool = False) -> int | None:
    """The same task, whenever it is called."""
    with office.db.writing() as session:
        return open_task(
            session, office.ctx, office.file_id, "tail_cover", key="tail_cover:1", facts=ENDED, at_once=at_once
        )


def the_deadline(office: Office) -> Deadline:
    [row] = office.rows(Deadline, Deadline.kind == "task")
    return row


def test_a_task_is_opened_once_a_key(office: Office) -> None:
    """Whoever opens it again, be it done or not, gets none."""
    first, second = opened(office), opened(office)

    assert (first is None, second) == (False, None)
    assert [task.id for task in office.rows(Task)] == [first]


def test_a_task_is_told_to_the_owner_and_stands_in_the_queue(office: Office) -> None:
    """The sweep says it at once, and the owner's queue shows what is to be done."""
    opened(office)

    assert sweep(office.db, office.ctx) == 1
    [nudge] = office.rows(Nudge)
    with office.db.reading() as session:
        [waiting] = read_queue(session, office.cora, office.ctx).tasks
    assert nudge.recipient == f"person:{office.cora.id}"
    assert (waiting.task_kind, waiting.task_facts, waiting.closed) == ("tail_cover", ENDED, False)


def test_a_task_told_at_once_is_not_told_again_the_same_day(office: Office) -> None:
    """The owner gets a card of its own, and the sweep has nothing to add until the day it is due."""
    task = opened(office, at_once=True)

    assert sweep(office.db, office.ctx) == 0
    [card] = office.rows(Card)
    assert (card.kind, card.subject, card.channel) == ("task", task, f"person:{office.cora.id}")


def test_a_task_is_done_once(office: Office) -> None:
    """**Done** closes it with one audit event; the second who presses reads who was first."""
    opened(office)
    deadline = the_deadline(office).id

    first = office.does(finish_task, deadline)
    second = office.does(finish_task, deadline)

    [task] = office.rows(Task)
    assert first == TaskDone(deadline or 0, office.file_id, "tail_cover", ENDED)
    assert isinstance(second, Refused)
    assert (second.code, second.facts["by"]) == ("already_done", "Cora")
    assert (task.done_by, task.answer and task.answer["answer"]) == (office.cora.id, "done")
    assert office.acts().count("task_done") == 1


def test_only_coordinators_do_an_owners_task(office: Office) -> None:
    """The provider may not, and the attempt is on record."""
    opened(office)

    refused = office.does(finish_task, the_deadline(office).id, by=office.lee)

    assert isinstance(refused, Refused)
    assert (refused.code, the_deadline(office).closed_at) == ("not_yours", None)
    with office.db.reading() as session:
        assert session.exec(select(AuditEvent.reason)).all()[-1] == "not_yours"


def test_settling_a_file_leaves_its_tasks_alone(office: Office) -> None:
    """A task does not follow from the file, so comparing the file with the rules does not close it."""
    opened(office)

    with office.db.writing() as session:
        reconcile(session, office.ctx, [office.file_id])

    assert the_deadline(office).closed_at is None
