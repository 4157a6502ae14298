"""The kinds of reminders stand in two tables: when each is said, and what its card says."""

from __future__ import annotations

from bot.cards.reminders.catalog import CARDS
from bot.rules.reminders.catalog import REMINDERS, DeadlineKind
from bot.store.reminders.missing_subjects import HELD_IN


def test_each_kind_has_its_rules_and_its_card() -> None:
    """A kind without either could be opened and never be said."""
    assert set(REMINDERS) == set(DeadlineKind)
    assert set(CARDS) == set(DeadlineKind)


def test_each_subject_has_its_table() -> None:
    """So that a reminder of something that is gone is found."""
    assert {reminder.subject for reminder in REMINDERS.values()} <= set(HELD_IN)
