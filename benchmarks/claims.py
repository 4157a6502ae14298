"""Messages claimed by four workers on PostgreSQL, against the bare driver doing the same with ``UPDATE … RETURNING``.

Both take the oldest message that may go, one of a conversation at a time, and its place in Slack's pace; one
transaction each. The pace itself is lifted, or everybody would wait for it.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from multiprocessing.synchronize import Barrier

import psycopg
from psycopg.errors import UniqueViolation
from sqlalchemy import make_url

from benchmarks.harness.places import KEY, fresh
from benchmarks.harness.ratio import Ratio, Sample, show, timed
from benchmarks.harness.waiting import fill
from bot.store.engine import Database
from bot.store.outbox import claim as outbox_claim
from bot.store.outbox import pace

WORKERS = 4
SIZE, TIMES = 400, 3
EACH = 4
"""Messages that wait for each person; the first of them is claimed."""
SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 60.0
LEASE = timedelta(seconds=60)
Claim = Callable[[], bool]
MESSAGE = """
UPDATE outbox_message SET state = 'claimed', lease = clock_timestamp() + interval '60 seconds', attempts = attempts + 1
WHERE id = (
    SELECT m.id FROM outbox_message m
    WHERE m.state = 'pending' AND (m.not_before IS NULL OR m.not_before <= clock_timestamp())
      AND NOT EXISTS (SELECT FROM outbox_message f
                      WHERE f.channel = m.channel AND f.state IN ('claimed', 'sending', 'uncertain'))
    ORDER BY m.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, subject, facts, channel, attempts"""
PACE = """
INSERT INTO pace (method, channel, next_at)
VALUES ('chat.postMessage', '', clock_timestamp()), ('chat.postMessage', %s, clock_timestamp())
ON CONFLICT (method, channel) DO UPDATE SET next_at = greatest(pace.next_at, clock_timestamp() - interval '1 second')"""


def measure(size: int = SIZE, times: int = TIMES, workers: int = WORKERS) -> list[Ratio]:
    """``size``: claims, all workers together."""
    ours, raw = [], []
    for _ in range(times):
        ours.append(_all_claimed(_ours, size, workers))
        raw.append(_all_claimed(_raw, size, workers))
    what = f"claim of a message, {workers} workers, PostgreSQL"
    return [Ratio(what, Sample(tuple(ours)), "UPDATE … RETURNING", Sample(tuple(raw)), 1.5)]


def _all_claimed(worker: Callable[[str], Claim], size: int, workers: int) -> float:
    """Seconds a claim."""
    with fresh("PostgreSQL") as db:
        fill(db, size * EACH, size)
        begin, end = SPAWN.Barrier(workers + 1, timeout=PATIENCE), SPAWN.Barrier(workers + 1, timeout=PATIENCE)
        share = size // workers
        each = [
            SPAWN.Process(target=_work, args=(worker, db.url, share, begin, end), daemon=True) for _ in range(workers)
        ]
        for process in each:
            process.start()
        begin.wait()
        seconds = timed(end.wait)
        for process in each:
            process.join()
    return seconds / (share * workers)


def _work(worker: Callable[[str], Claim], url: str, share: int, begin: Barrier, end: Barrier) -> None:
    claim = worker(url)
    begin.wait()
    while share:
        share -= claim()
    end.wait()


def _ours(url: str) -> Claim:
    pace.GAPS.update({method: pace.Gap(0) for method in pace.GAPS})
    db = Database(url, (KEY,))
    db.transact(outbox_claim.waiting)
    return lambda: db.transact(partial(outbox_claim.claim, lease=LEASE)) is not None


def _raw(url: str) -> Claim:
    connection = psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))

    def claim() -> bool:
        try:
            claimed = connection.execute(MESSAGE).fetchone()
            if claimed is not None:
                connection.execute(PACE, [claimed[4]])
            connection.commit()
        except UniqueViolation:
            connection.rollback()
            return False
        return claimed is not None

    return claim


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
