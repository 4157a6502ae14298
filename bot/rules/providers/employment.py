"""What a provider is on a day, and what a leave, an end or a return makes of it.

The status that began last holds; without any, a provider is active. Nothing is edited: a later row takes over on
its day, and a row that turns out wrong is superseded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.rules.providers.models import EmploymentStatus, ProviderStatus
from bot.rules.refusals import Invalid, ProviderRefusal, Refused

ACTIVE = ProviderStatus(EmploymentStatus.ACTIVE)
AWAY = frozenset({EmploymentStatus.LEAVE, EmploymentStatus.ENDED})
Statuses = Sequence[ProviderStatus]


class Reason(StrEnum):
    """Why it ended, as a class: never free text, which could defame."""

    RESIGNED = "resigned"
    RETIRED = "retired"
    CONTRACT_ENDED = "contract_ended"
    DECEASED = "deceased"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StatusStep:
    """What to write: ``new`` where a status begins, and the ids of those that are no longer believed."""

    new: ProviderStatus | None
    superseded: tuple[int, ...]


def status_on(statuses: Iterable[ProviderStatus], on: date) -> ProviderStatus:
    """The one in force on a day. ``statuses`` stand in the order of their days."""
    begun = [one for one in statuses if _begun(one, on)]
    return begun[-1] if begun else ACTIVE


def upcoming(statuses: Iterable[ProviderStatus], on: date) -> tuple[ProviderStatus, ...]:
    """Those that begin after a day."""
    return tuple(one for one in statuses if not _begun(one, on))


def leave(statuses: Statuses, since: date, expected_back: date | None, today: date) -> StatusStep | Refused | Invalid:
    """Away from ``since`` on; a leave that is running or planned is replaced.

    Invalid: ``back_before_leave``, ``before_present_status``, ``after_the_end``. Refused: ``has_ended``.
    """
    if expected_back and expected_back <= since:
        return Invalid("back_on", ProviderRefusal.BACK_BEFORE_LEAVE, {"since": since})
    now = status_on(statuses, today)
    if now.status is EmploymentStatus.ENDED:
        return Refused(ProviderRefusal.HAS_ENDED, {"since": now.since})
    replaced = [one for one in _open(statuses, today) if one.status is EmploymentStatus.LEAVE]
    left = _without(statuses, replaced)
    problem = _before_present(left, since, today, "since")
    end = next((one for one in upcoming(left, today) if one.status is EmploymentStatus.ENDED), None)
    if end and end.since and end.since <= since:
        problem = problem or Invalid("since", ProviderRefusal.AFTER_THE_END, {"end": end.since})
    return problem or StatusStep(ProviderStatus(EmploymentStatus.LEAVE, since, None, expected_back), _ids(replaced))


def end(statuses: Statuses, since: date, reason: Reason, today: date) -> StatusStep | Refused | Invalid:
    """Ended from ``since`` on; another date or reason replaces it, and a leave planned for later never begins.

    Invalid: ``before_present_status``.
    """
    replaced = [
        one
        for one in _open(statuses, today)
        if one.status is EmploymentStatus.ENDED or (not _begun(one, today) and not _begun(one, since))
    ]
    problem = _before_present(_without(statuses, replaced), since, today, "ends_on")
    return problem or StatusStep(ProviderStatus(EmploymentStatus.ENDED, since, reason=reason.value), _ids(replaced))


def come_back(statuses: Statuses, today: date, *, mistake: bool = False) -> StatusStep | Refused:
    """The way back: from a leave active, after an end rehired, from today on.

    What has not begun yet is called off, and a ``mistake`` was never true. Refused: ``not_on_leave``.
    """
    now, later = status_on(statuses, today), upcoming(statuses, today)
    if now.status not in AWAY:
        return StatusStep(None, _ids(later)) if later else Refused(ProviderRefusal.NOT_ON_LEAVE)
    if mistake:
        return StatusStep(None, _ids([now]))
    status = EmploymentStatus.REHIRED if now.status is EmploymentStatus.ENDED else EmploymentStatus.ACTIVE
    return StatusStep(ProviderStatus(status, today), ())


def _open(statuses: Statuses, today: date) -> tuple[ProviderStatus, ...]:
    """The one in force, and those to come."""
    return (status_on(statuses, today), *upcoming(statuses, today))


def _before_present(left: Statuses, since: date, today: date, field: str) -> Invalid | None:
    """A status cannot begin before the one that it takes over from."""
    now = status_on(left, today)
    if now.since and now.since > since:
        return Invalid(field, ProviderRefusal.BEFORE_PRESENT_STATUS, {"since": now.since, "status": now.status})
    return None


def _begun(one: ProviderStatus, on: date) -> bool:
    return one.since is None or one.since <= on


def _without(statuses: Statuses, gone: Sequence[ProviderStatus]) -> list[ProviderStatus]:
    return [one for one in statuses if one not in gone]


def _ids(statuses: Iterable[ProviderStatus]) -> tuple[int, ...]:
    return tuple(one.id for one in statuses if one.id is not None)
