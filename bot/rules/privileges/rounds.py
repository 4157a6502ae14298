"""The rounds of a step: what opened each, and its votes. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.rules.privileges.models import CriterionResult


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote as Details shows it: with the reason that was typed."""

    person_name: str
    choice: str
    reason: str | None
    seen: tuple[CriterionResult, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundOpening:
    """What opened another round. ``after``: answer, or meeting (then ``held_on``)."""

    after: str
    text: str
    person_name: str
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a body's step: what opened it (the first: nothing), and its votes, oldest first."""

    body: str
    number: int
    opening: RoundOpening | None
    votes: tuple[CastVote, ...]
