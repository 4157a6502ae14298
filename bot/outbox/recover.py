"""Messages whose answer was lost: looked for in Slack; nothing is sent again that may be there."""

from __future__ import annotations

from sqlmodel import Session

from bot import log
from bot.outbox import alarms
from bot.outbox.sender import Outcome
from bot.outbox.slack import Slack
from bot.outbox.slack_errors import Gone, Lost, NoAnswer, NotSent, Rejected
from bot.store import looks, rates
from bot.store.engine import Database
from bot.store.looks import Look

UNREADABLE = frozenset({"access_denied", "missing_scope", "no_permission", "not_allowed_token_type"})
"""We may post, and not read what we posted: waiting would hold up the conversation until somebody noticed."""
SOON = 1.0
"""Seconds until something else is looked for, when Slack cannot be reached."""


def look_for(db: Database, slack: Slack, look: Look, on_alarm: alarms.OnAlarm) -> Outcome:
    """Found: it was sent. Not found twice, a lease apart: it is sent again. Unreadable: an admin decides."""
    try:
        ts = slack.find(look.channel, look.id, since=look.since, thread_ts=look.thread_ts)
    except NotSent as problem:
        if problem.reason in UNREADABLE:
            return _ask(db, look, problem.reason, on_alarm)
        seconds = problem.seconds or SOON
        db.transact(lambda session: rates.hold(session, look.method, "", seconds))
        return Outcome.OTHER
    except NoAnswer as problem:
        log.get("outbox").warning("not_looked_for", why=problem.reason)
        return Outcome.OTHER
    except Lost:
        ts = None
    except (Gone, Rejected) as problem:
        return _ask(db, look, problem.reason, on_alarm)
    if ts is None:
        db.transact(lambda session: looks.not_found(session, look))
        return Outcome.OTHER
    db.transact(lambda session: looks.found(session, look, ts))
    return Outcome.SENT


def _ask(db: Database, look: Look, reason: str, on_alarm: alarms.OnAlarm) -> Outcome:
    def change(session: Session) -> None:
        if looks.unreadable(session, look, reason):
            on_alarm(session, "uncertain", alarms.facts(look, reason))

    db.transact(change)
    return Outcome.FAILED
