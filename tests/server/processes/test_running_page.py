"""docs/running.md holds to the letter: from an empty machine to a bot that is ready, by the commands on the page."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from slack_sandbox.workspace import Workspace
from tests.server.processes.conftest import PEOPLE, Place, opened
from tests.support.pages import ROOT, Block, blocks, commands

PAGE = "running.md"
IN_A_WHEEL = ("bot", "slack_sandbox", "messages", "policies", "pyproject.toml", "manifest.json", "README.md", "LICENSE")
BEFORE_SETTINGS = ("credbot --version", "credbot manifest", "credbot doctor --new-key")


def block(name: str) -> Block:
    """The block of the page that is the file of that name."""
    return next(one for one in blocks(PAGE) if Path(one.file).name == name)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    """An empty folder, nothing in the environment, and a workspace where nobody has invited the bot yet."""
    with opened(tmp_path) as place:
        for kept in set(place.environment) - {"PATH", "HOME"}:
            del place.environment[kept]
        yield place


def env_of(place: Place, key: str) -> str:
    """The page's ``.env`` with what this workspace has in place of the examples, and where its Slack is."""
    app, conversations = place.workspace.app, place.workspace.conversations
    here = {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "CREDBOT_SECRET_KEY": key,
        "CREDBOT_ADMINS": place.id("cora"),
        "CREDBOT_APPROVALS_CHANNEL": conversations.named("privilege-requests").id,
        "CREDBOT_TEAM_CHANNEL": conversations.named("coordinators").id,
    }
    written = dict(line.split("=", 1) for line in block(".env").text.splitlines())
    assert here.keys() < written.keys()
    return "\n".join(
        f"{name}={value}" for name, value in (written | here | {"SLACK_API_URL": place.server.api_url}).items()
    )


def make_channels(workspace: Workspace) -> None:
    for name in ("privilege-requests", "coordinators"):
        workspace.add_channel(name, private=True, members=["cora", "dana"])


def test_from_an_empty_folder_to_a_bot_that_is_ready(empty: Place) -> None:
    """Every command of the page in its order: manifest, key, check, people, and the bot that answers."""
    place, typed = empty, [line for line in commands(PAGE) if line.startswith("credbot ")]
    assert tuple(typed[:3]) == BEFORE_SETTINGS
    version, manifest, key = (place.done(words.removeprefix("credbot ")) for words in typed[:3])
    assert version.startswith("credbot ")
    assert '"socket_mode_enabled": true' in manifest
    make_channels(place.workspace)
    (place.folder / ".env").write_text(env_of(place, key.strip()), "utf-8")
    (place.folder / ".env").chmod(0o600)

    assert place.credbot("doctor").out.count("invite the bot") == 2
    for name in ("privilege-requests", "coordinators"):
        place.workspace.invite(name, "credbot")
    assert place.done(typed[3].removeprefix("credbot ")).endswith("Everything is in order.\n")

    (place.folder / "roster.csv").write_text(block("roster.csv").text, "utf-8")
    assert typed[4] == "credbot run"
    with place.serving("run"):
        for words in typed[5:]:
            place.done(words.removeprefix("credbot ").replace("U0123ABCD", place.id("cora")))
        place.cora.types("/cred status @lee")
        place.cora.sees("State license")


def test_the_command_is_there_after_the_setup() -> None:
    """What `make setup` leaves in `.venv/bin` beside `activate` is `credbot`, in a process of its own."""
    assert "make setup" in commands(PAGE)
    command = Path(sys.executable).with_name("credbot")
    told = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("credbot ")


def test_the_wheel_is_all_that_a_server_needs(tmp_path: Path) -> None:
    """Built as the page says, and installed elsewhere, it has its rules, words and manifest without the checkout."""
    (build,) = (line for line in commands(PAGE) if "hatchling" in line)
    checkout, installed, elsewhere = (tmp_path / name for name in ("checkout", "installed", "elsewhere"))
    elsewhere.mkdir()
    for name in IN_A_WHEEL:
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        checkout.mkdir(exist_ok=True)
        copied(ROOT / name, checkout / name)
    subprocess.run([sys.executable, *build.split()[1:]], cwd=checkout, check=True, capture_output=True)
    (wheel,) = checkout.glob("dist/credbot-*.whl")
    install = ["uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-index", "--target", installed, wheel]
    subprocess.run([sys.executable, "-m", *install], check=True)

    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)}
    program = "import bot, bot.policies, bot.settings as s; print(bot.__file__, len(bot.policies.load().credentials))"
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}; print(s.shipped('messages'))"],
        cwd=elsewhere, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert all(str(installed) in line for line in ran.stdout.splitlines())


def test_the_service_runs_what_the_page_runs() -> None:
    """The unit starts the installed command in the folder that the page names, and waits longer than an end takes."""
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(block("credbot.service").text)
    service = unit["Service"]
    text = (ROOT / "docs" / PAGE).read_text("utf-8")
    installed = next(line.split()[-1] for line in commands(PAGE) if " -m venv /" in line)
    assert service["ExecStart"] == f"{installed}/bin/credbot run"
    assert f"in one folder, such as `{service['WorkingDirectory']}`" in text
    assert int(service["TimeoutStopSec"]) > 10
    assert service["UMask"] == "0077"


def test_everybody_in_the_examples_is_invented() -> None:
    """The roster of the page is about the people of the sandbox."""
    assert all(line.split(",")[0] in PEOPLE.values() for line in block("roster.csv").text.splitlines()[1:])
