"""What a payload got wrong is recorded here, so that a test run can fail on it."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from slack_sandbox.block_kit.checks import check
from slack_sandbox.block_kit.limits import Surface
from slack_sandbox.markup import distinctive, holds_raw, rendered_texts


@dataclass(frozen=True)
class Violation:
    """One rule broken: `where` is the Web API method, ack or response URL."""

    where: str
    problem: str


class Strictness:
    """Checks every payload the app sends, and remembers what people typed."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self._typed: set[str] = set()
        self._lock = Lock()

    def remember_typed(self, text: str) -> None:
        """Keep the pieces of typed text that must come back escaped, if they come back at all."""
        with self._lock:
            self._typed |= distinctive(text)

    def record(self, where: str, problem: str) -> None:
        """Note a broken rule."""
        with self._lock:
            self.violations.append(Violation(where, problem))

    def problems(self, where: str, payload: dict[str, Any], surface: Surface) -> list[str]:
        """Record and return why Slack would refuse this payload; empty = it is taken."""
        found = check(payload, surface)
        for one in [*found, *self._unescaped(payload)]:
            self.record(where, one)
        return found

    def _unescaped(self, payload: dict[str, Any]) -> list[str]:
        with self._lock:
            typed = set(self._typed)
        texts = [text for _, text in rendered_texts(payload)]
        raw = [piece for piece in typed if any(holds_raw(text, piece) for text in texts)]
        return [f"typed markup came back unescaped: {piece!r}" for piece in sorted(raw)]

    def raise_on_violations(self) -> None:
        """Fail, naming every broken rule; for the end of a test or a tour."""
        if self.violations:
            lines = "\n".join(f"{v.where}: {v.problem}" for v in self.violations)
            raise AssertionError(f"Slack's rules were broken:\n{lines}")
