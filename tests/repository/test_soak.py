"""The soak still runs, replays, and would find what it looks for; ``make soak`` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store.engine import Database
from bot.store.outbox import messages
from bot.store.tables import OutboxMessage
from slack_sandbox.workspace import Workspace
from soak.crew import log_text
from soak.database import SQLite
from soak.findings import arrived_once, everything_went_out, kept_to_slacks_rules
from soak.plan import Attack, Pace, plan
from soak.soak import soak

PROCESSES = ("web", "worker")


@pytest.mark.timeout(400)
def test_a_short_soak_finds_nothing(tmp_path: Path) -> None:
    """Some seconds of faults, a kill and a jump of the clock on SQLite: everything that must hold does."""
    attack = Attack(questions=10, longest=9, pause=0.2)  # how soon is for a machine with nothing else to do
    pace = Pace(people=0.4, slack=0.5, kill=4, stop=0, database=3, clock=2)
    report = soak(
        SQLite(tmp_path / "credbot.db"), {"run": "run"}, tmp_path, seed=4, seconds=6, pace=pace, attack=attack
    )
    assert report.findings == [], log_text(tmp_path)[-4000:]
    assert "database_unavailable" in log_text(tmp_path) or report.figures["outbox"]


def test_a_seed_is_a_plan() -> None:
    """The same seed plans the same, down to each step's own; another seed plans something else."""
    first, again, other = (plan(seed, 30, Pace(), ("lee", "cora"), PROCESSES) for seed in (1, 1, 2))
    assert first == again != other
    assert {step.what for step in first} == {"act", "fault", "kill", "stop", "database", "clock"}


def test_a_message_that_slack_lacks_or_has_twice_is_found(sqlite_db: Database) -> None:
    """What counts as sent must stand in Slack, once."""
    workspace = Workspace()
    channel = workspace.add_channel("approvals", members=["credbot"])
    with sqlite_db.writing() as session:
        for number in (1, 2, 3):
            messages.say(session, "note", number, channel, key=str(number))
    with sqlite_db.writing() as session:
        for number in (1, 2):
            session.get_one(OutboxMessage, number).state = "sent"
    for _ in range(2):
        message = workspace.app_message(channel, "note 2", [])
        message.metadata = {"event_type": "credbot", "event_payload": {"id": "2"}}
        workspace.post(message)

    with sqlite_db.reading() as session:
        assert list(arrived_once(session, workspace)) == [
            "message 2 stands in Slack 2 times",
            "message 1 (note) counts as sent, and stands in Slack 0 times",
            "message 2 (note) counts as sent, and stands in Slack 2 times",
        ]
        assert list(everything_went_out(session)) == ["message 3 (note) ended as pending: None"]


def test_what_slack_refused_is_found() -> None:
    """A payload against Slack's rules is named."""
    workspace = Workspace()
    workspace.strict.record("chat.postMessage", "too many blocks")
    assert list(kept_to_slacks_rules(workspace)) == ["Slack's rules: chat.postMessage: too many blocks"]
