"""The benchmarks still run; what they measure is for ``make bench`` to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks import answers, card, claims, delivery, locked, reconcile_files, reminders, roster, start, sweep
from benchmarks.__main__ import ALL
from benchmarks.harness.ratio import Ratio, Sample, show

SMALL: dict[str, Callable[[], list[Ratio]]] = {
    "answers": lambda: answers.measure(8, ["HTTP"]),
    "locked": lambda: locked.measure(5, ["Socket Mode"]),
    "sweep": lambda: sweep.measure(200, 100, times=1, idle_times=2),
    "roster": lambda: roster.measure(5, times=1),
    "reconcile_files": lambda: reconcile_files.measure(2, times=1),
    "start": lambda: start.measure(times=1, idle=0, providers=1),
    "card": lambda: card.measure(1, at_once=3, warm_up=0),
    "reminders": lambda: reminders.measure(100, 2, times=1),
    "delivery": lambda: delivery.measure(5, 20),
    "claims": lambda: claims.measure(4, times=1, workers=1),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_ends_in_ratios(
    name: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each runs at a tiny size, and prints what it compared, with its aim."""
    monkeypatch.setenv("CREDBOT_TEST_POSTGRES_URL", postgres_url)
    show(SMALL[name]())
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("| what")
    assert rows
    assert all("×" in row and "≤" in row for row in rows)


def test_every_benchmark_is_run() -> None:
    """What ``make bench`` runs is what is tried here."""
    assert {f"benchmarks.{name}" for name in SMALL} == {each.__name__ for each in ALL}


def test_a_ratio_above_its_aim_is_missed() -> None:
    """Medians are compared, or the 99th percentiles where a claim is about the slowest."""
    ours, other = Sample((1.0, 1.0, 9.0)), Sample((1.0, 1.0, 3.0))
    assert Ratio("it", ours, "other", other, 1.0).met
    assert not Ratio("it", ours, "other", other, 1.5, "p99").met
