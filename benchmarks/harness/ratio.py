"""A claim as measured: ours against something else in the same run, and the aim."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

HEAD = ("what", "ours", "against", "ratio", "aim", "")


@dataclass(frozen=True, slots=True)
class Sample:
    """Repeated measurements of one thing: seconds, or megabytes."""

    values: tuple[float, ...]
    unit: Literal["s", "MB"] = "s"

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def p99(self) -> float:
        """The largest, where there are fewer than a hundred."""
        return sorted(self.values)[int(len(self.values) * 0.99)]

    def __str__(self) -> str:
        if len(set(self.values)) == 1:
            return _shown(self.median, self.unit)
        return f"{_shown(self.median, self.unit)} / {_shown(self.p99, self.unit)}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """``aim``: the largest ratio that is good enough. ``by``: whether medians or 99th percentiles are compared."""

    what: str
    ours: Sample
    against_what: str
    against: Sample
    aim: float
    by: Literal["median", "p99"] = "median"

    @property
    def value(self) -> float:
        return float(getattr(self.ours, self.by) / getattr(self.against, self.by))

    @property
    def met(self) -> bool:
        return self.value <= self.aim

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.what,
            str(self.ours),
            f"{self.against_what}: {self.against}",
            f"{self.value:.2f}× {self.by}",
            f"≤ {self.aim:.3g}×",
            "met" if self.met else "missed",
        )


def show(ratios: Iterable[Ratio]) -> None:
    """Prints a Markdown table; times and sizes are medians / 99th percentiles."""
    rows: Sequence[tuple[str, ...]] = [HEAD, *(ratio.cells for ratio in ratios)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    for number, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("| " + " | ".join("-" * max(3, width) for width in widths) + " |")


def timed(do: Callable[[], object]) -> float:
    """The seconds that it takes."""
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def _shown(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value:.0f} MB"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"
