"""Messages whose answer was lost: looked for in Slack; nothing is sent again that may be there."""

from __future__ import annotations

from sqlmodel import Session

from bot import log
from bot.outbox import alarm
from bot.outbox.sender import DeliveryOutcome
from bot.outbox.slack import Slack
from bot.outbox.slack_errors import Gone, Lost, NoAnswer, NotSent, RequestRejected, passes
from bot.store.engine import Database
from bot.store.outbox import pace, recovery
from bot.store.outbox.recovery import SearchTarget

UNREADABLE = frozenset({"access_denied", "missing_scope", "no_permission", "not_allowed_token_type"})
"""We may post, and not read what we posted: waiting would hold up the conversation until somebody noticed."""
SOON = 1.0
"""Seconds until something else is looked for, when Slack cannot be reached."""


def look_for(db: Database, slack: Slack, look: SearchTarget, on_alarm: alarm.OnAlarm) -> DeliveryOutcome:
    """Found: it was sent. Not found twice, a lease apart: it is sent again. Unreadable: an admin decides.

    What Slack refuses for a reason that may pass is looked for again, for an hour.
    """
    try:
        ts = slack.find(look.channel, look.id, since=look.since, thread_ts=look.thread_ts)
    except (NotSent, NoAnswer) as problem:
        return _look_later(db, look, problem, on_alarm)
    except Lost:
        ts = None
    except (Gone, RequestRejected) as problem:
        return _ask(db, look, problem.reason, on_alarm)
    if ts is None:
        return db.transact(lambda session: _not_there(session, look, on_alarm))
    db.transact(lambda session: recovery.found(session, look, ts))
    return DeliveryOutcome.SENT


def _look_later(
    db: Database, look: SearchTarget, problem: NotSent | NoAnswer, on_alarm: alarm.OnAlarm
) -> DeliveryOutcome:
    if problem.reason in UNREADABLE or (passes(problem) and _long_enough(db, look)):
        return _ask(db, look, problem.reason, on_alarm)
    log.get("outbox").warning("not_looked_for", why=problem.reason)
    if isinstance(problem, NotSent):
        seconds = problem.seconds or SOON
        db.transact(lambda session: pace.hold(session, look.method, "", seconds))
    return DeliveryOutcome.OTHER


def _long_enough(db: Database, look: SearchTarget) -> bool:
    with db.reading() as session:
        return recovery.looked_long_enough(session, look)


def _not_there(session: Session, look: SearchTarget, on_alarm: alarm.OnAlarm) -> DeliveryOutcome:
    reason = recovery.not_found(session, look)
    if reason is None:
        return DeliveryOutcome.OTHER
    on_alarm(session, "not_delivered", alarm.facts(look, reason))
    return DeliveryOutcome.FAILED


def _ask(db: Database, look: SearchTarget, reason: str, on_alarm: alarm.OnAlarm) -> DeliveryOutcome:
    def change(session: Session) -> None:
        if recovery.unreadable(session, look, reason):
            on_alarm(session, "uncertain", alarm.facts(look, reason))

    db.transact(change)
    return DeliveryOutcome.FAILED
