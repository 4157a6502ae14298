"""The roster comes in, and what goes out is foreseen, released and run, from the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

pytestmark = pytest.mark.usefixtures("secrets")

HEADER = "name,email,slack_user,provider_type,credential,state,number,expires_on,verified_on"
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d \S+  .+ <\w+>  license NY  -?\d+  due \d{4}-\d\d-\d\d")
LATER = next(
    day
    for day in ((datetime.now(UTC) + timedelta(days=ahead)).date() for ahead in range(31, 38))
    if day.strftime("%A") == "Wednesday"
)
"""About a month ahead; a Wednesday, so that a week before is a working day as well."""


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace()
    workspace.add_person("lee", "Lee Chen", "lee@riverbend.test", "America/New_York")
    return workspace


@pytest.fixture
def slack(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, credbot) -> Iterator[Workspace]:
    """A workspace that the command line reaches."""
    with Server(workspace) as server:
        monkeypatch.setenv("SLACK_API_URL", server.api_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.app.bot_token)
        yield workspace


@pytest.fixture
def roster(tmp_path: Path, workspace: Workspace) -> Path:
    """Lee's license, which expires in a month."""
    path = tmp_path / "roster.csv"
    lee = workspace.person("lee")
    path.write_text(f"{HEADER}\nLee Chen,{lee.email},{lee.id},psychiatrist,license,NY,245871,{LATER},2026-01-05\n")
    return path


def test_the_same_roster_twice_changes_nothing(credbot, roster):
    """A second import of the same file finds everything as it is."""
    first, second = credbot("import roster roster.csv"), credbot("import roster roster.csv")
    assert (first.status, second.status) == (0, 0)
    assert "1 new provider" in first.out
    assert "0 new providers, 0 changed, 1 same" in second.out


def test_a_dry_run_leaves_nothing_behind(credbot, roster):
    """``--dry-run`` says what it would do, and the import after it still finds everything new."""
    assert "Tried only" in credbot("import roster roster.csv --dry-run").out
    assert "1 new provider" in credbot("import roster roster.csv").out


def test_every_bad_cell_is_named_and_nothing_is_taken(credbot, roster):
    """Bad cells are named by row and column on stderr, and the good rows of the file are not imported either."""
    roster.write_text(roster.read_text() + "Ann Poe,,,psychiatrist,license,ZZ,1,31/12/2027,\n")
    ran = credbot("import roster roster.csv")
    assert ran.status == 1
    assert "Row 3, state" in ran.err
    assert "Row 3, expires_on" in ran.err
    assert "0 messages" in credbot("nudges preview --days 60").out


def test_a_roster_that_is_not_there(credbot):
    """A missing file ends with status 1 and its name."""
    ran = credbot("import roster nowhere.csv")
    assert (ran.status, "nowhere.csv" in ran.err) == (1, True)


def test_people_are_found_by_their_email(credbot, slack, roster):
    """With a bot token, a provider without a Slack id in the file is looked up by e-mail after the import."""
    roster.write_text(roster.read_text().replace(slack.person("lee").id, ""))
    assert credbot("import roster roster.csv").status == 0
    assert [call.args["email"] for call in slack.calls("users.lookupByEmail")] == ["lee@riverbend.test"]


def test_a_long_wait_for_slack_is_announced(credbot, slack, roster, monkeypatch):
    """What was imported is said first, then how long Slack will be asked, and that it may be ended."""
    monkeypatch.setattr("bot.roster.LONG", timedelta(0))
    told = credbot("import roster roster.csv").out.splitlines()
    asking = next(n for n, line in enumerate(told) if line.startswith("Asking Slack"))
    assert "Ctrl-C" in told[asking]
    assert "new provider" in "".join(told[:asking])


def test_accounts_that_lead_nowhere_are_noted(credbot, slack, roster):
    """After the import each address and id that Slack does not know, or that is no person's, is named."""
    slack.add_person("gone", "Gone Girl", "gone@riverbend.test", "America/New_York")
    slack.deactivate("gone")
    rows = (
        "Ann Poe,ann@elsewhere.test,,lcsw,,,,,",
        "Bob Ray,,U0MISTYPED,lcsw,,,,,",
        f"Gone Girl,,{slack.person('gone').id},lcsw,,,,,",
    )
    roster.write_text("\n".join([roster.read_text().strip(), *rows]) + "\n")
    told = credbot("import roster roster.csv")
    assert told.status == 0
    notes = [line for line in told.out.splitlines() if line.startswith("Note: ")]
    assert [note.partition(" is ")[0] for note in notes[:2]] == [
        "Note: ann@elsewhere.test",
        "Note: Slack knows nobody by U0MISTYPED. Copy Bob Ray's id from their profile: More, Copy member ID.",
    ]
    assert "is deactivated in Slack" in notes[2]


def test_a_preview_has_a_line_a_reminder_and_counts_messages(credbot, roster):
    """``nudges preview`` prints one sorted line a reminder, and the number of messages last."""
    credbot("import roster roster.csv")
    *lines, count = credbot("nudges preview --days 30").out.splitlines()
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert lines == sorted(lines)
    assert count == f"{len(lines)} messages"


def test_without_a_coordinator_the_admins_answer(credbot, roster):
    """An admin of the environment is told of somebody whom Slack does not reach, also before the bot ever ran."""
    roster.write_text(f"{HEADER}\nOld Olga,,,lcsw,license,NY,245871,{LATER},2026-01-05\n")
    credbot("import roster roster.csv", CREDBOT_ADMINS="U0ADMIN", CREDBOT_TEAM_CHANNEL="C0TEAM")
    first, *_ = credbot("nudges preview --days 30").out.splitlines()
    assert "<U0ADMIN>  license NY" in first


def test_a_run_sends_what_is_due_once(credbot, slack, roster):
    """``nudges run --at`` sends what is due by then, and nothing the second time."""
    credbot("import roster roster.csv")
    at = (LATER - timedelta(days=7)).isoformat()
    first, second = credbot(f"nudges run --at {at}"), credbot(f"nudges run --at {at}")
    assert (first.out, second.out) == ("1 sent, 0 waiting, 0 failed.\n", "0 sent, 0 waiting, 0 failed.\n")
    assert len(slack.calls("chat.postMessage")) == 1


def test_somebody_new_is_asked_of_slack(credbot, slack):
    """An address that only Slack knows can be granted a role; an id that Slack does not know cannot."""
    granted = credbot("role grant lee@riverbend.test coordinator")
    assert (granted.status, "Lee Chen" in granted.out) == (0, True)
    mistyped = credbot("role grant U0MISTYPED admin")
    assert (mistyped.status, "Copy member ID" in mistyped.err) == (1, True)


def test_the_future_is_not_sent_to_real_people_by_mistake(credbot):
    """A future ``--at`` against Slack itself needs ``--yes-send``: status 2, before anybody is asked."""
    ran = credbot(f"nudges run --at {LATER}", SLACK_BOT_TOKEN="xoxb-1")
    assert (ran.status, "--yes-send" in ran.err) == (2, True)


@pytest.mark.parametrize("words", ["nudges preview --on 12/01/2026", "nudges preview --days 0", "nudges run --at noon"])
def test_days_that_do_not_parse(credbot, words):
    """A day or moment that is none ends with status 2."""
    assert credbot(words, SLACK_BOT_TOKEN="xoxb-1").status == 2


def test_starting_says_how_many_were_held(credbot, roster):
    """``nudges start`` releases what the import held, and has nothing left to release after."""
    roster.write_text(roster.read_text().replace(str(LATER), "2026-01-31"))
    assert "on hold, already past due" in credbot("import roster roster.csv").out
    assert credbot("nudges start").out != "0 released.\n"
    assert credbot("nudges start").out == "0 released.\n"
