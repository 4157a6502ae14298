"""Ten thousand messages wait for 500 people: how soon they are out, against the pace that Slack allows.

Slack's own limits would make that 42 minutes. Here every limit is the same number of times as quick, in the bot and in
the sandbox, which answers 429 to whatever is quicker; and time is taken once part of the backlog has gone.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from sqlmodel import select

from benchmarks.harness.hurried import HURRY
from benchmarks.harness.places import KEY
from benchmarks.harness.processes import hurried_credbot
from benchmarks.harness.ratio import Ratio, Sample, show
from benchmarks.harness.waiting import fill
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.outbox.pace import GAPS
from bot.store.tables import PersonRow
from slack_sandbox.api import rate_limits
from slack_sandbox.server import Server
from slack_sandbox.workspace import Call, Workspace

MESSAGES, PEOPLE = 10_000, 500
SIZE = 1_000
PATIENCE = 300.0


def measure(size: int = SIZE, messages: int = MESSAGES) -> list[Ratio]:
    """``size``: how many of ``messages`` have to be out."""
    with tempfile.TemporaryDirectory() as folder, Server(Workspace()) as slack:
        db = Database(f"sqlite:///{folder}/credbot.db", (KEY,))
        migrate(db.engine)
        fill(db, messages, PEOPLE)
        _everybody_in(slack.workspace, db)
        db.dispose()
        with hurried_credbot(slack, "Socket Mode", Path(folder)):
            sent = _sent(slack.workspace, size)
    assert all(call.answer["ok"] for call in sent), "Slack refused some"
    seconds = (sent[-1].at - sent[0].at).total_seconds()
    allowed = (len(sent) - 1) * GAPS["chat.postMessage"].workspace / HURRY
    what = f"delivery, {size:,} of {messages:,} messages to {PEOPLE} people, {HURRY}× Slack's pace"
    return [Ratio(what, Sample((seconds,)), "allowed pace", Sample((allowed,)), 1 / 0.95)]


def _everybody_in(workspace: Workspace, db: Database) -> None:
    """Accounts and open direct messages for all, in a workspace that is in a hurry."""
    workspace.rates.per_minute = {method: limit * HURRY for method, limit in rate_limits.PER_MINUTE.items()}
    rate_limits.POSTS_PER_SECOND_AND_CHANNEL = HURRY
    with db.writing() as session:
        for person in session.exec(select(PersonRow)):
            handle = f"p{person.id}"
            person.slack_user_id = workspace.add_person(handle, person.name, f"{handle}@riverbend.example", "UTC")
            person.dm_channel = workspace.direct_message(person.slack_user_id).id


def _sent(workspace: Workspace, size: int) -> list[Call]:
    """The first so many posts, once they are there."""
    patience = time.monotonic() + PATIENCE
    while len(found := workspace.calls("chat.postMessage")) < size:
        assert time.monotonic() < patience, f"only {len(found)} are out"
        time.sleep(0.05)
    return found[:size]


if __name__ == "__main__":
    show(measure(*map(int, sys.argv[1:])))
