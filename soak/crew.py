"""The bot's processes: started, killed, stopped, and started again as a platform does."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

READY = "Credbot is ready\n"
SPARED = 3.0
"""Seconds of work that every life has."""
PLATFORM_WAITS = 10.0
"""Seconds that a platform gives a process after SIGTERM."""


@dataclass
class Member:
    """One place in the crew; ``lives`` counts the processes that have held it."""

    name: str
    word: str
    environment: dict[str, str]
    lives: int = 0
    popen: subprocess.Popen[bytes] | None = None
    out: Path | None = None
    up_since: float | None = None
    """Monotonic, once it has said that it is ready."""
    busy: Lock = field(default_factory=Lock)


class Crew:
    """All processes of one soak; their output is kept in ``folder``, one file a life."""

    def __init__(
        self, folder: Path, words: Mapping[str, str], environments: Mapping[str, dict[str, str]], clock: Path
    ) -> None:
        self._folder, self._clock = folder, clock
        self.members = {name: Member(name, word, environments[name]) for name, word in words.items()}
        self.ends: Counter[str] = Counter()
        self.complaints: list[str] = []
        """What ended that should not have, or too late."""

    @property
    def names(self) -> Sequence[str]:
        return tuple(self.members)

    def start(self) -> None:
        for member in self.members.values():
            self._begin(member)

    def kill(self, name: str) -> None:
        """``kill -9``, and a new one in its place; one that has only just come up is spared."""
        member = self.members[name]
        with member.busy:
            if self._at_work(member) and member.popen is not None:
                member.popen.kill()
                member.popen.wait()
                self.ends["killed"] += 1
                self._begin(member)

    def stop(self, name: str) -> None:
        """SIGTERM, as before a deployment; it must end in time, with status 0. Spares as ``kill`` does."""
        member = self.members[name]
        with member.busy:
            if self._at_work(member):
                self._end(member)
                self.ends["stopped"] += 1
                self._begin(member)

    def end(self) -> None:
        """SIGTERM to all."""
        for member in self.members.values():
            with member.busy:
                self._end(member)

    def kill_all(self) -> None:
        for member in self.members.values():
            if member.popen is not None:
                member.popen.kill()
                member.popen.wait()

    def look_after(self) -> None:
        """Who ended by itself (its database was away at its start, say) is started again."""
        for member in self.members.values():
            if not member.busy.acquire(blocking=False):
                continue
            try:
                if member.up_since is None and self.ready(member.name):
                    member.up_since = time.monotonic()
                if member.popen is not None and member.popen.poll() is not None:
                    if member.popen.returncode != 1:
                        self.complaints.append(f"{member.name} ended with {member.popen.returncode}")
                    self.ends["gave up"] += 1
                    self._begin(member)
            finally:
                member.busy.release()

    def all_ready(self) -> bool:
        return all(self.ready(name) for name in self.members)

    def ready(self, name: str) -> bool:
        member = self.members[name]
        running = member.popen is not None and member.popen.poll() is None
        return running and member.out is not None and READY in member.out.read_text()

    def _at_work(self, member: Member) -> bool:
        return member.up_since is not None and time.monotonic() - member.up_since > SPARED

    def _begin(self, member: Member) -> None:
        member.lives += 1
        member.up_since = None
        member.out = self._folder / f"{member.name}.{member.lives}.out"
        log = self._folder / f"{member.name}.{member.lives}.log"
        with member.out.open("wb") as out, log.open("wb") as err:
            member.popen = subprocess.Popen(
                [sys.executable, "-m", "soak.process", member.word, str(self._clock)],
                cwd=Path(__file__).parents[1], env=member.environment, stdout=out, stderr=err,
            )  # fmt: skip

    def _end(self, member: Member) -> None:
        if member.popen is None or member.popen.poll() is not None:
            return
        was_ready, begun = self.ready(member.name), time.monotonic()
        member.popen.send_signal(signal.SIGTERM)
        try:
            status = member.popen.wait(PLATFORM_WAITS + 5)
        except subprocess.TimeoutExpired:
            member.popen.kill()
            status = member.popen.wait()
        seconds = time.monotonic() - begun
        if was_ready and (status != 0 or seconds > PLATFORM_WAITS):
            self.complaints.append(f"{member.name} ended with {status}, {seconds:.1f} s after SIGTERM")


def log_text(folder: Path) -> str:
    """Everything that the processes of the soak in ``folder`` wrote, of all their lives."""
    return "\n".join(path.read_text(errors="replace") for path in sorted(folder.rglob("*.log")))
