"""What one person may ask of the bot in a minute."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from bot.executor.rate_limit import Budget, Verdict

ALLOWED, TELL_ONCE, SILENT = Verdict.ALLOWED, Verdict.TELL_ONCE, Verdict.SILENT


@dataclass
class Seconds:
    """A monotonic clock that stands until it is moved."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_flood_is_told_once_and_then_nothing():
    """Of 330 messages in a moment a minute's worth is answered, one is told of the limit, the rest is silence."""
    budget = Budget(60, now=Seconds())
    verdicts = [budget.take("U1") for _ in range(330)]
    assert verdicts == [ALLOWED] * 60 + [TELL_ONCE] + [SILENT] * 269


def test_nobody_elses_budget_is_touched():
    """Whoever asks beside a flood is heard."""
    budget = Budget(60, now=Seconds())
    for _ in range(330):
        budget.take("U1")
    assert budget.take("U2") is ALLOWED


def test_after_a_minute_of_rest_all_of_it_is_there_again():
    """What the person reads is so: a minute later they are heard, as often as before."""
    now = Seconds()
    budget = Budget(60, now=now)
    for _ in range(100):
        budget.take("U1")
    now.at += 60
    assert [budget.take("U1") for _ in range(61)] == [ALLOWED] * 60 + [TELL_ONCE]


def test_whoever_goes_on_is_not_told_again():
    """A flood that goes on for ten minutes costs as many answers as were allowed, and one word about it."""
    now = Seconds()
    budget = Budget(60, now=now)
    seen: Counter[Verdict] = Counter()
    for _ in range(10 * 60 * 5):
        seen[budget.take("U1")] += 1
        now.at += 0.2
    assert seen[TELL_ONCE] == 1
    assert seen[ALLOWED] <= 11 * 60


def test_memory_is_bounded():
    """However many ids come, no more than so many are kept; the one that came last is still counted."""
    budget = Budget(1, people=100, now=Seconds())
    for number in range(10_000):
        budget.take(f"U{number}")
    assert len(budget._left) == 100
    assert budget.take("U9999") is TELL_ONCE


def test_many_threads_share_one_budget():
    """Eight threads that take at once are allowed no more than one would be."""
    budget, verdicts = Budget(60, now=Seconds()), []

    def flood() -> None:
        for _ in range(50):
            verdicts.append(budget.take("U1"))

    threads = [threading.Thread(target=flood) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(verdicts) == {ALLOWED: 60, TELL_ONCE: 1, SILENT: 339}
