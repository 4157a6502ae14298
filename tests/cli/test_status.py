"""``credbot status`` and ``credbot messages``: what an operator reads, and what they can do about it."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("secrets")


def database(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "credbot.db")


@pytest.fixture
def swept(credbot, tmp_path: Path) -> None:
    """A database with Ada as admin in which a worker has just swept."""
    credbot("role grant U0123ABCD admin")
    with database(tmp_path) as connection:
        now = datetime.now(UTC).replace(tzinfo=None)
        note = ("swept_at", datetime.now(UTC).isoformat(), "credbot", str(now))
        connection.execute('INSERT INTO setting ("key", value, "by", "at") VALUES (?, ?, ?, ?)', note)
        connection.execute("DELETE FROM outbox_message")  # Ada's new role was told


@pytest.fixture
def stuck(swept, tmp_path: Path) -> None:
    """Message 1 failed; nobody knows whether message 2 arrived."""
    with database(tmp_path) as connection:
        now = str(datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=2))
        for number, state, error in ((1, "failed", "channel_archived"), (2, "asked", "channel_not_found")):
            connection.execute(
                "INSERT INTO outbox_message (id, kind, subject, facts, channel, key, state, attempts, created_at,"
                " search_attempts, error) VALUES (?, 'vote', 1, '{}', 'C0APPROVE', ?, ?, 1, ?, 0, ?)",
                (number, f"{number}", state, now, error),
            )


def state(tmp_path: Path, number: int) -> str:
    with database(tmp_path) as connection:
        return str(connection.execute("SELECT state FROM outbox_message WHERE id = ?", (number,)).fetchone()[0])


def test_all_is_well_is_status_zero(credbot, swept):
    """Nothing waits, a sweep was just now: status 0."""
    ran = credbot("status")
    assert (ran.status, ran.err) == (0, "")
    assert re.search(r"Queue +0 messages\nLast sweep +\S+ \d\d:\d\d E.T, just now\n", ran.out)
    assert ran.out.endswith("All is well.\n")


def test_without_a_sweep_it_says_what_to_start(credbot):
    """A fresh database, with no worker at work yet: status 1, and which command to start."""
    ran = credbot("status")
    assert ran.status == 1
    assert "Last sweep  never" in ran.out
    assert "Start credbot worker (or credbot run)" in ran.out


def test_another_connection_is_said_with_what_to_do(credbot, swept, tmp_path: Path):
    """Where Slack counts a connection that is not ours, status and doctor say how to end it; status 1."""
    with database(tmp_path) as connection:
        note = ("other_connections", "1", "credbot", str(datetime.now(UTC).replace(tzinfo=None)))
        connection.execute('INSERT INTO setting ("key", value, "by", "at") VALUES (?, ?, ?, ?)', note)
    status, doctor = credbot("status"), credbot("doctor")
    assert (status.status, doctor.status) == (1, 1)
    for told in (status.out, doctor.out):
        assert "Slack counted another Socket Mode connection of this app; it gets part of what people type." in told


def test_each_stuck_message_stands_with_its_commands(credbot, stuck):
    """What failed and what may have arrived, with why, and exactly what to type about each; status 1."""
    ran = credbot("status")
    assert ran.status == 1
    lines = ran.out.splitlines()
    first = lines.index("  1  vote to C0APPROVE: failed (channel_archived)")
    assert lines[first + 1 : first + 7] == [
        "      credbot messages retry 1",
        "      credbot messages drop 1",
        "  2  vote to C0APPROVE: nobody knows whether it arrived (channel_not_found)",
        "      credbot messages arrived 2",
        "      credbot messages retry 2",
        "      credbot messages drop 2",
    ]


@pytest.mark.parametrize(
    ("words", "number", "becomes", "act"),
    [
        ("retry", 1, "pending", "message_send_again"),
        ("drop", 1, "dropped", "message_drop"),
        ("arrived", 2, "sent", "message_arrived"),
        ("retry", 2, "pending", "message_send_again"),
        ("drop", 2, "dropped", "message_drop"),
    ],
)
def test_a_stuck_message_is_settled(credbot, stuck, tmp_path: Path, words, number, becomes, act):
    """Each printed command does what it says, once, under the name of the command line."""
    assert credbot(f"messages {words} {number}").status == 0
    assert state(tmp_path, number) == becomes
    with database(tmp_path) as connection:
        newest = connection.execute("SELECT actor, act, subject FROM audit_event ORDER BY seq DESC LIMIT 1").fetchone()
    assert newest == ("cli", act, f"message:{number}")
    assert credbot("audit verify").status == 0


@pytest.mark.parametrize(("words", "said"), [("drop 99", "no message 99"), ("arrived 1", "already done")])
def test_what_cannot_be_settled_is_said(credbot, stuck, tmp_path: Path, words, said):
    """A number that is none, and a failed message that cannot have arrived: status 1, and nothing changes."""
    ran = credbot(f"messages {words}")
    assert (ran.status, said in ran.err) == (1, True)
    assert state(tmp_path, 1) == "failed"


def test_a_message_is_settled_once(credbot, stuck):
    """Whoever comes second hears who was first."""
    credbot("messages drop 1")
    ran = credbot("messages retry 1")
    assert (ran.status, ran.err) == (1, "cli was first. Nothing more to do.\n")


def test_a_number_that_is_none_does_not_parse(credbot, swept):
    """Status 2, as for every word that does not parse."""
    assert credbot("messages drop first").status == 2


def test_a_file_that_a_job_leaves_out(credbot, swept, tmp_path: Path):
    """Who, since when and the reference of the log, in the status and in doctor; both end with 1."""
    with database(tmp_path) as connection:
        connection.execute("INSERT INTO provider (id, name, type) VALUES (1, 'Lee Chen', 'psychiatrist')")
        connection.execute(
            "INSERT INTO quarantined_file (provider_id, job, error_reference, since, policy_hash)"
            " VALUES (1, 'remind', 'A1B2C3', '2026-11-23 15:00:00.000000', '')"
        )
    status, doctor = credbot("status"), credbot("doctor")
    said = "Lee Chen: no new reminders since 2026-11-23 10:00 EST, log A1B2C3"
    assert (status.status, doctor.status) == (1, 1)
    assert f"Set aside   1 file\n  {said}\n" in status.out
    assert "A job failed with the files named above, and goes on without them." in status.out
    assert f"FIX   A job leaves a file out: {said}. Look for the reference in the log." in doctor.out
