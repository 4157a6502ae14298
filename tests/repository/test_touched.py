"""`make check` runs the tests of the areas that a change touches."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.touched import ROOT, asked_for, changed_files


@pytest.mark.parametrize(
    ("changed", "run"),
    [
        ("bot/rules/privileges/votes.py", ["tests/rules/privileges", "tests/stories/privileges"]),
        ("bot/handlers/reports.py", ["tests/stories/reports"]),
        ("bot/jobs/weekly_digest.py", ["tests/jobs/test_weekly_digest.py"]),
        ("bot/cards/block_kit/limits.py", ["tests/cards/block_kit"]),
        ("bot/app.py", ["tests/wiring"]),
        ("bot/log/redaction.py", ["tests/wiring/test_log.py"]),
        ("slack_sandbox/page/static/page.js", ["tests/slack_sandbox/page"]),
        ("messages/reports.j2", ["tests/cards"]),
        ("policies/credentials/dea.yaml", ["tests/policies"]),
        ("docs/running.md", ["tests/repository/test_docs.py"]),
        ("tests/jobs/test_preview.py", ["tests/jobs/test_preview.py"]),
        ("tests/handlers/permits/expected.py", ["tests/handlers/permits"]),
        ("tests/conftest.py", []),
        ("Procfile", []),
    ],
)
def test_a_change_asks_for_the_tests_of_its_area(changed: str, run: list[str]) -> None:
    """Modules ask for their area in their layer and in the stories, tests for themselves."""
    assert asked_for([changed]) == run


def test_the_sandbox_asks_for_no_browser() -> None:
    """But for its page, its tests need none."""
    asked = asked_for(["slack_sandbox/api/web_api.py"])
    assert "tests/slack_sandbox/test_web_api_answers.py" in asked
    assert all(one.startswith("tests/slack_sandbox/test_") for one in asked)


def test_a_folder_is_not_run_twice() -> None:
    """A test inside a folder that is run anyway is not named beside it."""
    changed = ["bot/store/people/accounts.py", "tests/store/people/test_accounts.py", "tests/store/people/gone.py"]
    assert asked_for(changed) == ["tests/store/people", "tests/stories/people"]


def test_every_layer_with_areas_has_its_tests_there() -> None:
    """The rule has something to find: in most layers an area's tests stand under its name."""
    layers = [layer for layer in ("rules", "store", "changes", "cards") if asked_for([f"bot/{layer}/people/x.py"])]
    assert layers == ["rules", "store", "changes", "cards"]


def test_changed_is_what_main_has_not(tmp_path: Path) -> None:
    """Committed on the branch, edited since, and not yet known to git; what only main has is not changed."""

    def git(*words: str) -> None:
        identity = ["-c", "user.name=Cora", "-c", "user.email=cora@clinic.test", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, "utf-8")

    git("init", "--initial-branch=main")
    for name in ("kept", "edited", "committed"):
        write(name, "as it was")
    git("add", ".")
    git("commit", "-m", "The first")
    git("switch", "--create", "branch")
    write("committed", "changed")
    git("commit", "--all", "-m", "The second")
    git("switch", "main")
    write("kept", "changed on main")
    git("commit", "--all", "-m", "The third")
    git("switch", "branch")
    write("edited", "changed")
    write("new", "untracked")
    assert sorted(changed_files(tmp_path)) == ["committed", "edited", "new"]


def test_make_check_says_what_it_is() -> None:
    """The Makefile has it, and CONTRIBUTING.md says when to use it."""
    assert "python -m tests.support.touched" in (ROOT / "Makefile").read_text("utf-8")
    assert "`make check`" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
