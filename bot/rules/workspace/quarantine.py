"""Files with which a job failed, and which it leaves out so that all others go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FileJob(StrEnum):
    """What works file by file."""

    RECONCILE = "reconcile"
    """Brings deadlines and privileges in line with the rules."""
    REMIND = "remind"
    """Writes the reminders that are due."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that a job leaves out. ``since`` is real time, aware UTC; ``reference`` finds the error in the log."""

    name: str
    job: FileJob
    since: datetime
    reference: str
