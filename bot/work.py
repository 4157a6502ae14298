"""The bot's own bounded executor: what a listener hands over before its acknowledgement, and what begins after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait

from bot import log

logger = log.get(__name__)
THREADS = 32
WAITING = 256
EXCUSES = 64
CALM, RESTLESS = 0.002, 0.05
"""Seconds after the last offer, or after its own, at which a piece begins: one interpreter serves all threads, and
whoever is still to be acknowledged goes first (docs/performance.md)."""


class Work:
    """At most 32 pieces at once and 256 waiting; more are refused, so that a person hears "busy" at once."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING, *, thinking: int = THREADS) -> None:
        self.thinking = threading.BoundedSemaphore(thinking)
        """Held while a piece computes, not while it waits for Slack. More at once would only take turns: where the
        database is in this process, too, the first to come would be done when the last is."""
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="starter")
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._room = threading.BoundedSemaphore(threads + waiting)
        self._spare = ThreadPoolExecutor(1, thread_name_prefix="excuses")
        self._spare_room = threading.BoundedSemaphore(EXCUSES)
        self._last_offer = time.monotonic()
        self._open: set[Future[None]] = set()
        self._lock = threading.Lock()

    def offer(self, piece: Callable[[], None]) -> bool:
        """Whether it was taken. ``piece`` turns its own errors into words; one that escapes is logged."""
        self._last_offer = offered = time.monotonic()
        return self._taken(self._starter, self._room, piece, lambda run: self._start(run, offered))

    def excuse(self, piece: Callable[[], None]) -> bool:
        """A thread of its own says that all others are busy."""
        return self._taken(self._spare, self._spare_room, piece, lambda run: run())

    def stop(self, seconds: float) -> bool:
        """Takes nothing more and waits up to ``seconds``; whether everything was finished."""
        self._starter.shutdown(wait=True)
        self._pool.shutdown(wait=False)
        self._spare.shutdown(wait=False)
        with self._lock:
            pending = list(self._open)
        return not wait(pending, timeout=seconds).not_done

    def _start(self, run: Callable[[], None], offered: float) -> None:
        while (early := min(self._last_offer + CALM, offered + RESTLESS) - time.monotonic()) > 0:
            time.sleep(early)
        self._pool.submit(run)

    def _taken(
        self,
        first: Executor,
        room: threading.BoundedSemaphore,
        piece: Callable[[], None],
        begin: Callable[[Callable[[], None]], None],
    ) -> bool:
        if not room.acquire(blocking=False):
            return False
        ended: Future[None] = Future()
        with self._lock:
            self._open.add(ended)

        def run() -> None:
            try:
                piece()
            except Exception:
                logger.exception("work_failed")
            finally:
                self._finished(ended, room)

        try:
            first.submit(begin, run)
        except RuntimeError:
            self._finished(ended, room)
            return False
        return True

    def _finished(self, ended: Future[None], room: threading.BoundedSemaphore) -> None:
        with self._lock:
            self._open.discard(ended)
        room.release()
        ended.set_result(None)
