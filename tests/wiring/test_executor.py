"""The bot's own threads: what they take, and who gets what comes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.executor import LATE, LISTENERS_WAIT, Executor, Handoff, MustWait, may_wait


@pytest.fixture
def held() -> threading.Event:
    """What keeps a piece at work until it is set."""
    return threading.Event()


def fill(executor: Executor, held: threading.Event, *, reads: bool) -> int:
    """Offers pieces until one is refused; how many were taken."""
    taken = 0
    while executor.offer(held.wait, reads=reads):  # type: ignore[arg-type]
        taken += 1
    return taken


def test_what_was_taken_is_done_before_the_end() -> None:
    """Stopping waits for all that was offered, also for what has not begun, and takes nothing more."""
    executor, done = Executor(), []
    assert all(executor.offer(lambda n=n: done.append(n), reads=n % 2 == 0) for n in range(20))  # type: ignore[misc]
    assert executor.stop(30)
    assert sorted(done) == list(range(20))
    assert not executor.offer(lambda: None, reads=True)


def test_a_piece_that_breaks_leaves_its_place() -> None:
    """An error that escapes costs no place in line."""
    executor = Executor(readers=1, writers=1, waiting=0)
    for _ in range(3):
        over = threading.Event()
        while not executor.offer(lambda over=over: (over.set(), 1 / 0), reads=True):  # type: ignore[misc]
            pass
        assert over.wait(30)
    assert executor.stop(30)


@pytest.mark.parametrize("reads", [True, False])
def test_a_full_pool_refuses(held: threading.Event, reads: bool) -> None:
    """With all threads at work and the line full, nothing more is taken."""
    executor = Executor(readers=2, writers=2, waiting=3)
    assert fill(executor, held, reads=reads) == 5
    held.set()
    assert executor.stop(30)


@pytest.mark.parametrize("reads", [True, False])
def test_one_full_pool_holds_nobody_up_in_the_other(held: threading.Event, reads: bool) -> None:
    """Whoever only reads does not stand behind those who wait to write, nor the other way round."""
    executor, begun = Executor(readers=2, writers=2, waiting=3), threading.Event()
    fill(executor, held, reads=not reads)
    assert executor.offer(begun.set, reads=reads)
    assert begun.wait(30)
    held.set()
    assert executor.stop(30)


def test_an_excuse_goes_beside_all_that_is_at_work(held: threading.Event) -> None:
    """Saying that everybody is busy needs none of the busy threads."""
    executor, excused = Executor(readers=1, writers=1, waiting=0), threading.Event()
    fill(executor, held, reads=True)
    fill(executor, held, reads=False)
    assert executor.spare(excused.set)
    assert excused.wait(30)
    held.set()
    assert executor.stop(30)


def test_a_result_in_time_is_the_acknowledgement() -> None:
    """Whoever waits takes it, and the giver has nothing to send."""
    handoff = Handoff[str]()
    assert handoff.give("recorded")
    assert handoff.take(0) == "recorded"


def test_a_result_that_comes_too_late_is_sent_by_who_has_it() -> None:
    """Once the acknowledgement has left, the giver knows."""
    handoff = Handoff[str]()
    assert handoff.take(0) is LATE
    assert not handoff.give("recorded")


def test_leaving_is_prepared_before_the_giver_can_know() -> None:
    """What an acknowledgement does as it leaves has been done when the giver finds itself late."""
    handoff, left = Handoff[str](), []
    handoff.take(0, lambda: left.append("loading"))
    assert not handoff.give("recorded")
    assert left == ["loading"]


def test_a_result_goes_one_way_only() -> None:
    """However close they come, the acknowledgement takes it or the giver sends it: never both, never neither."""

    def one_way(_: int) -> bool:
        handoff, both = Handoff[str](), threading.Barrier(2)
        with ThreadPoolExecutor(2) as threads:
            taken = threads.submit(_after(both, lambda: handoff.take(0)))
            given = threads.submit(_after(both, lambda: handoff.give("recorded")))
            return (taken.result() == "recorded") == given.result()

    assert all(map(one_way, range(200)))


def test_a_repeat_shares_what_comes_of_the_first() -> None:
    """The same delivery again waits for the same result; the same form sent twice finds the first one's."""
    executor = Executor()
    first, new = executor.handed("trigger-1", "form-1")
    again, newer = executor.handed("trigger-1", "form-1")
    assert (new, newer) == (True, False)
    assert again is first
    executor.handed("trigger-2", "form-1")
    assert executor.first("form-1", besides="trigger-2") is first
    assert executor.first("form-1", besides="trigger-1") is not first
    assert executor.stop(30)


def test_of_many_listeners_some_wait_and_the_others_leave_at_once(held: threading.Event) -> None:
    """Twenty-four wait for a result; the next acknowledges without, however long the others wait."""
    executor, waiting = Executor(), threading.Semaphore(0)

    class Slow(Handoff[str]):
        def take(self, *_: object) -> object:
            waiting.release()
            held.wait()
            return super().take(0)

    with ThreadPoolExecutor(LISTENERS_WAIT) as threads:
        for _ in range(LISTENERS_WAIT):
            threads.submit(executor.arrives, Slow())
        for _ in range(LISTENERS_WAIT):
            assert waiting.acquire(timeout=30)
        assert executor.arrives(Handoff[str]()) is LATE
        held.set()
    assert executor.stop(30)


def test_who_only_reads_waits_for_nobody() -> None:
    """In a thread for readers nothing may wait; what has to begins again elsewhere."""
    executor, waits = Executor(), []

    def piece() -> None:
        try:
            may_wait()
        except MustWait:
            waits.append("elsewhere")
        else:
            waits.append("here")

    for reads in (True, False):
        assert executor.offer(piece, reads=reads)
        assert executor.stop(30) if not reads else True
    may_wait()
    assert sorted(waits) == ["elsewhere", "here"]


def _after(both: threading.Barrier, do: Callable[[], object]) -> Callable[[], object]:
    def at_once() -> object:
        both.wait(30)
        return do()

    return at_once
