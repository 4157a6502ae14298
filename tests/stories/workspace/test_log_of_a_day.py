"""What a whole day leaves in the log: enough to find one request's events, and nothing that must not be read there."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot import log
from soak.logs import RESPONSE_URL
from tests.conftest import KEY
from tests.stories.conftest import PEOPLE, Clinic
from tests.stories.scenes import APPROVALS, CORE, NUMBERS, approves, denies, requests, row, rows, verifies
from tests.stories.trouble import gone

TYPED = ("My renewal is stuck at the board", "References are still missing", "https://board.example/1")


@pytest.fixture
def written(clinic: Clinic) -> io.StringIO:
    """The log of all that follows: ours down to DEBUG, Slack's libraries down to INFO."""
    stream = io.StringIO()
    log.configure("DEBUG", stream)
    for library in ("slack_bolt", "slack_sdk"):
        logging.getLogger(library).setLevel(logging.INFO)
    return stream


def a_days_work(clinic: Clinic) -> None:
    """Recorded, nudged, reported, verified, asked for, granted and not granted, by way of all of Slack's moods."""
    faults = clinic.workspace.faults
    faults.add("chat.postMessage", "lost_answer")
    faults.add("chat.postMessage", "ratelimited", seconds=1)
    faults.add("chat.update", "cut")
    clinic.roster(*rows(CORE, license="2026-12-31"))
    clinic.on("2026-11-23", "11:05")
    clinic.lee.sees("State license (NY)", in_="dm")
    clinic.lee.clicks("I need help")
    clinic.lee.fills({"What do you need?": TYPED[0]})
    clinic.lee.submits()
    clinic.cora.sees(TYPED[0], in_="dm")
    clinic.lee.clicks("Renewed", in_="dm")
    clinic.lee.fills({"Expires on": "2028-12-31", "Issued on": "2026-11-20"})
    clinic.lee.submits()
    clinic.lee.sees("Thanks. Nothing more for you to do.")
    clinic.lee.closes()
    clinic.cora.types("/cred verify @lee")
    clinic.cora.submits()
    verifies(clinic.cora, NUMBERS["license"], "2028-12-31")
    clinic.cora.sees("Verified: State license (NY) for Lee Chen")
    clinic.cora.closes()
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("R-1001", in_=APPROVALS)
    approves(clinic.dana)
    clinic.settled()
    requests(clinic, "Psychotherapy, core")
    clinic.dana.sees("R-1002", in_=APPROVALS)
    denies(clinic.dana, "return for information", TYPED[1])
    clinic.settled()


def bad_moments(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guest, a number that is none, a database that is gone, a row that it refuses, a channel that is archived."""
    clinic.gus.types("/cred status")
    clinic.cora.types("/cred add @lee dea NY FC1234560 2028-12-31")
    with gone(clinic):
        clinic.cora.types("/cred status @lee")
        clinic.cora.sees("I can't reach something I need right now.")
    monkeypatch.setattr("bot.handlers.reports.read_queue", collides(clinic))
    clinic.noah.types("/cred queue")
    clinic.noah.sees("Something went wrong on my side")
    clinic.workspace.archive("privilege-requests")
    clinic.roster(row("bls", "2026-12-01", of="maya"))
    clinic.settled()


def collides(clinic: Clinic) -> Callable[..., None]:
    """A bug: somebody's row is written a second time, and the database objects, with its values at hand."""

    def insert(*_: object) -> None:
        person = {"id": clinic.workspace.person("lee").id, "name": "Lee Chen", "email": "lee@riverbend.example"}
        row = text("INSERT INTO person (slack_user_id, name, email, guest, bot) VALUES (:id, :name, :email, 0, 0)")
        clinic.bot.transact(lambda session: session.connection().execute(row, person))

    return insert


def forbidden(clinic: Clinic) -> set[str]:
    """Tokens and keys, who people are, numbers, what was typed, and what opens an answer."""
    app = clinic.workspace.app
    names = {name for name, _ in PEOPLE.values()}
    emails = {f"{handle}@" for handle in PEOPLE}
    tokens = {app.bot_token, app.app_token, app.signing_secret, KEY, clinic.bot.settings.database_url}
    return {*tokens, *names, *emails, *NUMBERS.values(), "FC1234560", *TYPED, *clinic.workspace.one_shots._urls}


def test_a_days_log_tells_nothing_about_people(
    clinic: Clinic, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No token, number, name, e-mail address, typed word or response_url; events have static names."""
    a_days_work(clinic)
    bad_moments(clinic, monkeypatch)
    told = written.getvalue()
    assert {"message_not_sent", "database_unavailable", "handler_failed"} <= events(told)
    assert [secret for secret in forbidden(clinic) if secret in told] == []
    assert RESPONSE_URL.findall(told) == []
    assert all(re.fullmatch(r"[a-z_]+", event) for event in events(told)), events(told)


def test_a_reference_leads_to_its_request(
    clinic: Clinic, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person reads when something failed is the id of all that their request logged."""
    monkeypatch.setattr("bot.handlers.reports.read_queue", collides(clinic))
    clinic.noah.types("/cred queue")
    told = clinic.noah.sees("Something went wrong on my side")
    reference = re.search(r"[0-9A-F]{6}", told)
    assert reference is not None
    (line,) = [line for line in written.getvalue().splitlines() if "handler_failed" in line]
    assert f"request='{reference[0]}'" in line
    assert f"user='{clinic.workspace.person('noah').id}'" in line


def events(told: str) -> set[str]:
    """The names of our own events; a library's are sentences."""
    return set(re.findall(r"event='([^']*)'.* module=", told))
