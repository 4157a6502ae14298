"""Business time runs with real time and jumps forward, hour by hour."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from slack_sandbox.clock import WorkspaceClock
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

START = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)


def test_a_jump_runs_each_crossed_hour_and_then_delivers() -> None:
    """Each full hour and the arrival are run in order, with the clock showing that hour."""
    seen: list[str] = []
    calendar = WorkspaceClock(START, "UTC")
    calendar.run_hour = lambda now: seen.append(f"{now:%H:%M}" if now == calendar.now() else "?")
    calendar.drain = lambda: seen.append("drain")

    calendar.jump(START + timedelta(hours=2))

    assert seen == ["15:00", "drain", "16:00", "drain", "16:20", "drain"]
    assert calendar.now() - (START + timedelta(hours=2)) < timedelta(seconds=5)
    assert not calendar.jumping


def test_the_next_morning_is_local() -> None:
    """next_morning is 09:05 of the next day in the calendar's zone."""
    calendar = WorkspaceClock(START, "America/New_York")

    calendar.next_morning()

    arrived = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
    assert timedelta(0) <= calendar.now() - arrived < timedelta(seconds=5)


def test_a_morning_can_be_chosen() -> None:
    """morning_of is 09:05 of that day in the calendar's zone."""
    calendar = WorkspaceClock(START, "America/New_York")
    calendar.stand_still()

    calendar.morning_of(date(2026, 12, 1))

    assert calendar.now() == datetime(2026, 12, 1, 14, 5, tzinfo=UTC)


def test_a_jump_says_where_it_goes_and_stops_when_asked() -> None:
    """While it runs it knows its end; stopped, it ends after the hour that is being run."""
    calendar = WorkspaceClock(START, "UTC")
    calendar.stand_still()
    end, seen = START + timedelta(days=30), []
    calendar.run_hour = lambda _: (seen.append(calendar.bound_for), calendar.stop())

    calendar.jump(end)

    assert seen == [end]
    assert calendar.now() == datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert calendar.bound_for is None


def test_time_can_stand_still() -> None:
    """A calendar that stands still shows the same instant however long one looks."""
    calendar = WorkspaceClock(START, "UTC")
    calendar.stand_still()

    assert calendar.now() == calendar.now()


def test_days_forward_keep_the_local_time_over_a_clock_change() -> None:
    """A week over the end of summer time arrives at the same time of day."""
    calendar = WorkspaceClock(datetime(2026, 10, 30, 14, 0, tzinfo=UTC), "America/New_York")

    calendar.forward(7)

    arrived = datetime(2026, 11, 6, 15, 0, tzinfo=UTC)
    assert timedelta(0) <= calendar.now() - arrived < timedelta(seconds=5)


def test_the_calendar_never_goes_back() -> None:
    """A jump into the past is refused, and a naive start, too."""
    calendar = WorkspaceClock(START, "UTC")

    with pytest.raises(ValueError, match="forward"):
        calendar.jump(START - timedelta(days=1))
    with pytest.raises(ValueError, match="time zone"):
        WorkspaceClock(datetime(2026, 1, 1), "UTC")  # noqa: DTZ001


def test_two_jumps_follow_one_another() -> None:
    """Jumps from two threads do not mix: every hour is run once, in order."""
    hours: list[datetime] = []
    calendar = WorkspaceClock(START, "UTC", run_hour=hours.append)

    threads = [Thread(target=calendar.forward, args=(1,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert hours == sorted(set(hours))
    assert calendar.now() >= START + timedelta(days=2)


def test_a_failing_hour_stops_the_jump_there() -> None:
    """When an hour's jobs fail, the failure is told and the clock stays at that hour."""

    def fail(_now: datetime) -> None:
        raise RuntimeError("the jobs failed")

    calendar = WorkspaceClock(START, "UTC", run_hour=fail)

    with pytest.raises(RuntimeError, match="jobs failed"):
        calendar.forward(1)
    assert calendar.now() < START + timedelta(hours=1)


def test_messages_show_business_time(workspace: Workspace) -> None:
    """A message is shown at the calendar's time, while its `ts` is real."""
    with Server(workspace, calendar=WorkspaceClock(START, "UTC")):
        message = workspace.app_message("C1", "hello", [])

    assert timedelta(0) <= message.shown_at - START < timedelta(seconds=5)
    assert float(message.ts) > START.timestamp() - 10**9
