"""kill -9 at every point between claim and record loses nothing and sends nothing twice, with two workers left."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store.outbox import messages

if TYPE_CHECKING:
    from conftest import Setup

DOOMED = Path(__file__).with_name("doomed.py")
MOST_COMMITS = 12
"""A message to a new DM takes fewer: beyond its last one the delivery ends by itself."""

Doom = Callable[["Setup", str], int]


@pytest.fixture(scope="module")
def doom() -> Iterator[Doom]:
    """Runs a delivery that is to die at a point; how it ended."""
    with subprocess.Popen(
        [sys.executable, DOOMED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=DOOMED.parents[2]
    ) as parent:

        def run(desk: Setup, point: str) -> int:
            assert parent.stdin
            assert parent.stdout
            words = (desk.db.url, desk.workspace.base_url + "/api/", desk.workspace.app.bot_token, point)
            print(*words, sep="\t", file=parent.stdin, flush=True)
            return int(parent.stdout.readline())

        yield run


def two_workers_finish(desk: Setup) -> None:
    """Two deliveries at once bring everything to its end."""
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: desk.delivery().drain(5), range(2)))


@pytest.mark.parametrize("point", ["rendering", "before open", "after open", "before post", "after post"])
def test_a_killed_delivery_says_it_once(both: Setup, doom: Doom, point: str) -> None:
    """A delivery is killed before, during or after its call; the next two leave exactly one message."""
    lee = both.person("lee")
    with both.db.writing() as session:
        messages.say(session, "note", 1, lee, key="1")

    assert doom(both, point) == -signal.SIGKILL
    two_workers_finish(both)

    dm = both.workspace.direct_message(both.workspace.person("lee").id)
    assert [m.text for m in dm.lasting()] == ["note 1"]
    assert both.states() == ["sent"]


def test_a_delivery_killed_at_any_commit_says_it_once(both: Setup, doom: Doom) -> None:
    """Whichever transaction the kill takes away, the next two deliveries leave exactly one message more."""
    lee = both.person("lee")
    dm = both.workspace.direct_message(both.workspace.person("lee").id)
    for number in range(1, MOST_COMMITS + 1):
        with both.db.writing() as session:
            messages.say(session, "note", number, lee, key=str(number))
        killed = doom(both, f"commit {number}") == -signal.SIGKILL
        two_workers_finish(both)
        assert [m.text for m in dm.lasting()] == [f"note {n}" for n in range(1, number + 1)]
        if not killed:
            break
    assert not killed
    assert number > 3


@pytest.mark.parametrize("point", ["before post", "after post", "before open"])
def test_two_that_are_killed_at_once_say_each_once(both: Setup, doom: Doom, point: str) -> None:
    """Two workers die one after the other over the messages of two people: the next two leave one message for each."""
    people = {handle: both.person(handle) for handle in ("lee", "cora")}
    with both.db.writing() as session:
        for number, conversation in enumerate(people.values()):
            messages.say(session, "note", number, conversation, key=str(number))

    assert [doom(both, point) for _ in range(2)] == [-signal.SIGKILL] * 2
    two_workers_finish(both)

    for number, handle in enumerate(people):
        dm = both.workspace.direct_message(both.workspace.person(handle).id)
        assert [m.text for m in dm.lasting()] == [f"note {number}"]


@pytest.mark.parametrize("point", ["rendering", "before update", "after update"])
def test_a_killed_update_is_made_by_the_next(both: Setup, doom: Doom, point: str) -> None:
    """A card whose update was under way at the kill ends in its newest state, as one message."""
    with both.db.writing() as session:
        messages.open_card(session, "card", 1, both.channel)
    both.drain()
    both.words["card"] = "granted"
    with both.db.writing() as session:
        messages.refresh(session, "card", 1)

    assert doom(both, point) == -signal.SIGKILL
    two_workers_finish(both)

    assert both.said() == ["card 1 granted"]


def test_a_card_that_changed_after_the_kill_is_posted_once(both: Setup, doom: Doom) -> None:
    """Where a newer row waits for the same card, the killed one gives way, and the newest state is shown."""
    with both.db.writing() as session:
        messages.open_card(session, "card", 1, both.channel)
    assert doom(both, "rendering") == -signal.SIGKILL
    both.words["card"] = "granted"
    with both.db.writing() as session:
        messages.refresh(session, "card", 1)

    two_workers_finish(both)

    assert both.said() == ["card 1 granted"]
    assert both.states() == ["dropped", "sent"]
