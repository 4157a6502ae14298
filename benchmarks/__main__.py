"""Every ratio, in one table."""

from __future__ import annotations

import sys
import traceback

from benchmarks import answers, card, claims, delivery, locked, reconcile_files, reminders, roster, start, sweep
from benchmarks.harness.ratio import Ratio, show

ALL = (answers, locked, card, sweep, reminders, delivery, claims, reconcile_files, roster, start)


def main() -> int:
    """One that breaks is said, and does not take the others with it."""
    ratios: list[Ratio] = []
    broken = 0
    for each in ALL:
        print(f"{each.__name__} …", file=sys.stderr, flush=True)
        try:
            measured = each.measure()
            print(*(" | ".join(ratio.cells) for ratio in measured), sep="\n", file=sys.stderr, flush=True)
            ratios += measured
        except Exception:
            traceback.print_exc()
            broken += 1
    show(ratios)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
