"""What Slack says of people is asked again; what Slack will not repeat is forgotten."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import select

from bot.jobs.purge_events import purge_events
from bot.jobs.refresh_people import refresh_people
from bot.rules.context import Context
from bot.store.engine import Database
from bot.store.tables import AuditEvent, PersonRow, ProcessedEvent, ProviderRow, ProviderStatusRow

if TYPE_CHECKING:
    from conftest import Setup


LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def refresh(desk: Setup, ctx: Context) -> int:
    return refresh_people(desk.db, desk.slack, ctx, threading.Event())


def people(desk: Setup) -> dict[str, PersonRow]:
    with desk.db.reading() as session:
        return {person.name: person for person in session.exec(select(PersonRow)).all()}


def test_people_are_asked_about_once_a_day(both: Setup, ctx: Context) -> None:
    """Name and zone follow Slack; whoever was asked about today is not asked about again."""
    both.person("lee")
    both.workspace.person("lee").name = "Lee Chen-Ortiz"

    assert refresh(both, ctx) == 1
    assert refresh(both, ctx) == 0
    assert people(both)["Lee Chen-Ortiz"].time_zone == "America/Los_Angeles"


def test_a_deactivated_account_is_recorded_and_ends_nobody(desk: Setup, ctx: Context) -> None:
    """A deactivation leaves an audit event; the provider's file stays as it was."""
    lee = desk.person("lee")
    with desk.db.writing() as session:
        person_id = int(lee.removeprefix("person:"))
        session.add(ProviderRow(person_id=person_id, name="Lee Chen", type="psychiatrist"))
    desk.workspace.deactivate("lee")

    refresh(desk, ctx)

    with desk.db.reading() as session:
        acts = [event.act for event in session.exec(select(AuditEvent)).all()]
        statuses = session.exec(select(ProviderStatusRow)).all()
    assert people(desk)["Lee Chen"].deactivated_at is not None
    assert ("account_deactivated" in acts, statuses) == (True, [])


def test_an_imported_provider_is_linked_by_e_mail(both: Setup, ctx: Context) -> None:
    """A provider known by an address gets the account with that address, in any case."""
    with both.db.writing() as session:
        session.add(ProviderRow(name="Lee Chen", email="Lee@Clinic.test", type="psychiatrist"))

    refresh(both, ctx)

    with both.db.reading() as session:
        provider = session.exec(select(ProviderRow)).one()
    assert provider.person_id == people(both)["Lee Chen"].id


def test_an_address_that_slack_does_not_know_stays_unlinked(desk: Setup, ctx: Context) -> None:
    """A provider without an account is kept as they are, and asked about again another day."""
    with desk.db.writing() as session:
        session.add(ProviderRow(name="New Hire", email="new@clinic.test", type="psychiatrist"))

    assert refresh(desk, ctx) == 1
    with desk.db.reading() as session:
        assert session.exec(select(ProviderRow.person_id)).one() is None


def test_whoever_is_no_account_of_ours_is_not_believed(desk: Setup, ctx: Context) -> None:
    """An imported id of somebody from outside: what is for them goes to the owner, and nothing is kept of them."""
    outside = desk.workspace.add_person("pat", "Pat Partner", "pat@partner.test", "UTC", team_id="T0PARTNER")
    with desk.db.writing() as session:
        session.add(PersonRow(slack_user_id=outside, name=outside, refreshed_at=LONG_AGO))

    refresh(desk, ctx)

    kept = people(desk)[outside]
    assert (kept.email, kept.refreshed_at, kept.dm_refused_at is None) == (None, None, False)


def test_payloads_are_forgotten_after_two_days(db: Database) -> None:
    """Keys older than 48 hours go, younger ones stay."""
    now = datetime.now(UTC)
    with db.writing() as session:
        for hours in (1, 47, 49, 100):
            session.add(ProcessedEvent(key=f"{hours} hours", result={}, at=now - timedelta(hours=hours)))

    assert purge_events(db) == 2
    with db.reading() as session:
        assert sorted(session.exec(select(ProcessedEvent.key)).all()) == ["1 hours", "47 hours"]
