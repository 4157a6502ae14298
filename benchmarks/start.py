"""From the start of ``credbot run`` until it is ready, and the memory that it holds when nothing happens.

Once with an empty database, and once with 500 providers of five licenses each.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.harness import rosters
from benchmarks.harness.places import KEY
from benchmarks.harness.processes import credbot
from benchmarks.harness.ratio import Ratio, Sample, show
from bot.store.engine import Database
from bot.store.migrations import migrate
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

TIMES = 5
IDLE = 5.0
"""Seconds after which its first jobs are done."""
PROVIDERS = 500
READY_WITHIN = 2.0
EMPTY_WITHIN, FULL_WITHIN = 120.0, 150.0
"""Megabytes."""


def measure(times: int = TIMES, idle: float = IDLE, providers: int = PROVIDERS) -> list[Ratio]:
    """``times``: starts, after a first one that makes the database; ``idle``: seconds before memory is looked at."""
    with Server(Workspace()) as slack, tempfile.TemporaryDirectory() as folder:
        _start(slack, Path(folder), 0)
        empty = [_start(slack, Path(folder), idle) for _ in range(times)]
        _hire(Path(folder), providers)
        full = [_start(slack, Path(folder), idle) for _ in range(max(1, times // 2))]
    seconds, megabytes = zip(*empty, strict=True)
    loaded = tuple(each for _, each in full)
    limit, in_memory = Sample((READY_WITHIN,)), f"memory of credbot run, {providers} providers"
    return [
        Ratio("start of credbot run to ready", Sample(seconds), "limit", limit, 1.0),
        Ratio("memory of credbot run, idle", Sample(megabytes, "MB"), "limit", Sample((EMPTY_WITHIN,), "MB"), 1.0),
        Ratio(in_memory, Sample(loaded, "MB"), "limit", Sample((FULL_WITHIN,), "MB"), 1.0),
    ]


def _hire(folder: Path, providers: int) -> None:
    db = Database(f"sqlite:///{folder}/credbot.db", (KEY,))
    migrate(db.engine)
    rosters.bring_in(db, rosters.write(folder / "roster.csv", providers * len(rosters.STATES)))
    db.dispose()


def _start(slack: Server, folder: Path, idle: float) -> tuple[float, float]:
    """Seconds until it was ready, and megabytes a while later."""
    begun = time.perf_counter()
    with credbot(slack, "Socket Mode", folder) as process_id:
        seconds = time.perf_counter() - begun
        time.sleep(idle)
        return seconds, _resident(process_id)


def _resident(process_id: int) -> float:
    """Megabytes of memory, those shared with other programs included. Linux only."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{process_id}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
