"""The how-tos hold to the letter: what they say is done to a copy of the checkout, and what they promise is so."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.pages import REWORDED, ROOT, blocks

PAGES = ("how-to/command.md", "how-to/message.md", "how-to/job.md")
"""In this order: the job says the message."""
COPIED = ("bot", "slack_sandbox", "messages", "policies", "tests", "docs", "benchmarks", "soak", "pictures")
ALONE = ("pyproject.toml", "manifest.json", ".env.example", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE")
RUFF = Path(sys.executable).with_name("ruff")
OF_THE_CHECKOUT = (
    "tests/handlers/permits/test_who_may_what.py::test_nobody_is_left_out_of_the_matrix",
    "tests/handlers/permits/test_who_may_what.py::test_whatever_starts_something_says_who_may",
    "tests/repository/test_docs.py",
    "tests/cards/test_pieces.py",
    "tests/stories/workspace/test_help.py",
)
"""What `make test` would hold against somebody who left a step out."""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout in which somebody did what the three pages say."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("pictures/*.png"))
    for name in ALONE:
        shutil.copy(ROOT / name, copy)
    for page in PAGES:
        for block in blocks(page):
            if block.where != REWORDED:
                block.written(copy)
    return copy


@pytest.fixture(scope="module")
def ran(followed: Path) -> dict[str, str]:
    """How each test ended, of those that the pages bring and those that would miss a step."""
    brought = {block.file for page in PAGES for block in blocks(page) if Path(block.file).name.startswith("test_")}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-rA", "-q",
         *sorted(brought), *OF_THE_CHECKOUT],
        cwd=followed, env=os.environ | {"PYTHONPATH": str(followed)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode in (0, 1), ended.stdout + ended.stderr
    return {name: how for how, name in re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED) (\S+)", ended.stdout, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_promises_is_so(page: str, ran: dict[str, str]) -> None:
    """Each test that the page brings passes after what it says was done."""
    files = {block.file for block in blocks(page) if Path(block.file).name.startswith("test_")}
    assert files
    for file in files:
        of_it = {name: how for name, how in ran.items() if name.startswith(file)}
        assert set(of_it.values()) == {"PASSED"}, of_it


def test_no_step_is_missing(ran: dict[str, str]) -> None:
    """Help still answers everybody, every message and command has its row, and who may is stated."""
    for file in OF_THE_CHECKOUT:
        of_it = {name: how for name, how in ran.items() if name.startswith(file)}
        assert set(of_it.values()) == {"PASSED"}, of_it


def test_what_is_written_keeps_to_the_layers_and_the_style(followed: Path) -> None:
    """ruff finds nothing in it but the order of imports and blank lines, which `make format` mends."""
    for words in (["check", "--fix", "--quiet"], ["format", "--quiet"], ["check", "--quiet"]):
        linted = subprocess.run([RUFF, *words], cwd=followed, capture_output=True, text=True, check=False)
        assert linted.returncode == 0, linted.stdout
