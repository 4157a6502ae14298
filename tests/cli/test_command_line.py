"""Words that do not parse, settings that are missing, databases that cannot be used."""

from __future__ import annotations

import socket
import subprocess
import sys
import uuid
from importlib.metadata import version
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

HEAVY = ("slack_bolt", "sqlalchemy", "pydantic", "starlette")


def test_an_unknown_word_is_status_two(credbot):
    """What is no command ends with status 2 and names it."""
    ran = credbot("frobnicate")
    assert ran.status == 2
    assert "frobnicate" in ran.err


@pytest.mark.parametrize("later", ["export roster x.csv", "policies diff"])
def test_commands_of_later_issues_are_unknown_words(credbot, later):
    """A command that nothing implements yet is an unknown word, not a promise."""
    assert credbot(later).status == 2


def test_help_imports_nothing_heavy():
    """``credbot --help`` answers without loading Slack's or the database's libraries."""
    look = f"import sys; from bot.cli.main import app; print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_all_that_is_missing_is_named_at_once(credbot):
    """``run`` without settings names each one and where to find it, and ends with status 1."""
    ran = credbot("run")
    assert ran.status == 1
    for name in ("SLACK_BOT_TOKEN", "CREDBOT_TIMEZONE", "CREDBOT_SECRET_KEY", "SLACK_APP_TOKEN"):
        assert f"  {name}: " in ran.err
    assert "\n  or SLACK_SIGNING_SECRET: " in ran.err
    assert "Traceback" not in ran.err


def test_a_token_of_the_wrong_kind_is_said(credbot):
    """An app token in the bot token's place is named, with what a bot token looks like."""
    ran = credbot("run", SLACK_BOT_TOKEN="xapp-1-A1-1-abc")
    assert ran.status == 1
    assert "it is not a bot token (those start with xoxb-)" in ran.err


@pytest.mark.usefixtures("secrets")
def test_a_slack_that_is_not_there_is_not_the_tokens_fault(credbot):
    """Where nobody listens, the network and the address are named, not the token."""
    ran = credbot("nudges run", SLACK_BOT_TOKEN="xoxb-1", SLACK_API_URL="http://127.0.0.1:9/api")
    assert ran.status == 1
    assert "Check the network and SLACK_API_URL" in ran.err
    assert "SLACK_BOT_TOKEN" not in ran.err


def test_a_dotenv_file_is_read(credbot, tmp_path: Path):
    """Settings come from .env in the folder where the command runs."""
    (tmp_path / ".env").write_text("CREDBOT_TIMEZONE=Mars/Olympus\n")
    assert "'Mars/Olympus' is no time zone" in credbot("run").err


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize("command", ["web", "worker"])
def test_many_processes_need_postgresql(credbot, command):
    """``web`` and ``worker`` refuse SQLite and say what to do."""
    ran = credbot(command, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
    assert ran.status == 1
    assert "credbot run" in ran.err


def test_migrate_twice_is_as_good_as_once(credbot):
    """Migrating a database that is up to date says so again."""
    first, second = credbot("migrate"), credbot("migrate")
    assert (first.status, second.status) == (0, 0)
    assert first.out == second.out


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://127.0.0.1:1/credbot"])
def test_a_database_that_does_not_answer_is_said(credbot, url):
    """A database that cannot be reached ends with status 1 and names the setting."""
    ran = credbot("migrate", DATABASE_URL=url)
    assert ran.status == 1
    assert "Check DATABASE_URL" in ran.err


def test_a_file_that_is_no_database_is_said(credbot, tmp_path: Path):
    """A file of something else is not taken for a database."""
    (tmp_path / "notes.db").write_text("These are my notes. " * 99)
    assert "file is not a database" in credbot("migrate", DATABASE_URL="sqlite:///notes.db").err


@pytest.mark.usefixtures("secrets")
def test_only_migrate_changes_a_postgresql_schema(credbot, postgres_url: str):
    """On PostgreSQL a command on an old schema says `credbot migrate`, and works after it."""
    name = f"behind_{uuid.uuid4().hex[:8]}"
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    base, _, options = postgres_url.partition("?")
    url = f"{base.rpartition('/')[0]}/{name}?{options}".rstrip("?")
    ran = credbot("role list", DATABASE_URL=url)
    assert (ran.status, "credbot migrate" in ran.err) == (1, True)
    assert credbot("migrate").status == 0
    assert credbot("role list").status == 0


@pytest.mark.usefixtures("secrets")
def test_a_policy_with_an_error_is_named_by_file_and_line(credbot, tmp_path: Path):
    """A command that reads policies stops at a bad one, naming file and line."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "organization.yaml").write_text("name: Riverbend\nstates: NY\n")
    ran = credbot("nudges preview", CREDBOT_POLICIES="rules")
    assert ran.status == 1
    assert "organization.yaml:2" in ran.err


def test_a_port_that_is_taken_is_said(credbot):
    """Where another program has the port, the demo says how to get one, with status 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = credbot(f"demo --no-browser --port {taken.getsockname()[1]}")
    assert (ran.status, "--port 0" in ran.err) == (1, True)


def test_a_new_key_is_printed_and_nothing_else(credbot):
    """``doctor --new-key`` prints one Fernet key, so that it can be piped."""
    ran = credbot("doctor --new-key")
    assert Fernet(ran.out.strip())
    assert (ran.status, ran.err, ran.out.count("\n")) == (0, "", 1)


def test_the_version_is_said(credbot):
    """As the package is called and counted; nothing has to be set for it."""
    ran = credbot("--version")
    assert (ran.status, ran.out) == (0, f"credbot {version('credbot')}\n")
