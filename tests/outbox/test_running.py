"""Delivery beside the rest of the bot: woken, stopped, and shared among processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.outbox.delivery import Delivery
from bot.store.engine import Database
from bot.store.outbox import messages

if TYPE_CHECKING:
    from conftest import Setup


@contextmanager
def running(delivery: Delivery) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=delivery.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        delivery.wake()
        thread.join(timeout=30)
    assert not thread.is_alive()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "It did not become true in time."
        time.sleep(0.01)


def test_a_running_delivery_sends_what_is_said_elsewhere(both: Setup) -> None:
    """What another process said is found by polling, and stop ends the loop."""
    with running(both.delivery()):
        with both.db.writing() as session:
            messages.say(session, "note", 1, both.channel, key="1")
        wait_until(lambda: both.states() == ["sent"])

    assert both.said() == ["note 1"]


def test_a_call_that_hangs_holds_up_nobody_else(desk: Setup) -> None:
    """While one call waits for its answer, other conversations get their messages."""
    lee = desk.person("lee")
    desk.workspace.faults.add("chat.postMessage", "slow", match={"channel": desk.channel}, seconds=1.5)
    with running(desk.delivery(lease=10)):
        with desk.db.writing() as session:
            messages.say(session, "note", 1, desk.channel, key="1")
            messages.say(session, "note", 2, lee, key="2")
        wait_until(lambda: desk.states()[1] == "sent")
        assert desk.states()[0] == "sending"
        wait_until(lambda: desk.states() == ["sent", "sent"])


def test_a_drain_waits_for_what_another_delivery_is_sending(desk: Setup) -> None:
    """A drain beside a running delivery returns when everything has gone, whoever sent it."""
    desk.workspace.faults.add("chat.postMessage", "slow", seconds=0.7)
    with running(desk.delivery(lease=10)):
        with desk.db.writing() as session:
            messages.say(session, "note", 1, desk.channel, key="1")
        wait_until(lambda: desk.states() == ["sending"])
        desk.drain(max_wait=30)
        assert desk.states() == ["sent"]


def test_a_change_that_commits_late_is_shown_in_the_end(
    make: Callable[[Database], Setup], postgres_db: Database
) -> None:
    """A change that was under way while an older state was rendered gets its update, though no row waited for it."""
    desk = make(postgres_db)
    with desk.db.writing() as session:
        messages.open_card(session, "card", 1, desk.channel)
    with desk.db.writing() as changing:
        messages.refresh(changing, "card", 1)
        messages.flush(changing)
        first = threading.Thread(target=desk.delivery(lease=10).deliver_once)
        first.start()
        wait_until(lambda: desk.rendered == ["open"])
        desk.words["card"] = "granted"
    first.join(timeout=30)

    desk.drain()

    assert desk.said() == ["card 1 granted"]
