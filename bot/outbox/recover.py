"""Messages whose answer was lost: looked for in Slack; nothing is sent again that may be there."""

from __future__ import annotations

from sqlmodel import Session

from bot import log
from bot.outbox import alarms
from bot.outbox.sender import Outcome
from bot.outbox.slack import Slack
from bot.outbox.slack_errors import Gone, Lost, NoAnswer, NotSent, Rejected, passes
from bot.store import looks, rates
from bot.store.engine import Database
from bot.store.looks import Look

UNREADABLE = frozenset({"access_denied", "missing_scope", "no_permission", "not_allowed_token_type"})
"""We may post, and not read what we posted: waiting would hold up the conversation until somebody noticed."""
SOON = 1.0
"""Seconds until something else is looked for, when Slack cannot be reached."""


def look_for(db: Database, slack: Slack, look: Look, on_alarm: alarms.OnAlarm) -> Outcome:
    """Found: it was sent. Not found twice, a lease apart: it is sent again. Unreadable: an admin decides.

    What Slack refuses for a reason that may pass is looked for again, for an hour.
    """
    try:
        ts = slack.find(look.channel, look.id, since=look.since, thread_ts=look.thread_ts)
    except (NotSent, NoAnswer) as problem:
        return _look_later(db, look, problem, on_alarm)
    except Lost:
        ts = None
    except (Gone, Rejected) as problem:
        return _ask(db, look, problem.reason, on_alarm)
    if ts is None:
        return db.transact(lambda session: _not_there(session, look, on_alarm))
    db.transact(lambda session: looks.found(session, look, ts))
    return Outcome.SENT


def _look_later(db: Database, look: Look, problem: NotSent | NoAnswer, on_alarm: alarms.OnAlarm) -> Outcome:
    if problem.reason in UNREADABLE or (passes(problem) and _long_enough(db, look)):
        return _ask(db, look, problem.reason, on_alarm)
    log.get("outbox").warning("not_looked_for", why=problem.reason)
    if isinstance(problem, NotSent):
        seconds = problem.seconds or SOON
        db.transact(lambda session: rates.hold(session, look.method, "", seconds))
    return Outcome.OTHER


def _long_enough(db: Database, look: Look) -> bool:
    with db.reading() as session:
        return looks.looked_long_enough(session, look)


def _not_there(session: Session, look: Look, on_alarm: alarms.OnAlarm) -> Outcome:
    reason = looks.not_found(session, look)
    if reason is None:
        return Outcome.OTHER
    on_alarm(session, "not_delivered", alarms.facts(look, reason))
    return Outcome.FAILED


def _ask(db: Database, look: Look, reason: str, on_alarm: alarms.OnAlarm) -> Outcome:
    def change(session: Session) -> None:
        if looks.unreadable(session, look, reason):
            on_alarm(session, "uncertain", alarms.facts(look, reason))

    db.transact(change)
    return Outcome.FAILED
