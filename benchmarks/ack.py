"""How soon ``/cred help`` is acknowledged, alone and 32 in the same instant, over signed HTTP and Socket Mode.

Against Bolt that only acknowledges: as it comes (it looks for the acknowledgement every 10 ms), and with
``process_before_response``. Ours answers each command besides, and the next round waits for that.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.commands import Place, Trial, play
from benchmarks.processes import WAYS, Way, bare_bolt, credbot
from benchmarks.ratio import Ratio, Sample, show

SIZE = 3_200
AT_ONCE = (1, 32)


def measure(size: int = SIZE, ways: Sequence[Way] = WAYS) -> list[Ratio]:
    """``size``: acknowledgements of each app with 32 at once; a tenth of that one by one."""
    return [ratio for way in ways for ratio in _by(way, size)]


def _by(way: Way, size: int) -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ours, bare, before = (Trial(Place(), answers=n == 0) for n in range(3))
        for trial in (ours, bare, before):
            running.enter_context(trial.place.slack)
        running.enter_context(credbot(ours.place.slack, way, Path(folder)))
        running.enter_context(bare_bolt(bare.place.slack, way, "default"))
        running.enter_context(bare_bolt(before.place.slack, way, "before_response"))
        for many in AT_ONCE:
            rounds = max(2, size // 32 if many > 1 else size // 10)
            took = play([ours, bare, before], way, "help", many, rounds)
            mine, default, quick = (Sample(tuple(each.acknowledged)) for each in took)
            what = f"ack, {many} at once, {way}"
            yield Ratio(what, mine, "bare Bolt", default, 0.1)
            yield Ratio(what, mine, "process_before_response", quick, 1.5, "p99")


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
