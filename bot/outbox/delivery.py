"""Delivery: takes what may go now, sends it from a few threads, and looks for what was lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from sqlmodel import Session

from bot import log
from bot.clock import Clock
from bot.outbox.alarm import OnAlarm
from bot.outbox.message_kind import MessageKind
from bot.outbox.recovery import look_for
from bot.outbox.sender import DeliveryOutcome, Sender
from bot.outbox.slack import Slack
from bot.store.database_time import database_now
from bot.store.engine import Database, Unavailable
from bot.store.outbox import claim as outbox_claim
from bot.store.outbox import recovery, state
from bot.store.workspace import health

SENDERS = 4
"""Slack takes 240 posts a minute and needs some 300 ms for each; a call that hangs must not hold up the others."""
POLL = 0.25
BUSY = 0.02


@dataclass(frozen=True, slots=True)
class DeliveryTask:
    """What is to be done about one message: to send it, to look for it, to open its conversation."""

    message: int
    do: Callable[[], DeliveryOutcome]


@dataclass(frozen=True, slots=True)
class Counts:
    """sent, failed: in this pass. waiting, uncertain: afterwards. ``next_in``: seconds until something may go."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    uncertain: int = 0
    next_in: float | None = None


class Senders:
    """The threads that call Slack. ``done``: what became of each message since they started."""

    def __init__(self) -> None:
        self.done: list[DeliveryOutcome] = []
        self._free = threading.Semaphore(SENDERS)
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="delivery")
        self._log = log.get("outbox")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True)

    def wait_for_a_free_one(self) -> None:
        self._free.acquire()

    def not_needed(self) -> None:
        self._free.release()

    def start(self, task: DeliveryTask, finished: threading.Event) -> None:
        self._pool.submit(self._do, task, finished)

    def _do(self, task: DeliveryTask, finished: threading.Event) -> None:
        with log.about(message=task.message):
            try:
                self.done.append(task.do())
            except Unavailable as error:
                self._log.warning("database_unavailable", why=str(error))
            except Exception:  # its lease frees the message again; the log says what to mend
                self._log.exception("delivery_failed")
            finally:
                self._free.release()
                finished.set()


class Delivery:
    """Any number of deliveries may work on one database. ``send_lease`` is in seconds of real time."""

    def __init__(
        self,
        db: Database,
        slack: Slack,
        kinds: Mapping[str, MessageKind],
        clock: Clock,
        *,
        send_lease: float,
        on_alarm: OnAlarm,
    ) -> None:
        self._db, self._slack, self._on_alarm = db, slack, on_alarm
        self._lease = timedelta(seconds=send_lease)
        self._sender = Sender(db, slack, kinds, clock, on_alarm=on_alarm, lease=self._lease)
        self._woken = threading.Event()
        self._log = log.get("outbox")

    def wake(self) -> None:
        """Something was said in this process: look at once."""
        self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Delivers until ``stop`` is set and the calls under way have ended."""
        with Senders() as senders:
            while not stop.is_set():
                self._woken.clear()
                try:
                    self._start_all(senders)
                except Unavailable as error:
                    self._log.warning("database_unavailable", why=str(error))
                except Exception:  # delivery goes on: the next message may be sound
                    self._log.exception("delivery_failed")
                self._woken.wait(POLL)

    def deliver_once(self) -> Counts:
        """One pass over all that may go now."""
        with Senders() as senders:
            self._start_all(senders)
        sent, failed = (senders.done.count(one) for one in (DeliveryOutcome.SENT, DeliveryOutcome.FAILED))
        with self._db.reading() as session:
            if health.all_out(session):
                return Counts(sent=sent, failed=failed)
            (waiting, uncertain), due = outbox_claim.left(session), outbox_claim.next_due(session)
            next_in = None if due is None else max(0.0, (due - database_now(session)).total_seconds())
        return Counts(sent=sent, waiting=waiting, failed=failed, uncertain=uncertain, next_in=next_in)

    def drain(self, max_wait: float) -> Counts:
        """Delivers until nothing is due, or all that waits must wait longer than ``max_wait`` seconds."""
        sent = failed = 0
        while True:
            counts = self.deliver_once()
            sent, failed = sent + counts.sent, failed + counts.failed
            if counts.next_in is None or counts.next_in > max_wait:
                return Counts(sent, counts.waiting, failed, counts.uncertain, counts.next_in)
            time.sleep(min(max(counts.next_in, BUSY), POLL))

    def _start_all(self, senders: Senders) -> None:
        while True:
            with self._db.reading() as session:
                waiting, left_behind = outbox_claim.waiting(session), outbox_claim.left_behind(session)
            if not waiting and not left_behind:
                return
            senders.wait_for_a_free_one()
            task = (self._look() if left_behind else None) or self._send()
            if task is None:
                senders.not_needed()
                return
            senders.start(task, self._woken)

    def _look(self) -> DeliveryTask | None:
        """Frees what lapsed, and takes what has to be looked for."""
        while self._db.transact(state.settle_lapsed):
            pass
        look = self._db.transact(lambda session: recovery.take_look(session, self._lease))
        return (
            None
            if look is None
            else DeliveryTask(look.id, lambda: look_for(self._db, self._slack, look, self._on_alarm))
        )

    def _send(self) -> DeliveryTask | None:
        try:
            claim = self._db.transact(self._claim)
        except outbox_claim.LostError:
            return None
        if claim is None:
            return None
        if claim.method == outbox_claim.OPEN:
            return DeliveryTask(claim.id, lambda: self._sender.open_dm(claim))
        return DeliveryTask(claim.id, lambda: self._sender.send(claim))

    def _claim(self, session: Session) -> outbox_claim.Claim | None:
        return outbox_claim.claim(session, self._lease)
