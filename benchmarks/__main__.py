"""Every ratio, in one table."""

from __future__ import annotations

from benchmarks import ack, roster, settle_files, start, sweep
from benchmarks.ratio import show

if __name__ == "__main__":
    show([ratio for each in (ack, sweep, roster, settle_files, start) for ratio in each.measure()])
