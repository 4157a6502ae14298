"""Commands that end: what they print, where, and their exit status, as whoever runs them sees it."""

from __future__ import annotations

import re
import socket
import sqlite3

import pytest

from tests.server.processes.conftest import Place, license_of

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d America/New_York  .+ <\w+>  .+  \S+  due \d{4}-\d\d-\d\d( held)?")


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1-1-unknown", "SLACK_BOT_TOKEN: Slack does not know it"),
        ("SLACK_APP_TOKEN", "xapp-1-A1-1-unknown", "SLACK_APP_TOKEN: Slack does not know it"),
        ("SLACK_APP_TOKEN", "xoxb-1-1-other-kind", "SLACK_APP_TOKEN: it is not an app-level token"),
        ("SLACK_API_URL", "http://127.0.0.1:1/api", "Check the network and SLACK_API_URL"),
        ("SLACK_API_URL", "http://slack.example/api", "SLACK_API_URL: tokens would travel unencrypted"),
        ("DATABASE_URL", "postgresql://u@h:99999/x", "DATABASE_URL: it is no address of a database"),
        ("DATABASE_URL", "sqlite:////no/such/folder/credbot.db", "its folder is there and may be written to"),
    ],
)
def test_run_says_which_setting_to_mend(place: Place, setting: str, value: str, said: str) -> None:
    """A bad setting ends ``run`` with status 1 and a sentence or two that name it; nothing looks like a crash."""
    ran = place.credbot("run", **{setting: value})
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.err


def test_a_port_that_is_taken_is_said(place: Place) -> None:
    """``run`` over HTTP on a port of somebody else's ends with status 1 and names PORT."""
    with socket.create_server(("0.0.0.0", 0)) as taken:  # noqa: S104
        port = str(taken.getsockname()[1])
        ran = place.credbot("run", SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="secret", PORT=port)
    assert (ran.status, ran.out) == (1, "")
    assert f"PORT: {port} cannot be used" in ran.err


def test_a_refused_token_sends_nothing(place: Place) -> None:
    """``nudges run`` with a token that Slack refuses says so, with status 1, instead of leaving messages behind."""
    ran = place.credbot("nudges run", SLACK_BOT_TOKEN="xoxb-1-1-unknown")
    assert (ran.status, "SLACK_BOT_TOKEN" in ran.err) == (1, True)


def test_a_changed_record_breaks_the_chain(place: Place) -> None:
    """``audit verify`` accepts its own earlier head, and names the event that somebody changed in the file."""
    place.done(f"import roster {place.roster(license_of('Lee Chen', place.id('lee'), '2029-01-31'))}")
    head = place.done("audit verify").splitlines()[-1]
    place.done(f"audit verify --head {head}")
    with sqlite3.connect(place.folder / "credbot.db") as connection:
        connection.execute("""UPDATE audit_event SET actor = 'somebody' WHERE seq = 2""")
    ran = place.credbot("audit verify")
    assert (ran.status, "event 2" in ran.err) == (1, True)


def test_a_preview_is_what_is_sent(place: Place) -> None:
    """Each line of ``nudges preview`` has the documented form, and ``nudges run`` sends as many messages."""
    rows = [license_of(place.workspace.person(who).name, place.id(who), "2029-01-31") for who in ("lee", "maya")]
    place.done(f"import roster {place.roster(*rows)}")
    *lines, count = place.done("nudges preview --on 2029-01-24 --days 1").splitlines()
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert place.done("nudges run --at 2029-01-24") == f"{count.split()[0]} sent, 0 waiting, 0 failed.\n"


def test_a_message_that_cannot_go_is_status_one(place: Place) -> None:
    """Where a channel or person cannot be reached, ``nudges run`` counts it as failed and ends with status 1."""
    place.done(f"import roster {place.roster(license_of('Lee Chen', place.id('lee'), '2029-01-31'))}")
    place.workspace.deactivate("lee")
    ran = place.credbot("nudges run --at 2029-01-24")
    assert (ran.status, ", 1 failed." in ran.out) == (1, True)
