"""The command line as somebody runs it, in an empty folder and an empty environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.conftest import KEY, Template

Credbot = Callable[..., "Ran"]


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture
def credbot(
    tmp_path: Path,
    migrated_file: Template,
    shipped_once: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Credbot:
    """``credbot("role list")`` with nothing set but what the test sets."""
    for name in [*os.environ]:
        if name.startswith(("SLACK_", "CREDBOT_")) or name in {"DATABASE_URL", "PORT"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    migrated_file.copied_to(tmp_path / "credbot.db")

    def run(words: str, **environment: str) -> Ran:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main(words.split())
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, credbot: Credbot) -> None:
    """The zone and the key that most commands need."""
    monkeypatch.setenv("CREDBOT_TIMEZONE", "America/New_York")
    monkeypatch.setenv("CREDBOT_SECRET_KEY", KEY)
