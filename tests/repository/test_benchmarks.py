"""The benchmarks still run; what they measure is for ``make bench`` to say."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.ratio import Ratio, Sample

SMALL = {
    "answers": "answers.measure(64, ['HTTP'])",
    "locked": "locked.measure(30, ['Socket Mode'])",
    "sweep": "sweep.measure(400, 200, times=1, idle_times=2)",
    "roster": "roster.measure(20, times=1)",
    "reconcile_files": "reconcile_files.measure(2, times=1)",
    "start": "start.measure(times=1, idle=0, providers=1)",
    "card": "card.measure(1)",
    "reminders": "reminders.measure(100, 2, times=1)",
    "delivery": "delivery.measure(5, 20)",
    "claims": "claims.measure(4, times=1, workers=1)",
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_ends_in_ratios(name: str, postgres_url: str) -> None:
    """Each runs at a tiny size, as a process of its own, and prints what it compared, with its aim."""
    program = f"from benchmarks import {name}; from benchmarks.ratio import show; show({SMALL[name]})"
    environment = os.environ | {"CREDBOT_TEST_POSTGRES_URL": postgres_url}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    head, _, *rows = ran.stdout.splitlines()
    assert head.startswith("| what")
    assert rows
    assert all("×" in row and "≤" in row for row in rows)


def test_a_ratio_above_its_aim_is_missed() -> None:
    """Medians are compared, or the 99th percentiles where a claim is about the slowest."""
    ours, other = Sample((1.0, 1.0, 9.0)), Sample((1.0, 1.0, 3.0))
    assert Ratio("it", ours, "other", other, 1.0).met
    assert not Ratio("it", ours, "other", other, 1.5, "p99").met
