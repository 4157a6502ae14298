"""What cards show of requests, votes and eligibility beyond the request itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.rules.privileges.models import CriterionResult, Eligibility, PrivilegeView
from bot.rules.providers.models import Provider
from bot.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class EligibleView:
    """A privilege's criteria against a provider's file, and what its reader may do about them."""

    provider: Provider
    eligibility: Eligibility
    on: date
    may_update: bool = False
    may_verify: bool = False
    may_request: bool = False
    taken: Refused | None = None
    """Why it is not to be asked for now: it is asked for or active already."""


@dataclass(frozen=True, slots=True)
class PrivilegesView:
    """``why`` only for readers who may see the file; where not even ``dates`` are theirs, active or not and no more."""

    provider: Provider
    privileges: tuple[PrivilegeView, ...]
    on: date
    why: bool
    dates: bool = True


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
