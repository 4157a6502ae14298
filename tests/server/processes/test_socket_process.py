"""``credbot run`` over Socket Mode: it answers, outlives disconnections, kills and busy databases, and ends well."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.server.processes.conftest import PEOPLE, Place, license_of, opened, until

WEDNESDAY = next(
    day
    for day in ((datetime.now(UTC) + timedelta(days=ahead)).date() for ahead in range(400, 407))
    if day.strftime("%A") == "Wednesday"
)
"""So far ahead that ``run`` itself has nothing to say today."""
RUN = f"nudges run --at {WEDNESDAY - timedelta(days=7)}"
"""A week before all that these rosters hold expires."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which Cora coordinates and three psychiatrists have a license each, made by the command line."""
    with opened(tmp_path_factory.mktemp("imported")) as place:
        rows = [license_of(PEOPLE[handle], place.id(handle), f"{WEDNESDAY}") for handle in ("lee", "maya", "noah")]
        place.done(f"import roster {place.roster(*rows)}")
        place.done(f"role grant {place.id('cora')} coordinator")
        return place.folder / "credbot.db"


@pytest.fixture
def due(place: Place, imported: Path) -> Place:
    """Three people have reminders due a week before WEDNESDAY."""
    (place.folder / "credbot.db").write_bytes(imported.read_bytes())
    return place


def all_said(place: Place) -> bool:
    """Whether the three reminders are there, and the database waits for nothing more."""
    with sqlite3.connect(place.folder / "credbot.db") as connection:
        states = {state for (state,) in connection.execute("SELECT DISTINCT state FROM outbox_message")}
    return states <= {"sent", "dropped"} and len(place.posted("Hello")) >= 3


def test_run_answers_until_it_is_told_to_stop(due: Place) -> None:
    """A command is answered by the process, which ends within ten seconds of SIGTERM, with status 0."""
    with due.serving("run") as process:
        due.cora.types("/cred status @lee")
        due.cora.sees("Psychiatrist")
    assert process.status == 0
    assert "Traceback" not in process.err.read_text()
    assert "level='warning'" not in process.err.read_text()


def test_a_killed_run_is_finished_by_the_next(due: Place) -> None:
    """kill -9 with one message on its way: the next process sends the rest, and nobody reads anything twice."""
    due.workspace.faults.add("chat.postMessage", "slow", seconds=1)
    doomed = due.begins(RUN)
    until(lambda: not due.workspace.faults.waiting())
    doomed.killed()
    with due.serving("run"):
        until(lambda: all_said(due))
    assert len(due.posted("Hello")) == len(set(due.posted("Hello"))) == 3
    due.done("audit verify")


def test_run_answers_while_another_process_writes(due: Place) -> None:
    """On one SQLite file ``nudges run`` sends what is due while ``run`` goes on answering."""
    with due.serving("run"):
        other = due.begins(RUN)
        while not other.ended():
            assert due.cora.types("/cred queue").seconds < 3
        due.cora.sees("What waits for you")
        until(lambda: all_said(due))
    assert other.status == 0, other.err.read_text()
    assert len(due.posted("Hello")) == 3


def test_a_connection_that_goes_away_is_opened_again(due: Place) -> None:
    """Asked by Slack to reconnect, and cut off without a word, the bot goes on answering."""
    socket_mode = due.server.socket_mode
    with due.serving("run"):
        socket_mode.disconnect()
        due.cora.types("/cred status @lee")
        due.cora.sees("Lee Chen")
        until(lambda: socket_mode.connections() == 1)
        opened = len(due.workspace.calls("apps.connections.open"))
        socket_mode.drop()
        until(lambda: len(due.workspace.calls("apps.connections.open")) > opened)
        due.cora.types("/cred status @maya")
        due.cora.sees("Maya Okafor")


def test_a_hanging_slack_does_not_hold_up_the_end(due: Place) -> None:
    """SIGTERM while Slack leaves a call unanswered: the process still ends within ten seconds, with status 0."""
    due.workspace.faults.add("users.info", "slow", seconds=30, match={"user": due.id("dana")})
    with due.serving("run", CREDBOT_SEND_LEASE="60"):
        due.dana.types("/cred status")
        until(lambda: not due.workspace.faults.waiting())


def test_a_slack_that_was_away_is_found_again(due: Place) -> None:
    """Slack out of reach, so that reconnecting fails for some seconds: once it is back, the bot answers again."""
    with due.serving("run") as process:
        due.server.stop()
        until(lambda: "not_connected" in process.err.read_text())
        due.returns()
        until(lambda: due.server.socket_mode.connections() == 1)
        due.cora.types("/cred status @lee")
        due.cora.sees("Lee Chen")
