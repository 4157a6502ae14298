"""From the start of ``credbot run`` until it is ready, and the memory that it holds when nothing happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.places import KEY, ZONE
from benchmarks.ratio import Ratio, Sample, show
from bot.sandbox.server import Server
from bot.sandbox.workspace import Workspace

TIMES = 7
IDLE = 5.0
"""Seconds after which its first jobs are done."""
LIMITS = (2.0, 120.0)
"""Seconds, megabytes."""


def measure(times: int = TIMES, idle: float = IDLE) -> list[Ratio]:
    """``times``: starts, after a first one that makes the database; ``idle``: seconds before memory is looked at."""
    ready, memory = [], []
    with Server(Workspace()) as slack, tempfile.TemporaryDirectory() as folder:
        environment = _environment(slack.workspace, slack.api_url, folder)
        for turn in range(times + 1):
            seconds, megabytes = _start(environment, folder, idle if turn else 0)
            if turn:
                ready.append(seconds)
                memory.append(megabytes)
    seconds_limit, memory_limit = LIMITS
    return [
        Ratio("start of credbot run to ready", Sample(tuple(ready)), "limit", Sample((seconds_limit,)), 1.0),
        Ratio("memory of credbot run, idle", Sample(tuple(memory), "MB"), "limit", Sample((memory_limit,), "MB"), 1.0),
    ]


def _environment(workspace: Workspace, api_url: str, folder: str) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "SLACK_BOT_TOKEN": workspace.app.bot_token,
        "SLACK_APP_TOKEN": workspace.app.app_token,
        "SLACK_API_URL": api_url,
        "CREDBOT_TIMEZONE": ZONE,
        "CREDBOT_SECRET_KEY": KEY,
    }


def _start(environment: Mapping[str, str], folder: str, idle: float) -> tuple[float, float]:
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.readline()
        seconds = time.perf_counter() - begun
        assert said == "Credbot is ready\n", said
        time.sleep(idle)
        megabytes = _resident(process.pid)
        process.kill()
    return seconds, megabytes


def _resident(pid: int) -> float:
    """Megabytes of memory, those shared with other programs included. Linux only."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
