"""Slack is out of reach for a day, or the app is removed: nothing is lost, and nobody reads two messages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete
from structlog.testing import capture_logs

from bot.store.tables import Pace
from slack_sandbox.server import Server
from tests.stories.conftest import Clinic
from tests.stories.scenes import row

EXPIRES = {"lee": "2026-12-31", "maya": "2026-12-24"}


@pytest.fixture
def back(clinic: Clinic) -> Iterator[Callable[[], None]]:
    """Brings a stopped Slack back at its address."""
    again: list[Server] = []

    def start() -> None:
        again.append(Server(clinic.workspace, port=clinic.server.port, calendar=clinic.calendar))
        again[0].start()

    yield start
    for server in again:
        server.stop()


def minutes_pass(clinic: Clinic) -> None:
    """Whatever was to rest for some minutes may go again."""
    clinic.bot.transact(lambda session: session.execute(delete(Pace)))


def posts(clinic: Clinic) -> list[str]:
    """To whom messages went, in order."""
    return [call.args["channel"] for call in clinic.workspace.calls("chat.postMessage") if call.answer["ok"]]


def dm(clinic: Clinic, handle: str) -> str:
    return clinic.workspace.direct_message(clinic.workspace.person(handle).id).id


def test_a_day_without_slack_ends_in_one_message_each(clinic: Clinic, back: Callable[[], None]) -> None:
    """What was due on Monday and on Tuesday waits; each person reads one message, and Slack need not brake us."""
    clinic.roster(row("license", EXPIRES["lee"]), row("license", EXPIRES["maya"], of="maya"))
    clinic.delivered()
    before = len(posts(clinic))
    clinic.server.stop()
    clinic.on("2026-11-23", "11:05")
    clinic.on("2026-11-24", "10:05")
    assert len(posts(clinic)) == before
    back()
    minutes_pass(clinic)
    clinic.lee.sees("Expires in", in_="dm", timeout=60)
    clinic.maya.sees("Expires in 30 days", in_="dm", timeout=60)
    clinic.settled()
    due = [channel for channel in posts(clinic)[before:] if channel in (dm(clinic, "lee"), dm(clinic, "maya"))]
    assert sorted(due) == sorted([dm(clinic, "lee"), dm(clinic, "maya")])
    assert not [call for call in clinic.workspace.log if call.answer.get("error") == "ratelimited"]


@pytest.mark.parametrize("word", ["account_inactive", "token_revoked", "invalid_auth"])
def test_a_removed_app_loses_nothing(clinic: Clinic, word: str) -> None:
    """Uninstalled while a reminder is due: the log says so, it waits, and arrives once when the app is back."""
    clinic.roster(row("license", EXPIRES["lee"]))
    clinic.delivered()
    with capture_logs() as logged:
        clinic.workspace.uninstall(word)
        clinic.eventually(lambda: len([e for e in logged if e["event"] == "app_removed"]) == 2)
    clinic.on("2026-11-23", "11:05")
    assert "Expires in" not in clinic.lee.reads("dm")
    clinic.workspace.install_again()
    minutes_pass(clinic)
    clinic.lee.sees("Expires in 38 days", in_="dm")
    clinic.settled()
    assert clinic.lee.reads("dm").count("Expires in 38 days") == 1
