"""Planned misfortune: what goes wrong, how often, on which calls."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

Kind = Literal[
    "ratelimited",
    "refused",
    "server_error",
    "server_error_after",
    "lost_answer",
    "late_effect",
    "cut",
    "slow",
    "lagging",
    "duplicate_envelope",
    "archive_channel",
    "remove_bot",
]


@dataclass
class Fault:
    """One fault that strikes `times` times; `seconds` is Retry-After or the delay.

    `server_error` answers 503 and does nothing, `server_error_after` answers so although it is done. `late_effect`
    never answers, and does it `seconds` after the caller gave up. `lagging` lists a history as it was `seconds` ago.
    `refused` answers `word` and does nothing. For `duplicate_envelope` the method is the envelope's kind, such as
    "interactive".
    """

    method: str
    kind: Kind
    times: int = 1
    seconds: float = 1.0
    match: dict[str, Any] = field(default_factory=dict)
    word: str = "fatal_error"

    def strikes(self, method: str, args: dict[str, Any]) -> bool:
        """Whether it is this call's turn."""
        return (
            self.times > 0
            and self.method in (method, "*")
            and all(args.get(key) == value for key, value in self.match.items())
        )


class Faults:
    """The plan; each call takes the faults that strike it, in the order they were added."""

    def __init__(self) -> None:
        self._plan: list[Fault] = []
        self._lock = Lock()

    def add(
        self,
        method: str,
        kind: Kind,
        times: int = 1,
        match: dict[str, Any] | None = None,
        *,
        seconds: float = 1.0,
        word: str = "fatal_error",
    ) -> None:
        """Plan a fault for the next `times` calls of `method` whose arguments contain `match`."""
        with self._lock:
            self._plan.append(Fault(method, kind, times, seconds, match or {}, word))

    def take(self, method: str, args: dict[str, Any]) -> Fault | None:
        """The fault that strikes this call, used up by it."""
        with self._lock:
            for fault in self._plan:
                if fault.strikes(method, args):
                    fault.times -= 1
                    return fault
        return None

    def waiting(self) -> list[Fault]:
        """What was planned and has not happened yet."""
        with self._lock:
            return [fault for fault in self._plan if fault.times > 0]
