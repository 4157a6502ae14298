"""Each working morning: cards that wait with somebody who is away from today on reach who stands in, and come back."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.changes.people.reassignment import acting_for_cards, pass_on
from bot.rules.context import Context
from bot.rules.reminders.ladder import send_window
from bot.store.engine import Database
from bot.store.workspace import job_state

YESTERDAY = timedelta(days=-1)


def pass_on_cards(db: Database, ctx: Context) -> bool:
    """Passes on what waits, if today's is not done yet and it is time for messages; whether it did."""
    with db.reading() as session:
        done = job_state.passed_on(session)
    if done == ctx.today or send_window(ctx.now, ctx.zone, ctx.holidays) > ctx.now:
        return False
    db.transact(lambda session: _since(session, ctx))
    return True


def _since(session: Session, ctx: Context) -> None:
    """Compared with the last day on which this was done: an absence may begin on a Sunday."""
    last = job_state.passed_on(session) or ctx.today + YESTERDAY
    pass_on(session, ctx, acting_for_cards(session, ctx, last))
    job_state.record_passed_on(session, ctx.today)
