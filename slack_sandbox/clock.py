"""Business time of the sandbox: it runs with real time, and jumps forward on command."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from threading import Lock, RLock
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
MORNING = time_of_day(9, 5)


def _nothing() -> None:
    return None


def _no_jobs(_now: datetime) -> None:
    return None


class WorkspaceClock:
    """The sandbox's clock.

    `start` is an aware instant, `zone` the IANA zone in which mornings are meant. On a jump
    `run_hour(now)` is called for each full hour passed and for the arrival, and after each one
    `drain()`, which returns when nothing waits to be delivered. `bound_for` is where a running
    jump goes to.
    """

    def __init__(
        self,
        start: datetime,
        zone: str,
        run_hour: Callable[[datetime], object] = _no_jobs,
        drain: Callable[[], object] = _nothing,
    ) -> None:
        if start.tzinfo is None:
            raise ValueError("The calendar starts at an instant: give `start` a time zone.")
        self.zone = zone
        self.run_hour = run_hour
        self.drain = drain
        self.changed: Callable[[], object] = _nothing
        self.bound_for: datetime | None = None
        self._stopped = False
        self._anchor = start.astimezone(UTC)
        self._anchored_at = time.monotonic()
        self._standing = False
        self._held: datetime | None = None
        self._lock = Lock()
        self._one_jump = RLock()

    def now(self) -> datetime:
        """The present business instant, aware and in UTC; during a jump the hour being run."""
        with self._lock:
            if self._held is not None:
                return self._held
            if self._standing:
                return self._anchor
            return self._anchor + timedelta(seconds=time.monotonic() - self._anchored_at)

    @property
    def jumping(self) -> bool:
        """Whether a jump is running."""
        return self._held is not None

    def stand_still(self) -> None:
        """From now on time moves by jumps alone, so that what is shown does not depend on how fast it is made."""
        now = self.now()
        with self._lock:
            self._anchor, self._standing = now, True

    def jump(self, to: datetime) -> None:
        """Go forward to `to`, running each crossed hour in order; other jumps wait for this one."""
        with self._one_jump:
            start, end = self.now(), to.astimezone(UTC)
            if end <= start:
                raise ValueError("The calendar only goes forward.")
            self.bound_for, self._stopped = end, False
            try:
                for stop in _stops(start, end):
                    self._hold(stop)
                    self.run_hour(stop)
                    self.drain()
                    if self._stopped:
                        break
            finally:
                self.bound_for = None
                self._let_go()

    def stop(self) -> None:
        """End a running jump after the hour that is being run."""
        self._stopped = True

    def next_morning(self) -> None:
        """Jump to 09:05 of the next day in the calendar's zone."""
        with self._one_jump:
            self.morning_of(self._local().date() + timedelta(days=1))

    def morning_of(self, day: date) -> None:
        """Jump to 09:05 of a day in the calendar's zone."""
        self.jump(datetime.combine(day, MORNING, ZoneInfo(self.zone)))

    def forward(self, days: int) -> None:
        """Jump this many days ahead, to the same local time of day."""
        with self._one_jump:
            self.jump(self._local() + timedelta(days=days))

    def _local(self) -> datetime:
        return self.now().astimezone(ZoneInfo(self.zone))

    def _hold(self, at: datetime) -> None:
        with self._lock:
            self._held = at
        self.changed()

    def _let_go(self) -> None:
        with self._lock:
            if self._held is not None:
                self._anchor, self._anchored_at = self._held, time.monotonic()
            self._held = None
        self.changed()


def _stops(start: datetime, end: datetime) -> Iterator[datetime]:
    hour = start.replace(minute=0, second=0, microsecond=0) + HOUR
    while hour < end:
        yield hour
        hour += HOUR
    yield end
