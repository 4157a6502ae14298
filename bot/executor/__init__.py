"""The bot's own threads: what a listener hands over before its acknowledgement, and the hand-off of what came of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final, Generic, TypeVar

from bot import log

T = TypeVar("T")
logger = log.get(__name__)
READERS, WRITERS = 4, 16
"""Threads in each of the two pools. Whoever reads waits for the database's server and for nothing else; whoever writes
waits for locks and for Slack.
"""
READERS_IN_PROCESS = 1
"""Where the database works in this process nobody waits and only one runs at once; several that take turns at every
row made each of 32 answers end later by half (docs/performance.md).
"""
WAITING = 128
"""For each pool. One more is refused, so that a person hears "busy" at once."""
SPARE, SPARE_WAITING = 4, 64
"""Threads that open loading forms, send what was read too late for its acknowledgement, and say that all are busy."""
LISTENERS_WAIT = 24
"""So many acknowledgements wait for their result at once; Slack's connection has a few threads more than that."""
ACK_WITHIN = 0.9
"""Seconds that an acknowledgement waits for the result that goes into it: with its way here and back, a second; Slack
waits three.
"""
SEARCHED_WITHIN = 2.0
"""Seconds that a searched list waits for what is offered in it, which cannot follow later."""
REMEMBERED = 1_000
"""So many of the newest results are kept for a repeat of what brought them."""


class MustWait(Exception):  # noqa: N818  (nothing is wrong)
    """What was to read only has to wait for a turn to write, or for Slack: it begins again among those who do."""


_here = threading.local()


def may_wait() -> None:
    """Raises MustWait in a thread that is kept for those who only read."""
    if getattr(_here, "reads", False):
        raise MustWait


class Late:
    """Nothing has arrived in time: whoever has the result sends it."""


LATE: Final = Late()


class Handoff(Generic[T]):
    """One result for one of two: the acknowledgement that waits for it, else whoever has it sends it later."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._result: T | Late = LATE
        self._left = False

    def give(self, result: T) -> bool:
        """Whether the acknowledgement takes it; False: it has left without, and the giver sends it."""
        with self._changed:
            self._result = result
            self._changed.notify_all()
            return not self._left

    def known(self, seconds: float) -> T | Late:
        """What came of it, whoever took it, waiting so long for it."""
        with self._changed:
            self._changed.wait_for(lambda: self._result is not LATE, seconds)
            return self._result

    def take(self, seconds: float, leaving: Callable[[], None] = lambda: None) -> T | Late:
        """What arrives within so many seconds, or LATE. ``leaving`` is called before the giver can know of that."""
        with self._changed:
            if self._changed.wait_for(lambda: self._result is not LATE, seconds):
                return self._result
            if not self._left:
                leaving()
            self._left = True
            return LATE


class Executor:
    """Two pools: what only reads does not stand behind whoever waits for a turn to write."""

    def __init__(self, readers: int = READERS, writers: int = WRITERS, waiting: int = WAITING) -> None:
        self._reading = _Pool("reads", readers, waiting, begin=_reads)
        self._writing = _Pool("writes", writers, waiting)
        self._spare = _Pool("spare", SPARE, SPARE_WAITING)
        self._listeners = threading.BoundedSemaphore(LISTENERS_WAIT)
        self._handed: OrderedDict[str, tuple[str, Handoff[Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def offer(self, piece: Callable[[], None], *, reads: bool) -> bool:
        """Whether it was taken. ``piece`` turns its own errors into words; one that escapes is logged."""
        return (self._reading if reads else self._writing).offer(piece)

    def spare(self, piece: Callable[[], None]) -> bool:
        """The same, beside all that is at work: for what asks Slack and waits for nobody else."""
        return self._spare.offer(piece)

    def arrives(
        self, handoff: Handoff[T], leaving: Callable[[], None] = lambda: None, within: float | None = None
    ) -> T | Late:
        """What comes of it within the second that an acknowledgement waits; LATE at once where 24 wait already."""
        if not self._listeners.acquire(blocking=False):
            return handoff.take(0, leaving)
        try:
            return handoff.take(ACK_WITHIN if within is None else within, leaving)
        finally:
            self._listeners.release()

    def handed(self, delivery: str, key: str) -> tuple[Handoff[Any], bool]:
        """The hand-off for this delivery, and whether it is new: what comes twice shares what comes of the first.

        ``key`` is what changes once, however often it is delivered: a form that somebody sends twice.
        """
        with self._lock:
            if known := self._handed.get(delivery):
                return known[1], False
            self._handed[delivery] = key, (new := Handoff[Any]())
            if len(self._handed) > REMEMBERED:
                self._handed.popitem(last=False)
            return new, True

    def first(self, key: str, besides: str) -> Handoff[Any] | None:
        """The oldest hand-off under this key of another delivery; None where this process has none."""
        with self._lock:
            same = (found for delivery, (of, found) in self._handed.items() if of == key and delivery != besides)
            return next(same, None)

    def forget(self, delivery: str) -> None:
        """Nothing was begun: when it comes again, it is new."""
        with self._lock:
            self._handed.pop(delivery, None)

    def stop(self, seconds: float) -> bool:
        """Takes nothing more and waits up to ``seconds``; whether everything was finished."""
        pools = (self._reading, self._writing, self._spare)
        pending = [future for pool in pools for future in pool.close()]
        return not wait(pending, timeout=seconds).not_done


class _Pool:
    """So many threads, and a line with an end."""

    def __init__(self, name: str, threads: int, waiting: int, begin: Callable[[], None] | None = None) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=begin)
        self._room = threading.BoundedSemaphore(threads + waiting)
        self._open: set[Future[None]] = set()
        self._lock = threading.Lock()

    def offer(self, piece: Callable[[], None]) -> bool:
        if not self._room.acquire(blocking=False):
            return False
        try:
            future = self._pool.submit(_logged, piece)
        except RuntimeError:  # it was closed
            self._room.release()
            return False
        with self._lock:
            self._open.add(future)
        future.add_done_callback(self._ended)
        return True

    def close(self) -> list[Future[None]]:
        """Takes nothing more; what was taken goes on, and is returned."""
        self._pool.shutdown(wait=False)
        with self._lock:
            return list(self._open)

    def _ended(self, future: Future[None]) -> None:
        with self._lock:
            self._open.discard(future)
        self._room.release()


def _reads() -> None:
    _here.reads = True


def _logged(piece: Callable[[], None]) -> None:
    try:
        piece()
    except Exception:
        logger.exception("work_failed")
