"""``/cred help`` answers everybody, whatever became of its wording."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.handlers.command import SUBCOMMANDS
from bot.settings import shipped
from tests.stories.conftest import Clinic


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """A help that was written before there was ``queue``."""
    help_ = (shipped("messages") / "workspace.j2").read_text("utf-8")
    folder = tmp_path / "messages"
    folder.mkdir()
    (folder / "workspace.j2").write_text(help_.replace("macro command_queue", "macro command_tasks"), "utf-8")
    return folder


def test_a_word_without_a_line_is_listed_alone(clinic: Clinic) -> None:
    """The word itself stands where its line is missing, and everything else as it was."""
    clinic.lee.types("/cred help")
    said = clinic.lee.sees("What you can ask me")
    assert "\n/cred queue\n" in said
    assert all(f"/cred {word}" in said for word in SUBCOMMANDS)


def test_the_closest_word_needs_no_line_either(clinic: Clinic) -> None:
    """A slip of the keyboard is answered with the closest word, though its line is missing."""
    clinic.lee.types("/cred queeu")
    clinic.lee.sees("/cred queue")
