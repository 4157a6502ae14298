"""PostgreSQL is gone for a while under load: Slack hears in time, people keep what they typed, the rest catches up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store.engine import Database
from tests.stories.conftest import PEOPLE, Clinic
from tests.stories.scenes import APPROVALS, CORE, approves, requests, row, rows
from tests.stories.trouble import server_gone

AWAY = "I can't reach something I need right now."


@pytest.fixture
def database_url(postgres_db: Database) -> str:
    """These stories are about a server."""
    return postgres_db.url


def test_everybody_is_told_and_nothing_typed_is_lost(clinic: Clinic) -> None:
    """All type at once while the server is gone: each is acknowledged and told; **Try again** works once it is back."""
    people = [getattr(clinic, handle) for handle in PEOPLE]
    with server_gone(clinic):
        with ThreadPoolExecutor(len(people)) as threads:
            assert max(threads.map(lambda who: who.types("/cred add @lee bls 2027-01-15").seconds, people)) < 3
        for who in people:
            who.sees(AWAY)
    clinic.cora.clicks("Try again")
    clinic.cora.sees("Recorded: BLS for Lee Chen, expires Jan 15, 2027")


def test_what_waits_goes_out_when_it_is_back(clinic: Clinic) -> None:
    """A reminder that Slack asked to hold back is delivered once after the outage, by the same process."""
    clinic.roster(row("license", "2026-12-31"))
    clinic.workspace.faults.add("chat.postMessage", "ratelimited", seconds=2)
    clinic.on("2026-11-23", "11:05")
    with server_gone(clinic):
        assert clinic.lee.types("/cred queue").seconds < 3
        clinic.lee.sees(AWAY)
    clinic.lee.sees("Expires in 38 days", in_="dm")
    clinic.settled()
    assert clinic.lee.reads("dm").count("Expires in 38 days") == 1


def test_a_vote_during_the_outage_counts_once_or_not_at_all(clinic: Clinic) -> None:
    """A click while the server is gone changes nothing and is answered; pressed again it counts once."""
    clinic.roster(*rows(CORE))
    requests(clinic, "Psychiatry, core")
    clinic.dana.sees("What the file shows", in_=APPROVALS)
    clinic.delivered()
    with server_gone(clinic):
        clinic.dana.clicks("Approve", in_=APPROVALS)
        clinic.dana.sees(AWAY)
    assert clinic.acts("vote_cast") == 0
    approves(clinic.dana)
    clinic.lee.sees("Congratulations!", in_="dm")
    assert clinic.acts("vote_cast") == 1
