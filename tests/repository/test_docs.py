"""The documentation knows everything that can be typed, set, sent or run."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli import main
from bot.handlers.command import SUBCOMMANDS
from bot.jobs import schedule
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
MESSAGES = (ROOT / "docs" / "how-to" / "message.md").read_text("utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text("utf-8")
HELD = re.split(r"^\* ", SECURITY.split("## What it says where")[1].split("## What is left")[0], flags=re.MULTILINE)[1:]
TESTS = re.compile(r"(tests/[a-z_/]+\.py)(::(test_\w+))?")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def commands(group: typer.Typer = main.app, prefix: str = "credbot") -> Iterator[str]:
    """Every command by its words, from the command line itself."""
    for command in group.registered_commands:
        callback = command.callback
        assert callback is not None
        yield f"{prefix} {command.name or callback.__name__}"
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        yield from commands(sub.typer_instance, f"{prefix} {sub.name}")


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_in_running(command):
    """Each command of ``credbot`` has its row in docs/running.md."""
    assert f"| `{command}` |" in RUNNING


@pytest.mark.parametrize("word", [*SUBCOMMANDS, "help"])
def test_every_subcommand_is_in_running(word):
    """Each word after ``/cred`` has its row in docs/running.md."""
    assert re.search(rf"^\| `/cred {word}\b", RUNNING, re.MULTILINE)


@pytest.mark.parametrize("name", [field.upper() for field in Settings.model_fields])
def test_every_setting_is_in_running_and_in_the_example(name):
    """Each setting has its row in docs/running.md and its line in .env.example."""
    assert f"| `{name}` |" in RUNNING
    assert f"\n{name}=" in (ROOT / ".env.example").read_text("utf-8")


@pytest.mark.parametrize("job", re.findall(r'_every\([^,]+, "(\w+)"', inspect.getsource(schedule)))
def test_every_job_is_in_architecture(job):
    """Each job of the schedule has its row in docs/architecture.md."""
    assert f"| `{job}` |" in ARCHITECTURE


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "messages").glob("*.j2")))
def test_every_message_file_is_in_its_how_to(file):
    """Each file of messages/ has its row in docs/how-to/message.md."""
    assert f"| `{file}` |" in MESSAGES


@pytest.mark.parametrize("said", HELD, ids=lambda said: " ".join(said.split()[:6]))
def test_each_statement_on_security_names_the_tests_that_hold_it(said):
    """Behind every statement of what holds stand tests that exist."""
    named = TESTS.findall(said)
    assert named, said
    for file, _, test in named:
        assert (ROOT / file).is_file(), file
        assert not test or f"def {test}(" in (ROOT / file).read_text("utf-8"), test


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Every link from one page to another file of the repository leads to it."""
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
