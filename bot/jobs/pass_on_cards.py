"""Each working morning: cards that wait with somebody who is away from today on reach who stands in, and come back."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.changes.context import Context
from bot.changes.handing_over import acting_for_cards, pass_on
from bot.rules.ladder import send_window
from bot.store import day_turn
from bot.store.engine import Database

YESTERDAY = timedelta(days=-1)


def pass_on_cards(db: Database, ctx: Context) -> bool:
    """Passes on what waits, if today's is not done yet and it is time for messages; whether it did."""
    with db.reading() as session:
        done = day_turn.passed_on(session)
    if done == ctx.today or send_window(ctx.now, ctx.zone, ctx.holidays) > ctx.now:
        return False
    db.transact(lambda session: _since(session, ctx))
    return True


def _since(session: Session, ctx: Context) -> None:
    """Compared with the last day on which this was done: an absence may begin on a Sunday."""
    last = day_turn.passed_on(session) or ctx.today + YESTERDAY
    pass_on(session, ctx, acting_for_cards(session, ctx, last))
    day_turn.record_passed_on(session, ctx.today)
