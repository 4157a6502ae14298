"""What will happen, and when: one seed, one plan."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

LEASE = 4.0
"""Seconds that the soak's processes wait for an answer before a message counts as uncertain."""
OUTAGE = 30.0
"""Seconds that the database is away once, in the middle of a soak that is long enough for it."""
LATE, LAG = 1.2, 1.5
"""The longest that a late effect and a history stay behind; together well within a lease (docs/faults.md says why)."""

SENDING = ("ratelimited", "server_error", "server_error_after", "lost_answer", "late_effect", "cut", "slow")
ASKING = ("ratelimited", "server_error", "cut", "slow")
FAULTS: dict[str, tuple[str, ...]] = {
    "chat.postMessage": SENDING,
    "chat.update": SENDING,
    "conversations.open": (*ASKING, "lost_answer"),
    "conversations.history": (*ASKING, "lagging"),
    "conversations.replies": (*ASKING, "lagging"),
    "conversations.info": ASKING,
    "users.info": ASKING,
    "views.open": ASKING,
    "views.update": ASKING,
    "slash_commands": ("duplicate_envelope",),
    "interactive": ("duplicate_envelope",),
    "events_api": ("duplicate_envelope",),
}
OFTEN = ("chat.postMessage", "chat.postMessage", "chat.update", "conversations.history", "interactive")
LONGEST = {"ratelimited": 2.0, "late_effect": LATE, "lagging": LAG, "slow": 1.5}


@dataclass(frozen=True, slots=True)
class Step:
    """At a second of the soak, something happens. ``seed`` decides whatever is still open in it."""

    at: float
    what: str
    seed: int
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attack:
    """``questions`` that somebody asks meanwhile, and the seconds that each may wait for its answer.

    ``pause``: seconds between two throws of each attacker.
    """

    questions: int = 40
    longest: float = 1.0
    pause: float = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """Mean seconds between two of a kind; 0: never."""

    people: float = 0.35
    slack: float = 0.7
    kill: float = 5.0
    stop: float = 20.0
    database: float = 25.0
    clock: float = 4.0


def plan(seed: int, seconds: float, pace: Pace, people: Sequence[str], processes: Sequence[str]) -> list[Step]:
    """Every step in order of time. The last second is quiet."""
    rng = random.Random(seed)
    kinds: list[tuple[str, float, Callable[[random.Random], dict[str, object]]]] = [
        ("act", pace.people, lambda r: {"who": r.choice(people)}),
        ("fault", pace.slack, _fault),
        ("kill", pace.kill, lambda r: {"process": r.choice(processes)}),
        ("stop", pace.stop, lambda r: {"process": r.choice(processes)}),
        ("database", pace.database, lambda r: {"seconds": round(r.uniform(0.5, 2), 1)}),
        ("clock", pace.clock, lambda r: {"hours": -1 if r.random() < 0.15 else r.choice((4, 12, 24, 24, 48, 72))}),
    ]
    steps = [
        Step(at, what, rng.randrange(2**32), facts(rng))
        for what, gap, facts in kinds
        if gap
        for at in _times(rng, gap, seconds - 1)
    ]
    if seconds >= 3 * OUTAGE:
        steps.append(Step(seconds / 2, "database", 0, {"seconds": OUTAGE}))
    return sorted(steps, key=lambda step: step.at)


def _times(rng: random.Random, gap: float, until: float) -> Iterator[float]:
    at = rng.uniform(0, gap)
    while at < until:
        yield round(at, 2)
        at += rng.expovariate(1 / gap)


def _fault(rng: random.Random) -> dict[str, object]:
    method = rng.choice((*OFTEN, *FAULTS))
    kind = rng.choice(FAULTS[method])
    return {"method": method, "kind": kind, "seconds": round(rng.uniform(0.3, LONGEST.get(kind, 1.0)), 2)}
