"""Admins hear by direct message when the bot itself is not well: once when it turns, and once when it is well again.

A message that needs a person is asked about where it got stuck (``bot.outbox.admin_alerts``), not here.
"""

from __future__ import annotations

from sqlmodel import Session

from bot.rules.context import Context
from bot.rules.workspace.health import Trouble
from bot.store.engine import Database
from bot.store.workspace import health
from bot.store.workspace.processed_events import tell_admins

WATCHED = (Trouble.NO_SWEEP, Trouble.UNDELIVERED)


def watch_health(db: Database, ctx: Context) -> None:
    """Says what has turned since the last look, whoever looked."""

    def look(session: Session) -> None:
        troubles = health.read_pulse(session).troubles
        for trouble in WATCHED:
            bad = trouble in troubles
            episode = health.turned(session, trouble, bad=bad)
            if episode:
                kind = "trouble" if bad else "trouble_over"
                facts = {"episode": episode}
                tell_admins(session, ctx.admins, ctx.today, trouble, str(episode), facts, kind=kind)

    db.transact(look)
