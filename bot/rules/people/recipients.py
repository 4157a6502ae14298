"""Whom a message is for, as the outbox and the reminders keep it: ``person:12``, a channel's Slack id, or a word.

``team`` and ``approvals`` are the words, for the channels that the settings name.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

PERSON, TEAM, APPROVALS = "person:", "team", "approvals"


def to_person(person_id: int | None) -> str:
    """The person's direct message."""
    if person_id is None:
        raise AssertionError("nobody is stored without an id")
    return f"{PERSON}{person_id}"


def person_in(recipient: str) -> int | None:
    """The person's id; None where a channel is meant."""
    return int(recipient.removeprefix(PERSON)) if recipient.startswith(PERSON) else None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told. ``name`` is ``person:12``, ``team`` or ``approvals``; None: there is nobody to tell."""

    name: str | None
    zone: ZoneInfo
