"""Asks Slack who people are now, and whose accounts belong to providers that were imported by e-mail.

A deactivated account is recorded; nobody's file or privileges end by it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot import log
from bot.changes.people.accounts import nobody_by_that_id, remember_person
from bot.outbox.slack import Slack
from bot.outbox.slack_errors import NoAnswer, NotSent, RequestRejected, RetryAfter
from bot.outbox.slack_values import User, profile_of
from bot.rules.context import Context
from bot.store.database_time import database_now
from bot.store.engine import Database
from bot.store.outbox import pace as outbox_pace
from bot.store.workspace.maintenance import addresses_without_account, people_refreshed_before

GOOD_FOR = timedelta(hours=24)
"""Real time: Slack's side does not follow our clock."""
WAIT = 0.2

Ask = Callable[[], User | None]


def refresh_people(db: Database, slack: Slack, ctx: Context, stop: threading.Event) -> int:
    """Refreshes all who are due, at the pace Slack allows, until done or ``stop``; returns how many it asked about.

    Ends early where Slack cannot be asked: those left are due again at the next run.
    """
    users, addresses = _due(db)
    work: list[tuple[str, str, Ask]] = [("users.info", user, partial(slack.user, user, fresh=True)) for user in users]
    work += [("users.lookupByEmail", address, partial(slack.user_by_email, address)) for address in addresses]
    for done, (method, whom, ask) in enumerate(work):
        if not _wait_for_slot(db, method, stop) or not _ask_and_keep(db, ctx, method, whom, ask):
            return done
    return len(work)


def takes(db: Database) -> timedelta:
    """How long ``refresh_people`` would take now, at Slack's pace."""
    users, addresses = _due(db)
    pace = outbox_pace.GAPS["users.info"].workspace, outbox_pace.GAPS["users.lookupByEmail"].workspace
    return timedelta(seconds=len(users) * pace[0] + len(addresses) * pace[1])


def _due(db: Database) -> tuple[list[str], list[str]]:
    """Slack ids that were not asked about for a day, and addresses without an account."""
    with db.reading() as session:
        users = people_refreshed_before(session, database_now(session) - GOOD_FOR)
        return users, addresses_without_account(session)


def _wait_for_slot(db: Database, method: str, stop: threading.Event) -> bool:
    while not stop.is_set():
        if db.transact(lambda session: outbox_pace.take(session, method)):
            return True
        stop.wait(WAIT)
    return False


def _ask_and_keep(db: Database, ctx: Context, method: str, whom: str, ask: Ask) -> bool:
    try:
        user = ask()
    except NotSent as problem:
        seconds = problem.seconds or WAIT
        db.transact(lambda session: outbox_pace.hold(session, method, "", seconds))
        return isinstance(problem, RetryAfter)
    except (NoAnswer, RequestRejected) as problem:
        log.get("refresh_people").warning("slack_not_asked", why=problem.reason)
        return False
    if method == "users.info" and (user is None or user.outsider):
        db.transact(lambda session: nobody_by_that_id(session, ctx, whom))
    if user is not None and not user.outsider:
        profile = profile_of(user)
        db.transact(lambda session: remember_person(session, ctx, profile))
    return True
