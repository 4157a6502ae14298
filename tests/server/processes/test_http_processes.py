"""``credbot web`` and ``credbot worker`` on PostgreSQL: signed HTTP, health, and any number of each."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.rules.workspace.health import Trouble
from bot.server.health import MEND, NO_DATABASE
from tests.server.processes.conftest import Place, license_of, until

FORGED = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=forged"}


@pytest.fixture
def on_postgres(place: Place, postgres_url: str) -> Iterator[Place]:
    """The same environment for HTTP, with an empty PostgreSQL database and a free port."""
    url = make_url(postgres_url).set(database=f"processes_{uuid.uuid4().hex[:8]}")
    place.environment |= {
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "SLACK_SIGNING_SECRET": place.workspace.app.signing_secret,
        "PORT": str(free_port()),
    }
    administer(postgres_url, f"CREATE DATABASE {url.database}")
    yield place
    administer(postgres_url, f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)")


def administer(postgres_url: str, statement: str) -> None:
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(place: Place, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> int:
    """The status of an answer of ``web``."""
    url = f"http://127.0.0.1:{place.environment['PORT']}{path}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def health(place: Place) -> dict[str, Any]:
    """What ``GET /healthz`` of ``web`` says, whatever its status."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{place.environment['PORT']}/healthz", timeout=20) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as unwell:
        return dict(json.load(unwell))


def test_web_answers_signed_requests_only(on_postgres: Place, postgres_url: str) -> None:
    """``web`` wants ``migrate`` first, answers Slack, turns away what is forged, and says when its database is gone."""
    place = on_postgres
    behind = place.credbot("web")
    assert (behind.status, "credbot migrate" in behind.err) == (1, True)
    place.done("migrate")
    place.workspace.request_url = f"http://127.0.0.1:{place.environment['PORT']}/slack/events"
    with place.serving("web") as web:
        place.cora.types("/cred help")
        place.cora.sees("What you can ask me")
        assert asked(place, "/slack/events", b"\xff=1", FORGED) == 401
        assert "why='unsigned' count=1" in web.err.read_text()
        assert asked(place, "/healthz") == 200
        administer(postgres_url, f"DROP DATABASE {make_url(place.environment['DATABASE_URL']).database} WITH (FORCE)")
        assert asked(place, "/healthz") == 503
        assert (health(place)["database"], health(place)["mend"]) == ("no_answer", [NO_DATABASE])
        assert place.cora.types("/cred queue").seconds < 3


def test_unsigned_megabytes_and_idle_connections_keep_nobody_waiting(on_postgres: Place) -> None:
    """Megabytes of anything, unsigned, and hundreds who only hold a connection: people are answered within a second.

    SIGTERM in the midst of it ends the process in time, and its log is short.
    """
    place = on_postgres
    place.done("migrate")
    place.workspace.request_url = f"http://127.0.0.1:{place.environment['PORT']}/slack/events"
    with place.serving("web") as web, ThreadPoolExecutor(4) as threads:
        idle = [socket.create_connection(("127.0.0.1", int(place.environment["PORT"]))) for _ in range(400)]
        flood = [threads.submit(asked, place, "/slack/events", unit * 1_000_000) for unit in (b"a", b"{", b"\xff") * 8]
        assert place.cora.types("/cred help").seconds < 3
        assert {one.result() for one in flood} == {401}
        for connection in idle:
            with suppress(OSError):
                connection.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        assert place.cora.types("/cred help").seconds < 3
        assert web.stopped() < 10
        told = web.err.read_text()
        assert ("Traceback" not in told, len(told) < 5_000) == (True, True), told
    for connection in idle:
        connection.close()


def test_web_and_worker_say_how_they_are(on_postgres: Place) -> None:
    """``/healthz`` says that nothing sweeps until a worker does; each process logs that it is ready, and with what."""
    place = on_postgres
    place.done("migrate")
    with place.serving("web") as web:
        assert health(place) == {
            "well": False, "database": "ok", "last_sweep": None, "oldest_undelivered": None, "slack": "ok",
            "mend": [MEND[Trouble.NO_SWEEP]],
        }  # fmt: skip
        with place.serving("worker") as worker:
            until(lambda: health(place)["well"])
        assert place.done("status").endswith("All is well.\n")
        for process in (web, worker):
            assert re.search(
                r"event='ready'.* version='\d.* schema='\w+' policies='[0-9a-f]{12}'", process.err.read_text()
            )


def test_two_workers_never_send_twice(on_postgres: Place) -> None:
    """What a killed process left waiting is delivered by two workers at once, each message one time."""
    place = on_postgres
    place.done("migrate")
    people = ("cora", "lee", "maya", "dana", "noah")
    rows = [license_of(place.workspace.person(who).name, place.id(who), "2030-07-31") for who in people]
    place.done(f"import roster {place.roster(*rows)}")
    place.workspace.faults.add("conversations.open", "slow", times=5, seconds=1)
    doomed = place.begins("nudges run --at 2030-07-24")
    until(lambda: [fault.times for fault in place.workspace.faults.waiting()] != [5])
    doomed.killed()
    for fault in place.workspace.faults.waiting():
        fault.times = 0
    with place.serving("worker"), place.serving("worker"):
        until(lambda: len(place.posted("Hello")) == len(people))
    assert sorted(place.posted("Hello")) == sorted(set(place.posted("Hello")))
