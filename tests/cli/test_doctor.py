"""``credbot doctor`` against a workspace: what is wrong is named, with how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import shipped
from slack_sandbox.server import Server
from slack_sandbox.workspace import Workspace

pytestmark = pytest.mark.usefixtures("secrets")


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace()
    workspace.add_person("ada", "Ada Klein", "ada@riverbend.test", "America/New_York")
    return workspace


@pytest.fixture
def environment(workspace: Workspace) -> Iterator[dict[str, str]]:
    """Everything set as it should be."""
    with Server(workspace) as server:
        yield {
            "SLACK_API_URL": server.api_url,
            "SLACK_BOT_TOKEN": workspace.app.bot_token,
            "SLACK_APP_TOKEN": workspace.app.app_token,
            "CREDBOT_ADMINS": workspace.person("ada").id,
            "CREDBOT_APPROVALS_CHANNEL": workspace.add_channel("requests", members=["credbot", "ada"]),
            "CREDBOT_TEAM_CHANNEL": workspace.add_channel("team", members=["credbot", "ada"]),
        }


def test_all_in_order_is_status_zero(credbot, environment):
    """With everything right, doctor finds nothing to mend and asks Slack to open Socket Mode."""
    ran = credbot("doctor", **environment)
    assert ran.status == 0, ran.out
    assert "FIX" not in ran.out
    assert "Socket Mode opens" in ran.out


def test_every_setting_says_where_it_comes_from(credbot, environment, tmp_path: Path):
    """Environment, .env, default or not set: for each setting, and never its value."""
    (tmp_path / ".env").write_text("PORT=3001\n")
    out = credbot("doctor", **environment).out
    sources = dict(line.split(maxsplit=1) for line in out.splitlines()[1:15])
    assert sources["SLACK_BOT_TOKEN"] == "environment"
    assert (sources["PORT"], sources["DATABASE_URL"], sources["CREDBOT_POLICIES"]) == (".env", "default", "not set")
    assert environment["SLACK_BOT_TOKEN"] not in out


def test_a_token_that_slack_does_not_know(credbot, environment):
    """A wrong bot token is named with the page where the right one is."""
    ran = credbot("doctor", **environment | {"SLACK_BOT_TOKEN": "xoxb-1-1-wrong"})
    assert ran.status == 1
    assert "FIX   SLACK_BOT_TOKEN: Slack does not know it" in ran.out
    assert "OAuth & Permissions" in ran.out


def test_an_app_token_that_slack_does_not_know(credbot, environment):
    """A wrong app token is found although the bot token is right."""
    ran = credbot("doctor", **environment | {"SLACK_APP_TOKEN": "xapp-1-A1-1-wrong"})
    assert (ran.status, "FIX   SLACK_APP_TOKEN" in ran.out) == (1, True)


def test_a_scope_that_is_missing(credbot, environment, workspace):
    """A scope that the token lacks is named, and that the app must be installed again."""
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes - {"im:history"})
    ran = credbot("doctor", **environment)
    assert (ran.status, "lacks im:history" in ran.out, "install the app again" in ran.out) == (1, True, True)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda w: w.add_channel("open", private=False, members=["credbot"]), "is public"),
        (lambda w: w.add_channel("partners", members=["credbot"], shared=True), "is shared"),
        (
            lambda w: w.add_channel("sisters", members=["credbot"], org_shared=True),
            "shared with other workspaces",
        ),
        (lambda w: w.add_channel("others", members=["ada"]), "invite the bot"),
        (lambda _: "C0NOWHERE", "does not exist"),
    ],
)
def test_a_channel_where_nothing_may_be_posted(credbot, environment, workspace, spoil, said):
    """A channel that is public, shared, without the bot or not there is named, with what to do."""
    ran = credbot("doctor", **environment | {"CREDBOT_APPROVALS_CHANNEL": spoil(workspace)})
    assert ran.status == 1
    assert said in next(line for line in ran.out.splitlines() if "FIX" in line)


def test_an_archived_channel(credbot, environment, workspace):
    """An archived team channel is a finding."""
    workspace.archive("team")
    ran = credbot("doctor", **environment)
    assert (ran.status, "is archived" in ran.out) == (1, True)


def test_an_admin_who_is_nobody(credbot, environment):
    """An id in CREDBOT_ADMINS that Slack does not know is a finding."""
    ran = credbot("doctor", **environment | {"CREDBOT_ADMINS": "U0NOBODY"})
    assert (ran.status, "U0NOBODY is nobody in this workspace" in ran.out) == (1, True)


def test_an_admin_from_outside(credbot, environment, workspace):
    """An account of another organization, met in a shared channel, is no admin here."""
    guest = workspace.add_person("pat", "Pat Partner", "pat@partner.example", "UTC", team_id="T0PARTNER")
    ran = credbot("doctor", **environment | {"CREDBOT_ADMINS": guest})
    assert (ran.status, "belongs to neither this workspace nor its organization" in ran.out) == (1, True)


def test_a_channel_shared_inside_the_organization_may_be_allowed(credbot, environment, workspace, tmp_path):
    """Where the organization's policies say so, doctor has no objection."""
    rules = tmp_path / "rules"
    rules.mkdir()
    ours = (shipped("policies") / "organization.yaml").read_text("utf-8")
    (rules / "organization.yaml").write_text(f"{ours}\norg_shared_channels: true\n", "utf-8")
    channel = workspace.add_channel("sisters", members=["credbot"], org_shared=True)
    chosen = {"CREDBOT_APPROVALS_CHANNEL": channel, "CREDBOT_POLICIES": str(rules)}
    ran = credbot("doctor", **environment | chosen)
    assert f"ok    CREDBOT_APPROVALS_CHANNEL: {channel}" in ran.out


def test_a_calendar_without_holidays_is_said(credbot, environment):
    """Nothing is wrong with it, but somebody should know that Thanksgiving counts as a business day."""
    ran = credbot("doctor")
    assert "note  no holidays are set, so every Monday to Friday is a business day" in ran.out


def test_rules_that_are_only_examples_are_listed(credbot, environment):
    """Rules that are Credbot's own numbers are listed for the organization to adopt, and stop nothing."""
    ran = credbot("doctor", **environment)
    assert ran.status == 0
    assert "ladders/license" in next(line for line in ran.out.splitlines() if "note  our examples" in line)


def test_a_key_that_does_not_fit_the_chain(credbot, environment):
    """With another secret key than the one that sealed the chain, doctor says so."""
    credbot("role grant U0123ABCD admin", SLACK_BOT_TOKEN="")
    key = credbot("doctor --new-key").out.strip()
    ran = credbot("doctor", **environment | {"CREDBOT_SECRET_KEY": key})
    assert (ran.status, "CREDBOT_SECRET_KEY does not hold" in ran.out) == (1, True)


def test_a_template_that_lacks_a_piece(credbot, environment, tmp_path: Path):
    """An overriding template without one of its pieces is named before anybody misses the words."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "common.j2").write_text("{% macro refused_stranger() %}No.{% endmacro %}")
    ran = credbot("doctor", **environment | {"CREDBOT_MESSAGES": "words"})
    assert (ran.status, "common.j2 has no piece" in ran.out) == (1, True)


def test_a_misnamed_template(credbot, environment, tmp_path: Path):
    """A file that replaces nothing is named before anybody wonders why the words are still the shipped ones."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "reminder.j2").write_text("{% macro daily_done() %}All done{% endmacro %}")
    ran = credbot("doctor", **environment | {"CREDBOT_MESSAGES": "words"})
    assert (ran.status, "reminder.j2 replaces no shipped file" in ran.out) == (1, True)


def test_an_admin_whose_account_is_closed(credbot, environment, workspace):
    """Nobody would read what is sent there."""
    workspace.deactivate("ada")
    ran = credbot("doctor", **environment)
    assert (ran.status, "has no active account" in ran.out) == (1, True)


def test_a_slack_out_of_reach_is_one_finding(credbot, environment):
    """The network or the address is to be looked at, not the tokens."""
    ran = credbot("doctor", **environment | {"SLACK_API_URL": "http://127.0.0.1:1/api/"})
    (found,) = [line for line in ran.out.splitlines() if "FIX" in line]
    assert (ran.status, "Slack cannot be reached (ConnectionRefusedError" in found) == (1, True)


def test_a_slack_that_asks_to_wait(credbot, environment, workspace):
    """429 is no fault of the token's."""
    workspace.faults.add("auth.test", "ratelimited", seconds=30)
    ran = credbot("doctor", **environment)
    assert (ran.status, "Slack asks to wait 30 seconds. Then run this again." in ran.out) == (1, True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////no/such/folder/credbot.db", "its folder is there and may be written to"),
        ("sqlite:///text.db", "file is not a database"),
        ("postgresql://me:hidden@127.0.0.1:1/credbot", "Connection refused"),
    ],
)
def test_a_database_that_cannot_be_used(credbot, environment, tmp_path: Path, url, said):
    """Why, and where to look; never the password."""
    (tmp_path / "text.db").write_text("no database at all" * 100)
    ran = credbot("doctor", **environment | {"DATABASE_URL": url})
    found = next(line for line in ran.out.splitlines() if "FIX" in line)
    assert (ran.status, "Check DATABASE_URL" in found, said in found) == (1, True, True)
    assert "hidden" not in ran.out


def test_a_database_of_a_newer_version(credbot, environment, tmp_path: Path):
    """It is left alone, and every command says which version to install."""
    credbot("doctor", **environment)
    with sqlite3.connect(tmp_path / "credbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ran, other = credbot("doctor"), credbot("role list")
    assert (ran.status, "of a newer version of Credbot (schema 9999)" in ran.out) == (1, True)
    assert (other.status, "of a newer version of Credbot (schema 9999)" in other.err) == (1, True)


def test_a_database_from_before_the_first_release(credbot, environment, tmp_path: Path):
    """It is left alone, and every command says to begin a new one and import the roster there."""
    credbot("doctor", **environment)
    with sqlite3.connect(tmp_path / "credbot.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0009'")
    said = "from before the first release of Credbot (schema 0009)"
    ran, other = credbot("doctor"), credbot("migrate")
    assert (ran.status, said in ran.out, "credbot import roster FILE" in ran.out) == (1, True, True)
    assert (other.status, said in other.err) == (1, True)


def test_reminders_about_what_is_not_there(credbot, environment, tmp_path: Path):
    """A backup that is not whole, or a row that somebody took out: doctor names the first, and counts the rest."""
    credbot("doctor", **environment)
    with sqlite3.connect(tmp_path / "credbot.db") as connection:
        connection.execute("INSERT INTO provider (id, name, type) VALUES (1, 'Lee', 'lcsw')")
        connection.executemany(
            "INSERT INTO deadline (id, kind, subject_type, subject_id, provider_id, assignee, due_on,"
            " opened_on, ladder) VALUES (?, 'verify', 'term', ?, 1, 'owner', '2026-12-31', '2026-12-01', '[]')",
            [(number, 90 + number) for number in range(1, 6)],
        )
    ran = credbot("doctor", **environment)
    said = "5 reminders are about something that is not in the database (deadline 1: term 91, deadline 2: term 92, "
    assert (ran.status, f"{said}deadline 3: term 93, and 2 more)." in ran.out) == (1, True)


def test_messages_that_wait_for_a_person(credbot, environment, tmp_path: Path):
    """Doctor points to what lists them."""
    credbot("doctor", **environment)
    with sqlite3.connect(tmp_path / "credbot.db") as connection:
        connection.execute(
            "INSERT INTO outbox_message"
            " (kind, subject, facts, channel, key, state, attempts, created_at, search_attempts)"
            " VALUES ('vote', 1, '{}', 'C1', '1', 'failed', 1, '2026-11-23 15:00:00', 0)"
        )
    ran = credbot("doctor")
    assert (ran.status, "FIX   1 message waits for a person. Run: credbot status." in ran.out) == (1, True)


def test_a_file_of_settings_that_is_no_text(credbot, tmp_path: Path):
    """Saved in another encoding, it is named, and how to save it."""
    (tmp_path / ".env").write_bytes(b"CREDBOT_TIMEZONE=\xff\xfe\n")
    ran = credbot("doctor")
    assert (ran.status, ".env is not UTF-8 text. Save it as UTF-8." in ran.out) == (1, True)


def test_an_address_that_is_none(credbot, environment):
    """SLACK_API_URL without its https:// is named before anything is asked."""
    ran = credbot("doctor", **environment | {"SLACK_API_URL": "slack.com/api"})
    assert (ran.status, "SLACK_API_URL: it is no web address" in ran.out) == (1, True)


def test_tokens_do_not_follow_a_file_of_somebody_elses(credbot, environment, workspace, tmp_path: Path):
    """A folder whose .env names another server: neither doctor nor a command that sends asks anything there."""
    (tmp_path / ".env").write_text(f"SLACK_API_URL={environment.pop('SLACK_API_URL')}\n")
    doctor, sending = credbot("doctor", **environment), credbot("nudges run")
    assert (doctor.status, ".env would have SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in doctor.out) == (1, True)
    assert (sending.status, ".env would have SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in sending.err) == (1, True)
    assert workspace.log == []


@pytest.mark.parametrize("url", ["postgresql://u@h:99999/x", "postgresql://u@h:abc/x", "sqlite://x", "sqlite:x"])
def test_an_address_of_no_database(credbot, url):
    """Doctor and every command name DATABASE_URL in a sentence, with status 1."""
    doctor, other = credbot("doctor", DATABASE_URL=url), credbot("role list")
    assert (doctor.status, "DATABASE_URL: it is no address of a database" in doctor.out) == (1, True)
    assert (other.status, "DATABASE_URL: it is no address of a database" in other.err) == (1, True)


def test_an_option_that_postgresql_does_not_know(credbot):
    """What the driver objects to is said like a server that does not answer."""
    ran = credbot("role list", DATABASE_URL="postgresql://u@127.0.0.1:1/x?nonsense=1")
    assert (ran.status, 'invalid connection option "nonsense"' in ran.err, ran.err.count("\n")) == (1, True, 1)


def test_settings_that_cannot_be_read_are_a_finding(credbot):
    """A bad setting is reported by doctor like everything else, with status 1."""
    ran = credbot("doctor", CREDBOT_TIMEZONE="Eastern")
    assert (ran.status, "'Eastern' is no time zone" in ran.out) == (1, True)


def test_files_that_others_may_read_are_findings(credbot, environment, tmp_path: Path):
    """The database, a copy of it beside it and the secrets: each with the command that mends it."""
    credbot("migrate")
    with closing(sqlite3.connect("credbot.db")) as database, closing(sqlite3.connect("copy.db")) as copy:
        database.backup(copy)
    (tmp_path / ".env").write_text("PORT=3001\n")
    for name in ("credbot.db", "copy.db", ".env"):
        (tmp_path / name).chmod(0o644)
    ran = credbot("doctor", **environment)
    assert ran.status == 1
    for name in ("credbot.db", "copy.db", ".env"):
        assert f"FIX   Others on this machine may read {name}. Run: chmod 600 {name}" in ran.out


def test_a_folder_that_others_may_write_to_is_a_finding(credbot, environment, tmp_path: Path):
    """Whoever may write there can put another database in the place of this one."""
    tmp_path.chmod(0o777)
    ran = credbot("doctor", **environment)
    assert f"Others may exchange the files in {tmp_path}. Run: chmod go-w {tmp_path}" in ran.out


def test_files_of_ones_own_are_in_order(credbot, environment):
    """As Credbot makes them."""
    assert "only this account may read credbot.db" in credbot("doctor", **environment).out


def test_what_no_policy_describes_is_a_finding(credbot, environment, tmp_path: Path):
    """A key that is on file, of a policy file that is gone; and a start is refused in the same words."""
    credbot("doctor", **environment)
    with sqlite3.connect(tmp_path / "credbot.db") as connection:
        connection.execute("INSERT INTO provider (name, type) VALUES ('Lee Chen', 'therapist')")
    said = (
        "No policy describes the provider type therapist, and 1 file is of it. "
        "Put provider_types/therapist.yaml back, in the folder of CREDBOT_POLICIES (docs/policies.md)."
    )
    doctor, start, sending = credbot("doctor"), credbot("run"), credbot("nudges run")
    assert (doctor.status, f"FIX   {said}" in doctor.out) == (1, True)
    assert (start.status, start.err) == (1, f"{said}\n")
    assert (sending.status, sending.err) == (1, f"{said}\n")


def test_a_variable_that_is_no_setting_is_a_finding(credbot, environment, tmp_path: Path):
    """In the environment or in .env: what was meant is named, also where the settings cannot be read."""
    (tmp_path / ".env").write_text("CREDBOT_TEAM_CHANEL=C0TEAM\n")
    ran = credbot("doctor", **environment | {"CREDBOT_FLAVOR": "mint"})
    assert ran.status == 1
    assert "FIX   CREDBOT_TEAM_CHANEL is not a setting of Credbot's. Did you mean CREDBOT_TEAM_CHANNEL?\n" in ran.out
    assert "FIX   CREDBOT_FLAVOR is not a setting of Credbot's. Take it out: it does nothing.\n" in ran.out
    assert "CREDBOT_FLAVOR is not a setting" in credbot("doctor", PORT="no port").out


def test_a_template_with_a_fact_that_nobody_gives(credbot, environment, tmp_path: Path):
    """Every reminder would fail by it: it is named before the first does."""
    (tmp_path / "words").mkdir()
    shipped_words = (shipped("messages") / "reminders.j2").read_text("utf-8")
    ours = shipped_words.replace("Hello {{ first_name }}", "{{ first_nam }}")
    (tmp_path / "words" / "reminders.j2").write_text(ours, "utf-8")
    ran = credbot("doctor", **environment | {"CREDBOT_MESSAGES": "words"})
    said = "reminders.j2: daily_headline uses first_nam, which it is never given. Did you mean first_name?"
    assert (ran.status, f"FIX   {said}" in ran.out) == (1, True)


@pytest.mark.parametrize(
    ("zone", "place"),
    [("EST", "America/New_York"), ("MST", "America/Denver (or America/Phoenix)"), ("Etc/GMT+5", "America/New_York")],
)
def test_a_zone_of_no_place(credbot, zone, place):
    """Its summer days would begin an hour off: doctor and every command ask for a place."""
    said = f"CREDBOT_TIMEZONE: {zone} is no place, and its clocks never change; write a place, such as {place}."
    doctor, other = credbot("doctor", CREDBOT_TIMEZONE=zone), credbot("role list")
    assert (doctor.status, said in doctor.out) == (1, True)
    assert (other.status, said in other.err) == (1, True)
