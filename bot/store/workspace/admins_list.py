"""What an admin's list of a day shows: messages that need a word, and files that jobs leave out."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from bot.rules.workspace.undeliverable import UndeliverableList
from bot.store.outbox.undeliverable import read_stuck
from bot.store.workspace.quarantine import read_quarantine


def read_list(session: Session, day: int, conversation: str) -> UndeliverableList:
    """The list of a day (``date.toordinal``) in an admin's DM."""
    stuck = read_stuck(session, day, conversation)
    listed, count = read_quarantine(session)
    return stuck if stuck.moved else replace(stuck, set_aside=listed, set_aside_more=count - len(listed))
