"""The bot itself is not well: what an admin reads, and when."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from bot.jobs.watch_health import watch_health
from bot.store.database_time import database_now
from bot.store.tables import OutboxMessage, Setting
from bot.store.workspace import health
from tests.stories.conftest import Clinic

HOUR = timedelta(hours=1)


def last_sweep(clinic: Clinic, ago: timedelta) -> None:
    """As if the workers had swept so long ago for the last time."""

    def note(session: Session) -> None:
        health.record_sweep(session, clinic.bot.clock.now())
        session.flush()
        session.execute(update(Setting).where(col(Setting.key) == health.SWEPT).values(at=database_now(session) - ago))

    clinic.bot.transact(note)


def watch(clinic: Clinic) -> None:
    """The job of every five minutes."""
    watch_health(clinic.bot.db, clinic.bot.context())
    clinic.delivered()


def test_an_admin_reads_that_reminders_stand_still_and_go_on(clinic: Clinic) -> None:
    """Once when it turns, once when it is over, however often it is looked at."""
    for ago in (HOUR, HOUR, timedelta(), timedelta()):
        last_sweep(clinic, ago)
        watch(clinic)
    bad, over = clinic.ada.messages("dm")
    assert bad.startswith("I haven't been able to check which reminders are due since")
    assert "credbot status" in bad
    assert over.startswith("My reminders are running again.")
    assert clinic.cora.messages("dm") == []


def test_what_is_over_before_it_could_be_sent_is_not_told(clinic: Clinic) -> None:
    """Slack was away while it was bad: neither message is of use any more."""
    last_sweep(clinic, HOUR)
    clinic.workspace.faults.add("conversations.open", "ratelimited", times=1_000, seconds=1)
    watch_health(clinic.bot.db, clinic.bot.context())
    last_sweep(clinic, timedelta())
    watch_health(clinic.bot.db, clinic.bot.context())
    for fault in clinic.workspace.faults.waiting():
        fault.times = 0
    clinic.settled()
    assert clinic.ada.messages("dm") == []


def test_an_admin_reads_that_a_message_does_not_leave(clinic: Clinic) -> None:
    """One conversation hangs while others go on, so that the admin's own gets through."""
    last_sweep(clinic, timedelta())

    def looked_for_in_vain(session: Session) -> None:
        now = database_now(session)
        waits = {"state": "uncertain", "created_at": now - HOUR, "lease": now + HOUR}
        session.add(OutboxMessage(kind="backlog", subject=0, channel=clinic.team, key="waits", **waits))

    clinic.bot.transact(looked_for_in_vain)
    watch(clinic)
    assert clinic.ada.sees("A message of mine has been waiting since", in_="dm")
