"""What a deadline is about exists."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from bot.rules.reminders.catalog import DeadlineKind, SubjectType
from bot.store.engine import Database
from bot.store.reminders.missing_subjects import HELD_IN, missing_subjects
from bot.store.tables import Deadline
from tests.jobs.building import a_provider

DUE_ON = date(2026, 12, 31)


def waiting(provider_id: int, subject_type: str, subject_id: int, kind: str = DeadlineKind.VERIFY) -> Deadline:
    return Deadline(
        kind=kind, subject_type=subject_type, subject_id=subject_id, provider_id=provider_id, assignee="owner",
        due_on=DUE_ON, opened_on=DUE_ON,
    )  # fmt: skip


def test_every_kind_of_subject_has_its_table() -> None:
    """Nothing that a deadline may be about goes unlooked for."""
    assert set(HELD_IN) == set(SubjectType)


@pytest.mark.parametrize("subject_type", [*SubjectType, "nonsense"])
def test_a_subject_that_does_not_exist_is_named(db: Database, subject_type: str) -> None:
    """Whatever it is; what exists is not named."""
    with db.writing() as session:
        lee = a_provider(session)
        there = waiting(lee, SubjectType.PROVIDER, lee, DeadlineKind.RECREDENTIALING)
        lost = waiting(lee, subject_type, 99)
        session.add_all([there, lost])
        session.flush()
        assert missing_subjects(session) == [f"deadline {lost.id}: {subject_type} 99"]
        session.delete(lost)


def test_a_subject_has_one_open_deadline_of_a_kind(db: Database) -> None:
    """Another may be open only once the first is closed; of another kind it may be beside it."""
    with db.writing() as session:
        lee = a_provider(session)
        first, other = (waiting(lee, SubjectType.PROVIDER, lee, kind) for kind in ("recredentialing", "task"))
        session.add_all([first, other])
        session.flush()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(waiting(lee, SubjectType.PROVIDER, lee, "recredentialing"))
            session.flush()
