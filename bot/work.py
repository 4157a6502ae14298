"""The bot's own bounded executor: what a listener hands over after its acknowledgement."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from bot import log

logger = log.get(__name__)
THREADS = 32
WAITING = 256
EXCUSES = 64


class Work:
    """At most 32 pieces at once and 256 waiting; more are refused, so that a person hears "busy" at once."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._room = threading.BoundedSemaphore(threads + waiting)
        self._spare = ThreadPoolExecutor(1, thread_name_prefix="excuses")
        self._spare_room = threading.BoundedSemaphore(EXCUSES)
        self._open: set[object] = set()
        self._lock = threading.Lock()

    def offer(self, piece: Callable[[], None]) -> bool:
        """Whether it was taken. ``piece`` turns its own errors into words; one that escapes is logged."""
        return self._taken(self._pool, self._room, piece)

    def excuse(self, piece: Callable[[], None]) -> bool:
        """A thread of its own says that all others are busy."""
        return self._taken(self._spare, self._spare_room, piece)

    def stop(self, seconds: float) -> bool:
        """Takes nothing more and waits up to ``seconds``; whether everything was finished."""
        self._pool.shutdown(wait=False)
        self._spare.shutdown(wait=False)
        with self._lock:
            pending = list(self._open)
        return not wait(pending, timeout=seconds).not_done  # type: ignore[arg-type]

    def _taken(self, pool: ThreadPoolExecutor, room: threading.BoundedSemaphore, piece: Callable[[], None]) -> bool:
        if not room.acquire(blocking=False):
            return False
        try:
            future = pool.submit(piece)
        except RuntimeError:
            room.release()
            return False
        with self._lock:
            self._open.add(future)
        future.add_done_callback(lambda ended: self._finished(ended, room))
        return True

    def _finished(self, future: object, room: threading.BoundedSemaphore) -> None:
        with self._lock:
            self._open.discard(future)
        room.release()
        error = future.exception()  # type: ignore[attr-defined]
        if error is not None:
            logger.error("work_failed", exc_info=error)
