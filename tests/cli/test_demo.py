"""``credbot demo``: opens with nothing but Python, shows a clinic at work, and goes without a trace."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.demo import tour
from bot.demo.completions import commands
from bot.demo.timeline import AHEAD, foresee
from bot.demo.wiring import Clinic, open_clinic
from bot.handlers.command import SUBCOMMANDS
from bot.store.reminders.preview import PreviewLine, preview
from bot.store.tables import AuditEvent

LONG = 40
"""Seconds: the beginning's messages go out at Slack's pace, one a second in a channel."""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\n")


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    with open_clinic(tour.BEGINNING) as opened:
        yield opened


def test_requests_wait_for_the_approvers(clinic):
    """Two requests are under way: one waits for the chair, one has a committee member's vote."""
    ruth = clinic.slack.as_("ruth")
    ruth.sees("Grace Okafor · Psychotherapy, core", LONG, in_="#privilege-requests")
    assert "1 of 2 approvals" in ruth.sees("Priya Raman · Electroconvulsive therapy", LONG, in_="#privilege-requests")


def test_a_privilege_was_granted_before(clinic):
    """The esketamine privilege shows how a decided request looks."""
    clinic.slack.as_("vera").sees("Granted by the medical director", LONG, in_="#privilege-requests")


def test_a_suspended_license_is_told_to_the_medical_director_alone(clinic):
    """Vera is asked to review it; the status says that it is not active and whom to ask, and no more."""
    clinic.slack.as_("vera").sees("Something about State license: LMHC (NJ) of Sofia Marin", LONG, in_="dm")
    cora = clinic.slack.as_("cora")
    cora.types("/cred status @sofia")
    assert "Not active – checked on Mar 1, 2027; ask Cora Bennett" in cora.sees("State license: LMHC (NJ)", LONG)
    assert "suspended" not in cora.reads().lower()


def test_a_filing_was_confirmed_and_one_waits_for_it(clinic):
    """Imani's New York registration has expired and is in effect; nobody has seen the receipt of the other."""
    cora = clinic.slack.as_("cora")
    cora.types("/cred status @imani")
    told = cora.sees("DEA registration (NJ)", LONG)
    assert "In effect: renewal filed on time – expired 4 days ago, Feb 25, 2027; confirmed Mar 1, 2027" in told
    assert "Renewal filed on Feb 20, 2027, awaiting issuer; no coordinator has confirmed the receipt" in told


def test_a_correction_and_a_void_are_kept_with_their_reasons(clinic):
    """Theo's policy has its right number, Daniel's file nothing of the other Daniel; the audit has both, and why."""
    cora = clinic.slack.as_("cora")
    cora.types("/cred status Theo Lindgren")
    assert "MPL-204472" not in cora.sees("MPL-204427", LONG)
    cora.types("/cred status @daniel")
    assert "NJ" not in cora.sees("State license (NY) · 076120", LONG)
    with clinic.bot.reading() as session:
        reasons = {row.act: row.reason for row in session.exec(select(AuditEvent)) if row.reason}
    assert reasons["term_corrected"] == "Two digits were swapped in the old spreadsheet"
    assert reasons["term_voided"] == "wrong person: the letter was about another Daniel Ross"


def test_reminders_are_out(clinic):
    """Somebody whose license ends tomorrow has been reminded."""
    clinic.slack.as_("daniel").sees("Expires tomorrow", LONG, in_="dm")


def test_what_the_import_held_waits_for_the_team(clinic):
    """What was past already on the day of the import is offered to the team to start."""
    clinic.slack.as_("cora").sees("Nobody is reminded of", LONG, in_="#credentialing-team")


def test_the_page_completes_every_subcommand(clinic):
    """Each word after `/cred` is offered with its usage and what it does, in the words of the help."""
    offered = list(commands(clinic.bot))
    assert [command.usage.split()[1] for command in offered] == ["help", *SUBCOMMANDS]
    assert all(command.about and "`" not in command.about for command in offered)


def test_the_timeline_foresees_what_the_preview_does(clinic):
    """The reminders to come are those of `credbot nudges preview`; what expires stands on its last day."""
    clinic.slack.as_("daniel").sees("Expires tomorrow", LONG, in_="dm")
    with clinic.bot.reading() as session:
        lines = preview(session, clinic.bot.context(), clinic.bot.clock.today(), AHEAD)
    coming = foresee(clinic.bot)
    told = [one for one in coming if not one.all_day]
    assert [one.at.date() for one in told] == [line.at.date() for line in lines if isinstance(line, PreviewLine)]
    ends = {(one.who, one.title, one.at.astimezone(clinic.bot.clock.zone).date()) for one in coming if one.all_day}
    assert ("Priya Raman", "State license (NY) expires", tour.TODAY + timedelta(days=7)) in ends


def test_slack_refused_nothing(clinic):
    """Every payload of the beginning keeps Slack's rules."""
    assert clinic.workspace.violations == []


def test_the_command_prints_its_address_and_ends_cleanly():
    """``credbot demo`` ignores the environment, prints its address alone on a line, and ends well by Ctrl-C."""
    noise = {
        "DATABASE_URL": "postgresql://127.0.0.1:1/nowhere",
        "CREDBOT_TIMEZONE": "Mars/Olympus",
        "CREDBOT_MESSAGES": "/nowhere",
        "SLACK_BOT_TOKEN": "xapp-wrong",
        "SLACK_CLIENT_ID": "1",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "PORT": "none",
    }
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | noise,
    )  # fmt: skip
    try:
        assert demo.stdout is not None
        address = next((line.strip() for line in demo.stdout if ADDRESS.fullmatch(line)), None)
        assert address, demo.stderr and demo.stderr.read()
        page = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=30)
        assert page.status == 200
        demo.send_signal(signal.SIGINT)
        assert demo.wait(20) == 0
    finally:
        demo.kill()


def test_the_tour_plays_every_scene(capsys):
    """``credbot demo --tour`` plays the main job end to end and ends with status 0."""
    status = tour.run()
    told = capsys.readouterr()
    assert status == 0, told.err
    assert "All of it happened." in told.out
