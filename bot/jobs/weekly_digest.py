"""The team's Monday digest: said once a week, on its first working day."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.reminders.digest import week_due
from bot.store import audit
from bot.store.engine import Database
from bot.store.outbox import messages
from bot.store.reminders import digest

KIND = "digest"


def tell_the_week(db: Database, ctx: Context) -> bool:
    """Says this week's digest if it is due and there is a channel to say it in; whether it did."""
    if ctx.team_channel is None:
        return False
    with db.reading() as session:
        monday = week_due(ctx.now, ctx.zone, digest.told(session), ctx.holidays)
        if monday is None or not digest.any_file(session):
            return False
    db.transact(lambda session: _say(session, ctx.team_channel or "", monday))
    return True


def _say(session: Session, channel: str, monday: date) -> None:
    facts = {"head": str(audit.head(session))}  # what is posted must lie in the chain ever after: verify looks
    messages.say(session, KIND, monday.toordinal(), channel, key=f"{KIND}:{monday}", facts=facts)
    digest.record_told(session, monday)
