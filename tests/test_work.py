"""The bot's own executor: what it takes, and when a piece begins."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.work import Work


def test_what_was_offered_first_begins_however_much_comes_in() -> None:
    """A piece lets others be acknowledged before it begins, but not for ever."""
    work, begun = Work(waiting=100_000), threading.Event()
    assert work.offer(begun.set)
    while not begun.is_set():
        work.offer(lambda: None)
    assert work.stop(30)


def test_what_was_taken_is_done_before_the_end() -> None:
    """Stopping waits for all that was offered, also for what has not begun, and takes nothing more."""
    work, done = Work(), []
    assert all(work.offer(lambda n=n: done.append(n)) for n in range(20))  # type: ignore[misc]
    assert work.stop(30)
    assert sorted(done) == list(range(20))
    assert not work.offer(lambda: None)


def test_a_piece_that_breaks_leaves_its_place() -> None:
    """An error that escapes costs no place in line."""
    work = Work(threads=1, waiting=0)
    for _ in range(3):
        over = threading.Event()
        while not work.offer(lambda over=over: (over.set(), 1 / 0)):  # type: ignore[misc]
            pass
        assert over.wait(30)
    assert work.stop(30)


def test_a_full_executor_refuses_and_an_excuse_goes_beside_it() -> None:
    """With all threads at work and the line full, nothing more is taken; saying so has a thread of its own."""
    work, over, excused = Work(threads=1, waiting=1), threading.Event(), threading.Event()
    assert work.offer(over.wait)  # type: ignore[arg-type]
    assert work.offer(over.wait)  # type: ignore[arg-type]
    assert not work.offer(lambda: None)
    assert work.excuse(excused.set)
    assert excused.wait(30)
    over.set()
    assert work.stop(30)


def test_so_many_think_at_once() -> None:
    """``thinking`` holds back the next until one has done."""
    work = Work(thinking=1)
    with ThreadPoolExecutor(1) as other, work.thinking:
        assert not other.submit(work.thinking.acquire, blocking=False).result()
    assert work.stop(30)
