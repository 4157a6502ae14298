"""Forms that arrive at the same moment: one change, and everybody learns what became of theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.changes.credentials.recording import Duplicate, Recorded, record_term
from bot.changes.providers.profiles import ProviderFacts, Saved, save_provider
from bot.rules.context import Context
from bot.rules.credentials.input import CredentialInput
from bot.rules.refusals import Invalid
from bot.store.engine import Database
from bot.store.workspace import processed_events
from tests.support.credentials import Office, open_office

LICENSE = CredentialInput("license", "NY", "A-100", None, date(2028, 12, 31))


@pytest.fixture
def office(db: Database, ctx: Context) -> Office:
    return open_office(db, ctx)


def at_once(db: Database, change: Callable[[Any], Any], times: int = 10) -> list[Any]:
    """The results of a change that many threads begin in the same instant."""
    results: list[Any] = []
    ready = threading.Barrier(times)

    def begin() -> None:
        ready.wait()
        results.append(db.transact(change))

    threads = [threading.Thread(target=begin) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_form_that_slack_delivers_many_times_changes_something_once(office: Office) -> None:
    """The key commits with the change; every repeat waits for it and finds it there."""

    def submitted(session: Any) -> Any:
        if not processed_events.first_time(session, "form:1"):
            return "repeated"
        return record_term(session, office.ctx, office.lee, office.file_id, LICENSE)

    results = at_once(office.db, submitted)

    assert [type(r) for r in results if r != "repeated"] == [Recorded]
    assert results.count("repeated") == 9


def test_two_who_record_the_same_credential_do_not_record_it_twice(office: Office) -> None:
    """The first is recorded; the others learn that it is already on file."""
    results = at_once(
        office.db, lambda session: record_term(session, office.ctx, office.cora, office.file_id, LICENSE), times=6
    )

    assert sum(isinstance(r, Recorded) for r in results) == 1
    assert sum(isinstance(r, Duplicate) and r.same for r in results) == 5


def test_of_two_forms_with_one_npi_the_second_hears_whose_it_is(office: Office) -> None:
    """One provider is recorded; everybody else reads that the number is taken, and by whom."""

    def save(session: Any) -> Any:
        facts = ProviderFacts(name="Sam Roe", type="lcsw", npi="1234567893")
        return save_provider(session, office.ctx, office.cora, None, facts)

    results = at_once(office.db, save, times=4)

    assert sum(isinstance(result, Saved) for result in results) == 1
    refused = [result for result in results if isinstance(result, Invalid)]
    assert [(one.field, one.code, one.facts["name"]) for one in refused] == [("npi", "npi_taken", "Sam Roe")] * 3
