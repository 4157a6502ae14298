"""What a provider is on a day: leave, end, return, and taking each of them back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.rules.credentials.models import ProviderFile
from bot.rules.credentials.standing import back_since
from bot.rules.providers.employment import ACTIVE, Reason, StatusStep, come_back, end, leave, status_on
from bot.rules.providers.models import EmploymentStatus, Provider, ProviderStatus
from bot.rules.refusals import Invalid, ProviderRefusal, Refused

TODAY = date(2026, 11, 23)
OCTOBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 12, 1), date(2027, 1, 4)


def on_leave(since: date = OCTOBER, id_: int = 1) -> ProviderStatus:
    return ProviderStatus(EmploymentStatus.LEAVE, since, id_)


def ended(since: date = OCTOBER, id_: int = 2) -> ProviderStatus:
    return ProviderStatus(EmploymentStatus.ENDED, since, id_, reason="resigned")


def test_without_any_status_a_provider_is_active() -> None:
    """Nobody has to be told that somebody works here."""
    assert status_on((), TODAY) == ACTIVE


def test_the_status_that_began_last_holds() -> None:
    """One that is still to come does not hold yet, and its first day is a day of it."""
    statuses = (on_leave(), ended(DECEMBER))

    assert status_on(statuses, TODAY).status is EmploymentStatus.LEAVE
    assert status_on(statuses, DECEMBER).status is EmploymentStatus.ENDED
    assert status_on(statuses, date(2026, 9, 30)) == ACTIVE


def test_a_leave_begins_on_its_day() -> None:
    """From a day on, expected back on another."""
    new = ProviderStatus(EmploymentStatus.LEAVE, DECEMBER, None, JANUARY)

    assert leave((), DECEMBER, JANUARY, TODAY) == StatusStep(new, ())


def test_another_leave_replaces_the_one_that_runs() -> None:
    """Other dates correct it: nobody is on two leaves."""
    step = leave((on_leave(),), date(2026, 10, 5), JANUARY, TODAY)

    assert isinstance(step, StatusStep)
    assert step.superseded == (1,)


@pytest.mark.parametrize(
    ("statuses", "since", "back", "code"),
    [
        ((), DECEMBER, DECEMBER, "back_before_leave"),
        ((ProviderStatus(EmploymentStatus.REHIRED, TODAY, 4),), OCTOBER, None, "before_present_status"),
        ((ended(DECEMBER),), JANUARY, None, "after_the_end"),
        ((ended(),), DECEMBER, None, "has_ended"),
    ],
)
def test_a_leave_that_cannot_be(
    statuses: tuple[ProviderStatus, ...], since: date, back: date | None, code: str
) -> None:
    """Each with the code that says why."""
    answer = leave(statuses, since, back, TODAY)

    assert isinstance(answer, Invalid | Refused)
    assert answer.code == code


def test_another_end_replaces_the_first() -> None:
    """The day or the reason was wrong: the first is no longer believed."""
    step = end((ended(),), date(2026, 10, 15), Reason.RETIRED, TODAY)

    assert step == StatusStep(ProviderStatus(EmploymentStatus.ENDED, date(2026, 10, 15), reason="retired"), (2,))


def test_a_leave_planned_for_after_the_end_never_begins() -> None:
    """One before it stays."""
    planned = (on_leave(DECEMBER), on_leave(JANUARY, 3))
    step = end(planned, date(2026, 12, 15), Reason.RESIGNED, TODAY)

    assert isinstance(step, StatusStep)
    assert step.superseded == (3,)


def test_nobody_ends_before_their_present_status() -> None:
    """An end in October does not fit somebody rehired in November."""
    answer = end((ended(), ProviderStatus(EmploymentStatus.REHIRED, TODAY, 4)), date(2026, 10, 15), Reason.OTHER, TODAY)

    assert isinstance(answer, Invalid)
    assert answer.code == "before_present_status"


@pytest.mark.parametrize(
    ("statuses", "mistake", "expected"),
    [
        ((on_leave(),), False, StatusStep(ProviderStatus(EmploymentStatus.ACTIVE, TODAY), ())),
        ((ended(),), False, StatusStep(ProviderStatus(EmploymentStatus.REHIRED, TODAY), ())),
        ((ended(),), True, StatusStep(None, (2,))),
        ((on_leave(DECEMBER),), False, StatusStep(None, (1,))),
        ((on_leave(), ended(DECEMBER)), False, StatusStep(ProviderStatus(EmploymentStatus.ACTIVE, TODAY), ())),
    ],
)
def test_the_way_back(statuses: tuple[ProviderStatus, ...], mistake: bool, expected: StatusStep) -> None:
    """Back from a leave, rehired after an end; a mistake and what has not begun are no longer believed."""
    assert come_back(statuses, TODAY, mistake=mistake) == expected


def test_who_is_not_away_cannot_come_back() -> None:
    """There is nothing to take back."""
    assert come_back((), TODAY) == Refused(ProviderRefusal.NOT_ON_LEAVE)


@pytest.mark.parametrize(
    ("statuses", "since"),
    [
        ((), None),
        ((on_leave(),), None),
        ((on_leave(), ProviderStatus(EmploymentStatus.ACTIVE, TODAY, 3)), TODAY),
        ((ended(), ProviderStatus(EmploymentStatus.REHIRED, TODAY, 3)), TODAY),
        ((on_leave(), ProviderStatus(EmploymentStatus.ACTIVE, TODAY, 3), ended(DECEMBER)), TODAY),
        (
            (ProviderStatus(EmploymentStatus.APPLICANT, OCTOBER, 1), ProviderStatus(EmploymentStatus.ACTIVE, TODAY, 2)),
            None,
        ),
    ],
)
def test_since_when_somebody_is_back(statuses: tuple[ProviderStatus, ...], since: date | None) -> None:
    """Only after a leave or an end that is over."""
    file = ProviderFile(Provider(1, "Lee", "lcsw"), (), TODAY, datetime(2026, 11, 23, tzinfo=UTC), statuses)

    assert back_since(file) == since
