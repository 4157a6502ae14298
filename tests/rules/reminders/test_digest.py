"""When the team's Monday digest is due, and how what lapses is grouped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.rules.credentials.identity import Identity
from bot.rules.reminders.digest import Lapse, grouped, week_due

NEW_YORK = ZoneInfo("America/New_York")
MONDAY, LAST_MONDAY = date(2026, 11, 30), date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week of Monday, November 30, 2026, in New York; aware UTC."""
    month, day = (11, day) if day == 30 else (12, day)
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "told", "due"),
    [
        pytest.param(at(30, 8, 59), LAST_MONDAY, None, id="Monday before nine"),
        pytest.param(at(30, 9), LAST_MONDAY, MONDAY, id="Monday at nine"),
        pytest.param(at(30, 9), None, MONDAY, id="the first one of all"),
        pytest.param(at(30, 17, 59), LAST_MONDAY, MONDAY, id="Monday until six"),
        pytest.param(at(30, 18), LAST_MONDAY, None, id="Monday evening"),
        pytest.param(at(30, 9), MONDAY, None, id="once a week"),
        pytest.param(at(2, 11), LAST_MONDAY, MONDAY, id="Wednesday, Monday's was missed"),
        pytest.param(at(2, 11), None, None, id="Wednesday, and there never was one"),
        pytest.param(at(5, 11), LAST_MONDAY, None, id="not at the week-end"),
    ],
)
def test_a_weeks_digest_is_due(now: datetime, told: date | None, due: date | None) -> None:
    """On Monday from nine to six, once; later in the week only where the team is used to it."""
    assert week_due(now, NEW_YORK, told) == due


def test_after_a_holiday_the_week_begins_on_tuesday() -> None:
    """Where Monday is a holiday, the first digest of all comes on Tuesday, and nothing on the holiday."""
    holidays = frozenset({MONDAY})
    assert week_due(at(30, 10), NEW_YORK, None, holidays) is None
    assert week_due(at(1, 10), NEW_YORK, None, holidays) == MONDAY


NY_LICENSE = Identity("license", "NY")


def test_what_lapses_on_one_day_is_one_line() -> None:
    """Type, state and day make a line, with everybody's name in order; the soonest comes first."""
    early, late = date(2026, 12, 15), date(2026, 12, 31)
    found = [(NY_LICENSE, late, "Maya"), (NY_LICENSE, late, "Lee"), (Identity("bls"), early, "Noah")]
    assert grouped(found) == (
        Lapse(Identity("bls"), early, ("Noah",)),
        Lapse(NY_LICENSE, late, ("Lee", "Maya")),
    )
