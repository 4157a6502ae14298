"""The apps that are compared, each in a process of its own: ``credbot run``, and bare Bolt."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from benchmarks.harness.places import KEY, ZONE
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

Way = Literal["HTTP", "Socket Mode"]
WAYS: tuple[Way, ...] = ("HTTP", "Socket Mode")
READY = "Credbot is ready\n"


@contextmanager
def credbot(slack: Server, way: Way, folder: Path, **more: str) -> Iterator[int]:
    """``credbot run`` with the database in ``folder``; its process id. ``more``: environment."""
    with _running(
        ["-m", "benchmarks.harness.tireless", "run"], environment(slack, way, folder, **more), folder
    ) as process_id:
        yield process_id


@contextmanager
def hurried_credbot(slack: Server, way: Way, folder: Path) -> Iterator[int]:
    """The same at another pace; see ``hurried``."""
    with _running(["-m", "benchmarks.harness.hurried", "run"], environment(slack, way, folder), folder) as process_id:
        yield process_id


@contextmanager
def bare_bolt(slack: Server, way: Way, **more: str) -> Iterator[int]:
    """``more``: environment; with DATABASE_URL it reads from there what our answer reads."""
    with _running(
        ["-m", "benchmarks.harness.bare_bolt"], environment(slack, way, Path.cwd(), **more), Path.cwd()
    ) as process_id:
        yield process_id


def environment(slack: Server, way: Way, folder: Path, **more: str) -> Mapping[str, str]:
    """What an app needs to work in this workspace, in one of the two ways."""
    app = slack.workspace.app
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_API_URL": slack.api_url,
        "CREDBOT_TIMEZONE": ZONE,
        "CREDBOT_SECRET_KEY": KEY,
        **(_reached_by_http(slack.workspace) if way == "HTTP" else {"SLACK_APP_TOKEN": app.app_token}),
        **more,
    }


def _reached_by_http(workspace: Workspace) -> Mapping[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    workspace.request_url = f"http://127.0.0.1:{port}/slack/events"
    return {"PORT": str(port), "SLACK_SIGNING_SECRET": workspace.app.signing_secret}


@contextmanager
def _running(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said == READY, said
            yield process.pid
        finally:
            process.kill()
