"""``nudges run --at``: all that is due, as if it were another moment. The audit chain says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.changes.providers.offboarding import EndToCome, ends_to_come
from bot.jobs.schedule import DueRun, run_due
from bot.rules.context import Context
from bot.rules.people.models import CLI
from bot.store import audit
from bot.store.engine import Database


def run_as_if(db: Database, context: Callable[[], Context], really: date) -> tuple[DueRun, list[EndToCome]]:
    """Runs what is due by the context's now, while the organization's day is ``really`` another.

    Of what lies ahead, ends of employment and the withdrawals that follow from them wait for their day; those are
    what this answers, after what ran.
    """

    def as_if() -> Context:
        return replace(context(), really=really)

    now = {"at": context().now, "really": really}
    db.transact(lambda session: audit.record(session, CLI, "ran_as_if", "nudges", after=now))
    moment = audit.AS_IF.set(context().now)
    try:
        ran = run_due(db, as_if)
    finally:
        audit.AS_IF.reset(moment)
    with db.reading() as session:
        return ran, ends_to_come(session, as_if())
