"""Jobs run at their intervals of real time, also when the wall clock is set."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import time_machine

from bot.bot import Bot
from bot.jobs import schedule
from bot.jobs.schedule import DueRun, Schedule


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released by every run of the reminders."""
    counted = threading.Semaphore(0)

    def run(*_: object) -> DueRun:
        counted.release()
        return DueRun(0, ())

    monkeypatch.setattr(schedule, "run_due", run)
    for job in ("refresh_people", "purge_events", "prune_texts"):
        monkeypatch.setattr(schedule, job, lambda *_: None)
    return counted


@pytest.fixture
def running() -> Iterator[Schedule]:
    idle: Any = lambda *_: None  # noqa: E731
    bot = SimpleNamespace(
        db=None, slack=None, context=idle, clock=None, transact=idle, delivery=SimpleNamespace(wake=idle)
    )
    jobs = Schedule(cast(Bot, bot))
    yield jobs
    jobs.shutdown()


def test_a_clock_that_was_set_back_holds_no_job_up(runs: threading.Semaphore, running: Schedule) -> None:
    """Started by a clock that is an hour ahead: once it is set back, the jobs need not wait for that hour."""
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        running.start()
        assert runs.acquire(timeout=30)
    assert not runs.acquire(timeout=0.1)

    running.mend_times()

    assert runs.acquire(timeout=30)


def test_jobs_that_are_on_time_are_left_alone(runs: threading.Semaphore, running: Schedule) -> None:
    """A look at the clock starts nothing before its interval is over."""
    running.start()
    assert runs.acquire(timeout=30)

    running.mend_times()

    assert not runs.acquire(timeout=0.1)
