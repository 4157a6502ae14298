"""The bot as others run it: processes in a fresh folder, environment variables, a Slack-compatible server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from slack_sandbox.person.actor import Actor
from slack_sandbox.person.client import Client
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace
from tests.conftest import KEY, Template
from tests.stories.rosters import write

ZONE = "America/New_York"
PEOPLE = {"cora": "Cora Diaz", "lee": "Lee Chen", "maya": "Maya Okafor", "dana": "Dana Whitfield", "noah": "Noah Berg"}
PATIENCE = 45.0


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


class Loaded:
    """The parent of every ``credbot`` here (``loaded.py``); it ends with this process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.server.processes.loaded"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
        )  # fmt: skip

    def ask(self, **asked: Any) -> int | None:
        with self._turn:
            assert self._parent.stdin
            assert self._parent.stdout
            print(json.dumps(asked), file=self._parent.stdin, flush=True)
            answered: int | None = json.loads(self._parent.stdout.readline())
            return answered


loaded = cache(Loaded)


@dataclass
class Process:
    """One running ``credbot``; ``out`` and ``err`` are files, so that what is not flushed is not seen."""

    pid: int
    out: Path
    err: Path
    status: int | None = None
    """Its exit status, once it was seen to have ended."""

    def ended(self) -> bool:
        if self.status is None:
            self.status = loaded().ask(ended=self.pid)
        return self.status is not None

    def signalled(self, number: signal.Signals) -> None:
        if not self.ended():
            os.kill(self.pid, number)

    def ready(self) -> None:
        """Waits for the one line that says that it can serve."""
        until(lambda: "Credbot is ready\n" in self.out.read_text() or self.ended())
        assert self.out.read_text() == "Credbot is ready\n", self.err.read_text()

    def killed(self) -> None:
        """``kill -9``."""
        self.signalled(signal.SIGKILL)
        until(self.ended)

    def stopped(self) -> float:
        """SIGTERM; the seconds until it ended, with status 0."""
        begun = time.monotonic()
        self.signalled(signal.SIGTERM)
        until(self.ended)
        assert self.status == 0, self.err.read_text()
        return time.monotonic() - begun


@dataclass
class Place:
    """A workspace, and a folder with an environment in which ``credbot`` is run."""

    workspace: Workspace
    slack: Client
    server: Server
    folder: Path
    environment: dict[str, str]
    running: list[Process] = field(default_factory=list)

    def __getattr__(self, handle: str) -> Actor:
        if handle not in PEOPLE:
            raise AttributeError(handle)
        return self.slack.as_(handle)

    def id(self, handle: str) -> str:
        return self.workspace.person(handle).id

    def credbot(self, words: str, **environment: str) -> Ran:
        """Runs one command to its end."""
        process = self.begins(words, **environment)
        until(process.ended, 60)
        assert process.status is not None
        ran = Ran(process.status, process.out.read_text(), process.err.read_text())
        assert "Traceback" not in ran.err, ran.err
        return ran

    def done(self, words: str, **environment: str) -> str:
        """Runs one command that must succeed; what it printed."""
        ran = self.credbot(words, **environment)
        assert ran.status == 0, ran
        return ran.out

    def begins(self, words: str, **environment: str) -> Process:
        """Starts a command."""
        number = len(self.running)
        out, err = self.folder / f"{number}.out", self.folder / f"{number}.err"
        out.touch()
        err.touch()
        given = {"folder": str(self.folder), "environment": self.environment | environment}
        pid = loaded().ask(begin={"words": words.split(), **given, "out": str(out), "err": str(err)})
        assert pid
        self.running.append(Process(pid, out, err))
        return self.running[-1]

    @contextmanager
    def serving(self, words: str, **environment: str) -> Iterator[Process]:
        """A command that serves while the block runs, and ends well after it."""
        process = self.begins(words, **environment)
        process.ready()
        yield process
        if not process.ended():
            assert process.stopped() < 10

    def roster(self, *rows: Mapping[str, str]) -> str:
        """The name of a roster file with these rows."""
        return write(self.folder / "roster.csv", rows).name

    def returns(self) -> None:
        """The stopped server comes back at its old address."""
        self.server = Server(self.workspace, port=self.server.port)
        self.server.start()

    def posted(self, text: str) -> list[str]:
        """Where the app's lasting messages with this text stand."""
        conversations = list(self.workspace.conversations)
        return [c.id for c in conversations for m in c.lasting() if m.bot_id and text in m.text]


@pytest.fixture
def place(tmp_path: Path, migrated_file: Template) -> Iterator[Place]:
    migrated_file.copied_to(tmp_path / "credbot.db")
    with opened(tmp_path) as here:
        yield here


@contextmanager
def opened(folder: Path) -> Iterator[Place]:
    """Everything set for Socket Mode on SQLite, with what Bolt itself would read besides."""
    workspace = Workspace()
    for handle, name in PEOPLE.items():
        workspace.add_person(handle, name, f"{handle}@riverbend.example", ZONE)
    approvals = workspace.add_channel("requests", members=["credbot", "cora", "dana"])
    team = workspace.add_channel("team", members=["credbot", "cora"])
    server = Server(workspace)
    server.start()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SLACK_BOT_TOKEN": workspace.app.bot_token,
        "SLACK_APP_TOKEN": workspace.app.app_token,
        "SLACK_API_URL": server.api_url,
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "bolt-would-read-it",
        "CREDBOT_APPROVALS_CHANNEL": approvals,
        "CREDBOT_TEAM_CHANNEL": team,
        "CREDBOT_TIMEZONE": ZONE,
        "CREDBOT_SECRET_KEY": KEY,
        "CREDBOT_SEND_LEASE": "2",
    }
    here = Place(workspace, Client(workspace), server, folder, environment)
    try:
        yield here
    finally:
        for process in here.running:
            process.killed()
        here.server.stop()
    workspace.strict.raise_on_violations()


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Polls until it is true; AssertionError after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def license_of(name: str, slack_user: str, expires_on: str, number: str = "123456") -> dict[str, str]:
    """A roster row: a psychiatrist's license in New York, verified."""
    return {
        "name": name, "slack_user": slack_user, "provider_type": "psychiatrist", "credential": "license", "state": "NY",
        "number": number, "issued_on": "", "expires_on": expires_on,
        "verified_on": "2026-11-20", "source": "State licensing board",
    }  # fmt: skip
