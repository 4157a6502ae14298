"""kill -9 at every point between claim and record loses nothing and sends nothing twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store import outbox

if TYPE_CHECKING:
    from conftest import Setup

DOOMED = Path(__file__).with_name("doomed.py")
MOST_COMMITS = 12
"""A message to a new DM takes fewer: beyond its last one the delivery ends by itself."""


def run_doomed(desk: Setup, point: str) -> int:
    """The exit status of a delivery that was to die at this point."""
    arguments = [desk.db.url, desk.workspace.base_url + "/api/", desk.workspace.app.bot_token, point]
    ended = subprocess.run([sys.executable, DOOMED, *arguments], timeout=60, check=False, cwd=DOOMED.parents[2])
    return ended.returncode


@pytest.mark.parametrize("point", ["rendering", "before open", "after open", "before post", "after post"])
def test_a_killed_delivery_says_it_once(desk: Setup, point: str) -> None:
    """A delivery is killed before, during or after its call; the next one leaves exactly one message."""
    lee = desk.person("lee")
    with desk.db.writing() as session:
        outbox.say(session, "note", 1, lee, key="1")

    assert run_doomed(desk, point) == -signal.SIGKILL
    desk.drain()

    dm = desk.workspace.direct_message(desk.workspace.person("lee").id)
    assert [m.text for m in dm.lasting()] == ["note 1"]
    assert desk.states() == ["sent"]


def test_a_delivery_killed_at_any_commit_says_it_once(desk: Setup) -> None:
    """Whichever transaction the kill takes away, the next delivery leaves exactly one message more."""
    lee = desk.person("lee")
    dm = desk.workspace.direct_message(desk.workspace.person("lee").id)
    for number in range(1, MOST_COMMITS + 1):
        with desk.db.writing() as session:
            outbox.say(session, "note", number, lee, key=str(number))
        killed = run_doomed(desk, f"commit {number}") == -signal.SIGKILL
        desk.drain()
        assert [m.text for m in dm.lasting()] == [f"note {n}" for n in range(1, number + 1)]
        if not killed:
            break
    assert not killed
    assert number > 3


@pytest.mark.parametrize("point", ["rendering", "before update", "after update"])
def test_a_killed_update_is_made_by_the_next(desk: Setup, point: str) -> None:
    """A card whose update was under way at the kill ends in its newest state, as one message."""
    with desk.db.writing() as session:
        outbox.open_card(session, "card", 1, desk.channel)
    desk.drain()
    desk.words["card"] = "granted"
    with desk.db.writing() as session:
        outbox.refresh(session, "card", 1)

    assert run_doomed(desk, point) == -signal.SIGKILL
    desk.drain()

    assert desk.said() == ["card 1 granted"]


def test_a_card_that_changed_after_the_kill_is_posted_once(desk: Setup) -> None:
    """Where a newer row waits for the same card, the killed one gives way, and the newest state is shown."""
    with desk.db.writing() as session:
        outbox.open_card(session, "card", 1, desk.channel)
    assert run_doomed(desk, "rendering") == -signal.SIGKILL
    desk.words["card"] = "granted"
    with desk.db.writing() as session:
        outbox.refresh(session, "card", 1)

    desk.drain()

    assert desk.said() == ["card 1 granted"]
    assert desk.states() == ["dropped", "sent"]
