"""While another process holds the database: how soon those who write are acknowledged, and those who read answered."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.answers import keep_one
from benchmarks.harness.commands import Place, play_beside
from benchmarks.harness.processes import WAYS, Way, credbot
from benchmarks.harness.ratio import Ratio, Sample, show

SIZE = 100
ACKNOWLEDGED, ANSWERED = Sample((1.2,)), Sample((0.3,))
"""Seconds: Slack waits three; a person who reads should not notice."""
ADD = "add bls 2027-01-15"


def measure(size: int = SIZE, ways: Sequence[Way] = WAYS) -> list[Ratio]:
    """``size``: so many lines wait for the lock; a tenth as many statuses are asked for meanwhile."""
    return [ratio for way in ways for ratio in _by(way, size)]


def _by(way: Way, size: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder:
        place = Place()
        with place.slack:
            keep_one(Path(folder), place.cora)
            with credbot(place.slack, way, Path(folder)), _held(Path(folder) / "credbot.db"):
                wrote, read = play_beside(place, way, (ADD, size), ("status", max(2, size // 10)))
    behind = f"{size} lines behind a locked database, {way}"
    yield Ratio(f"{behind}: acknowledged", Sample(tuple(wrote)), "limit", ACKNOWLEDGED, 1, "p99")
    yield Ratio(f"{behind}: a status answered", Sample(tuple(read)), "limit", ANSWERED, 1, "p99")


@contextmanager
def _held(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
