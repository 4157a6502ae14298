"""What people with bad intentions throw at the bot, and how long somebody else waits for an answer meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count, cycle

from slack_sandbox.person.actor import Actor
from soak.plan import Attack

MEGABYTE = b"a" * 1_000_000
WORDS = ("leave", "away", "eligible", "end", "add", "assign", "expiring", "status @lee on", "nonsense")
PATIENCE = 10.0
"""Seconds after which a question counts as not answered."""


def under_attack(flooder: Actor, asking: Actor, ports: Sequence[int], attack: Attack) -> list[float]:
    """Seconds from each question to its answer, while unsigned megabytes, long words and a flood come in."""
    over = threading.Event()
    attackers: list[Callable[[], object]] = [lambda: _long_words(flooder), lambda: _flood(flooder)]
    attackers += [lambda port=port: _unsigned(port) for port in ports]  # type: ignore[misc]
    with ThreadPoolExecutor(len(attackers)) as threads:
        for begin in attackers:
            threads.submit(_until, over, begin, attack.pause)
        try:
            return [_answered(asking) for _ in range(attack.questions)]
        finally:
            over.set()


def waited_too_long(seconds: Sequence[float], longest: float) -> Iterator[str]:
    slow = [one for one in seconds if one > longest]
    if slow:
        yield f"{len(slow)} of {len(seconds)} questions waited over {longest:g} s in an attack, up to {max(slow):.1f} s"


def _until(over: threading.Event, throw: Callable[[], object], pause: float) -> None:
    while not over.wait(pause):
        with suppress(AssertionError, OSError, http.client.HTTPException):  # a refusal is what they should get
            throw()


def _answered(asking: Actor) -> float:
    before, begun = len(asking.messages()), time.monotonic()
    asking.types("/cred status", may_fail=True)
    while len(asking.messages()) == before:
        if time.monotonic() - begun > PATIENCE:
            break
        time.sleep(0.005)
    return time.monotonic() - begun


_said, _words = count(), cycle(WORDS)


def _long_words(flooder: Actor) -> None:
    word = next(_words)
    flooder.types(f"/cred {word} {'a ' * ((1_890 - len(word)) // 2)}", may_fail=True)


def _flood(flooder: Actor) -> None:
    flooder.types(f"hello {next(_said)}", may_fail=True)


def _unsigned(port: int) -> None:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        door.request("POST", "/slack/events", MEGABYTE)
        door.getresponse().read()
    finally:
        door.close()
