"""The bot's own bounded executor: what a listener hands over after its acknowledgement."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from bot import log

logger = log.get(__name__)
THREADS = 32
WAITING = 256


class Work:
    """At most 32 pieces at once and 256 waiting; more are refused, so that a person hears "busy" at once."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="work")
        self._room = threading.BoundedSemaphore(threads + waiting)
        self._open: set[object] = set()
        self._lock = threading.Lock()

    def offer(self, piece: Callable[[], None]) -> bool:
        """Whether it was taken. ``piece`` turns its own errors into words; one that escapes is logged."""
        if not self._room.acquire(blocking=False):
            return False
        try:
            future = self._pool.submit(piece)
        except RuntimeError:
            self._room.release()
            return False
        with self._lock:
            self._open.add(future)
        future.add_done_callback(self._finished)
        return True

    def idle(self) -> bool:
        with self._lock:
            return not self._open

    def stop(self, seconds: float) -> bool:
        """Takes nothing more and waits up to ``seconds``; whether everything was finished."""
        self._pool.shutdown(wait=False)
        with self._lock:
            pending = list(self._open)
        return not wait(pending, timeout=seconds).not_done  # type: ignore[arg-type]

    def _finished(self, future: object) -> None:
        with self._lock:
            self._open.discard(future)
        self._room.release()
        error = future.exception()  # type: ignore[attr-defined]
        if error is not None:
            logger.error("work_failed", exc_info=error)
