"""Every job, when and why. Jobs run on real intervals and ask the clock what business time it is.

reminders          every minute   reconciles what a new day changes, then writes what is due (invariants 1 and 3); on
                                  working mornings it brings cards to who stands in, on a week's first also the digest
refresh_people     every hour     asks Slack who people are now: accounts, time zones, who left
purge_events       every 6 hours  forgets payloads that Slack will not repeat any more
prune_texts        every 6 hours  empties what was typed and said 30 days ago; files and the audit chain keep theirs
watch_health       every 5 min    tells the admins when the bot itself is not well, and when it is again

The state is in the database, so a run that is missed or made twice does no harm. Delivery is no job: it is a
loop of its own (``bot.outbox.delivery``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot import log
from bot.bot import Bot
from bot.jobs.pass_on_cards import pass_on_cards
from bot.jobs.prune_texts import prune_texts
from bot.jobs.purge_events import purge_events
from bot.jobs.reconcile_files import reconcile_day
from bot.jobs.refresh_people import refresh_people
from bot.jobs.send_nudges import sweep
from bot.jobs.watch_health import watch_health
from bot.jobs.weekly_digest import tell_the_week
from bot.rules.context import Context
from bot.store.engine import Database, Unavailable
from bot.store.workspace.health import record_sweep
from bot.store.workspace.processed_events import tell_admins
from bot.store.workspace.quarantine import try_all_again

logger = log.get(__name__)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


PARTS: dict[str, Callable[[Database, Context], int]] = {
    "reconcile_day": reconcile_day,
    "pass_on_cards": pass_on_cards,
    "sweep": sweep,
    "tell_the_week": tell_the_week,
}


@dataclass(frozen=True, slots=True)
class DueRun:
    """How many reminders were written, and which parts failed; those are in the log, and the admins hear of them."""

    reminders: int
    failed: tuple[str, ...]


def run_due(db: Database, context: Callable[[], Context]) -> DueRun:
    """All that business time asks for: the day's turn, cards to pass on, the sweep, the week's digest.

    Each part runs although another failed. Without a database none can: Unavailable.
    """
    done: dict[str, int] = {}
    for name, part in PARTS.items():
        try:
            done[name] = part(db, context())
        except Unavailable:
            raise
        except Exception:
            _report(db, context(), name)
    return DueRun(done.get("sweep", 0), tuple(PARTS.keys() - done.keys()))


def _report(db: Database, ctx: Context, part: str) -> None:
    """The log says why under a reference, which the admins read once a day."""
    reference = log.new_reference()
    logger.exception("job_part_failed", part=part, reference=reference)
    try:
        db.transact(
            lambda session: tell_admins(
                session, ctx.admins, ctx.today, "bug", f"{part}:{ctx.today}", {"reference": reference}
            )
        )
    except Exception:
        logger.exception("admins_not_told")


class Schedule:
    """The jobs of one process, running in the background."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        self._every(MINUTE, "reminders", self._remind)
        self._every(HOUR, "refresh_people", lambda: refresh_people(bot.db, bot.slack, bot.context(), self._stopping))
        self._every(6 * HOUR, "purge_events", lambda: purge_events(bot.db))
        self._every(6 * HOUR, "prune_texts", lambda: prune_texts(bot.db, bot.context()))
        # Whoever starts has swept before it looks whether sweeps have stopped.
        self._every(5 * MINUTE, "watch_health", lambda: watch_health(bot.db, bot.context()), first_in=5 * MINUTE)

    def start(self) -> None:
        """Every job runs at once (the watch after its first interval), then at its interval.

        What a process before could not do with a file, this one tries again.
        """
        _run_logged("quarantine", lambda: self._bot.transact(try_all_again))
        self._scheduler.start()
        threading.Thread(target=self._watch_the_clock, name="clock", daemon=True).start()

    def shutdown(self, *, wait: bool = True) -> None:
        """No job begins any more; one that runs is asked to stop."""
        self._stopping.set()
        self._scheduler.shutdown(wait=wait)

    def _every(
        self, interval: timedelta, name: str, do: Callable[[], object], *, first_in: timedelta = timedelta()
    ) -> None:
        self._scheduler.add_job(
            _run_logged, "interval", (name, do), seconds=interval.total_seconds(), id=name,
            next_run_time=datetime.now(UTC) + first_in,
        )  # fmt: skip

    def _watch_the_clock(self) -> None:
        while not self._stopping.wait(MINUTE.total_seconds()):
            self.mend_times()

    def mend_times(self) -> None:
        """The scheduler counts by the wall clock: set back by an hour, it would rest so long."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time - now > job.trigger.interval:
                job.modify(next_run_time=now)

    def _remind(self) -> None:
        ran = run_due(self._bot.db, self._bot.context)
        if "sweep" not in ran.failed:
            self._bot.transact(lambda session: record_sweep(session, self._bot.clock.now()))


def _run_logged(name: str, do: Callable[[], object]) -> None:
    """What goes wrong in a job is in the log under its name; the next run begins anew."""
    with log.about(job=name):
        try:
            do()
        except Unavailable as error:
            logger.warning("database_unavailable", why=str(error))
        except Exception:
            logger.exception("job_failed")


def start(bot: Bot) -> Schedule:
    """Starts every job of this process."""
    schedule = Schedule(bot)
    schedule.start()
    return schedule
