"""Business time for many processes: a file says how far it is ahead of real time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SharedClock:
    """Runs with real time, and jumps for every process at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._path.read_text()))

    def set(self, to: datetime) -> None:
        self._write((to - datetime.now(UTC)).total_seconds())

    def jump(self, by: timedelta) -> None:
        self._write(float(self._path.read_text()) + by.total_seconds())

    def _write(self, ahead: float) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(ahead))
        fresh.replace(self._path)
