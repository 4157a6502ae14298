"""Starting with a backlog, and ending within ten seconds of SIGTERM whatever goes on: nothing is left half done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import select

from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.outbox import messages
from bot.store.tables import PersonRow
from tests.conftest import KEY
from tests.server.processes.conftest import PATIENCE, PEOPLE, Place, license_of, until
from tests.server.processes.test_http_processes import on_postgres  # noqa: F401  (a fixture)

BACKLOG = 10_000
BLS = "SELECT count(*) FROM credential_term t JOIN credential c ON c.id = t.credential_id WHERE c.type = 'bls'"
LOCK = {"web": "audit_head", "worker": "outbox_message"}
HEARS = """
import signal, threading, time
from bot.server.lifecycle import hear_the_end
wait = hear_the_end()
def said_elsewhere():
    time.sleep(0.5)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
threading.Thread(target=said_elsewhere, daemon=True).start()
wait()
"""


def waiting(place: Place, count: int) -> None:
    """So many messages wait in the place's database, for all people in turn."""
    database = Database(f"sqlite:///{place.folder}/credbot.db", (KEY,))
    migrate(database.engine)
    with database.writing() as session:
        for handle, name in PEOPLE.items():
            direct = place.workspace.direct_message(place.id(handle)).id
            session.add(PersonRow(slack_user_id=place.id(handle), name=name, dm_channel=direct))
        session.flush()
        people = session.exec(select(PersonRow.id).order_by(PersonRow.id)).all()  # type: ignore[arg-type]
        for number in range(count):
            to = people[number % len(people)] or 0
            facts = {"code": "bug", "reference": f"B{number:05}"}
            messages.say(session, "alarm", to, f"person:{to}", key=str(number), facts=facts)
    database.dispose()


def states(place: Place) -> Counter[str]:
    with sqlite3.connect(place.folder / "credbot.db") as connection:
        return Counter(dict(connection.execute("SELECT state, count(*) FROM outbox_message GROUP BY state")))


def said(place: Place) -> list[str]:
    """What was posted, in order."""
    return [call.args["text"] for call in place.workspace.calls("chat.postMessage") if call.answer["ok"]]


def test_a_backlog_is_begun_at_its_oldest_and_left_in_order(place: Place) -> None:
    """Ten thousand wait: the process sends the oldest first at Slack's pace, and ends between two of them."""
    waiting(place, BACKLOG)
    with place.serving("run"):
        until(lambda: len(said(place)) >= 2 * len(PEOPLE))
    sent = said(place)
    assert sorted(sent) == sorted(
        f"Something failed on my side. The log has more under B{n:05}." for n in range(len(sent))
    )
    assert states(place) == Counter(sent=len(sent), pending=BACKLOG - len(sent))
    assert not [call for call in place.workspace.log if call.answer.get("error") == "ratelimited"]


def test_a_post_that_hangs_does_not_hold_up_the_end(place: Place) -> None:
    """SIGTERM while Slack leaves a post unanswered for longer than a platform waits: it ends in time, with status 0."""
    waiting(place, 1)
    place.workspace.faults.add("chat.postMessage", "slow", seconds=30)
    with place.serving("run", CREDBOT_SEND_LEASE="60"):
        until(lambda: not place.workspace.faults.waiting())
    assert states(place) == Counter(sending=1)


def test_an_end_under_load_leaves_every_change_whole(place: Place) -> None:
    """SIGTERM while many add credentials at once: each is recorded with its audit event, or not at all."""
    place.done(f"import roster {place.roster(license_of('Lee Chen', place.id('lee'), '2030-07-31'))}")
    place.done(f"role grant {place.id('cora')} coordinator")
    days = [f"20{year}-0{month}-15" for year in range(30, 40) for month in (1, 4, 7)]
    with ThreadPoolExecutor(len(days)) as threads, place.serving("run") as process:
        typed = [threads.submit(place.cora.types, f"/cred add @lee bls {day}", may_fail=True) for day in days]
        until(lambda: any(one.done() for one in typed))
        assert process.stopped() < 10
    with sqlite3.connect(place.folder / "credbot.db") as connection:
        terms = connection.execute(BLS).fetchone()[0]
        events = "SELECT count(*) FROM audit_event WHERE act IN ('term_recorded', 'term_renewed') AND actor = ?"
        assert connection.execute(events, [place.id("cora")]).fetchone()[0] == terms
    place.done("audit verify")


def test_the_end_is_heard_whichever_thread_the_system_tells() -> None:
    """A signal that another thread receives ends the wait, though the main thread never takes a turn meanwhile."""
    assert subprocess.run([sys.executable, "-c", HEARS], timeout=PATIENCE, check=False).returncode == 0


@pytest.mark.parametrize("word", LOCK)
def test_a_database_that_hangs_does_not_hold_up_the_end(on_postgres: Place, word: str) -> None:  # noqa: F811
    """SIGTERM while somebody else's lock keeps the process waiting: it ends in time, and what waited is not done."""
    place = on_postgres
    place.done("migrate")
    place.workspace.request_url = f"http://127.0.0.1:{place.environment['PORT']}/slack/events"
    engine = create_engine(place.environment["DATABASE_URL"])
    with place.serving(word) as process, engine.connect() as other:
        other.execute(text(f"LOCK TABLE {LOCK[word]} IN ACCESS EXCLUSIVE MODE"))
        if word == "web":
            place.cora.types("/cred queue")
        until(lambda: other.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())
        assert process.stopped() < 10
    with engine.connect() as afterwards:
        assert afterwards.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
    engine.dispose()
