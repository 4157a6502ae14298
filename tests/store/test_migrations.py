"""The schema that migrations build is the one that the tables describe."""

from __future__ import annotations

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from bot.store.engine import Database
from bot.store.migrations import migrate, up_to_date
from bot.store.outbox.undeliverable import stuck_messages
from bot.store.tables import Deadline, Nudge, ProviderRow, ProviderStatusRow

OF_THE_FIRST_RELEASE = (
    "INSERT INTO person (id, name, guest, bot) VALUES (1, 'Cora', false, false)",
    """INSERT INTO provider (id, name, type, npi, owner_id, hired_on, status, status_from) VALUES
       (1, 'Lee', 'psychiatrist', '1234567893', 1, '2020-01-01', 'active', NULL),
       (2, 'Maya', 'pmhnp', NULL, 1, '2021-02-03', 'leave', '2026-10-01'),
       (3, 'Noor', 'lcsw', NULL, NULL, '2022-03-04', 'ended', NULL)""",
    "INSERT INTO credential (id, provider_id, type, jurisdiction) VALUES (1, 1, 'license', 'NY')",
    """INSERT INTO deadline (id, kind, acts, provider_id, credential_id, due_on, opened_on, ladder)
       VALUES (7, 'expiry', 'provider', 1, 1, '2026-12-31', '2026-11-01', '[-30, 0]')""",
    """INSERT INTO nudge (id, deadline_id, due_on, rung, recipient, at)
       VALUES (9, 7, '2026-12-31', '-30', 'person:1', '2026-12-01 14:00:00')""",
    """INSERT INTO outbox_message (id, kind, subject, facts, channel, key, state, attempts, created_at, looked) VALUES
       (1, 'nudge', 9, '{}', 'person:1', 'a', 'sent', 1, '2026-12-01 14:00:00', 0),
       (2, 'nudge', 9, '{}', 'person:1', 'b', 'failed', 1, '2026-12-01 14:00:00', 0),
       (3, 'nudge', 9, '{}', 'person:1', 'c', 'asked', 1, '2026-12-01 14:00:00', 0)""",
)


def filled(old: Database) -> Database:
    """Providers, a credential, a deadline and what was said of it, as the first release wrote them; then migrated."""
    with old.engine.begin() as connection:
        for statement in OF_THE_FIRST_RELEASE:
            connection.execute(text(statement))
    migrate(old.engine)
    return old


def test_migrations_build_exactly_the_tables(db: Database) -> None:
    """Nothing is left for autogenerate to add after the newest migration."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrating_twice_changes_nothing(db: Database) -> None:
    """A database that is up to date stays as it is."""
    assert migrate(db.engine) == migrate(db.engine)
    assert up_to_date(db.engine)


def test_an_old_database_gets_the_newest_schema(old_db: Database) -> None:
    """Nothing is left for autogenerate to add after an old database with data was brought up to date."""
    with filled(old_db).engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})

        assert compare_metadata(context, SQLModel.metadata) == []
        assert {i["name"] for i in inspect(connection).get_indexes("deadline")} >= {
            "deadlines_to_look_at",
            "one_open_deadline_a_credential_id",
            "one_open_deadline_a_task_id",
        }


def test_an_old_status_is_carried_over_with_its_date(old_db: Database) -> None:
    """Who was on leave or had ended still is; who was active needs no row; nothing else of a provider changes."""
    with filled(old_db).reading() as session:
        rows = session.exec(select(ProviderStatusRow).order_by("id")).all()
        lee = session.get_one(ProviderRow, 1)

    said = [(row.provider_id, row.status, row.valid_from) for row in rows]
    assert said == [(2, "leave", date(2026, 10, 1)), (3, "ended", date(2022, 3, 4))]
    assert (lee.npi, lee.owner_id, lee.hired_on) == ("1234567893", 1, date(2020, 1, 1))


def test_old_deadlines_keep_their_nudges(old_db: Database) -> None:
    """The table of deadlines is made anew on SQLite, and what was said of them still points at them."""
    with filled(old_db).reading() as session:
        deadline, nudge = session.get_one(Deadline, 7), session.get_one(Nudge, 9)

    assert (deadline.ladder, nudge.deadline_id, nudge.refused_at) == ((-30, 0), 7, None)


def test_old_messages_that_wait_for_a_person_are_in_their_index(old_db: Database) -> None:
    """What failed, or was asked about, before there was the index is found by it; what was sent is not."""
    database = filled(old_db)
    with database.engine.connect() as connection:
        assert "outbox_for_a_person" in {i["name"] for i in inspect(connection).get_indexes("outbox_message")}
    with database.reading() as session:
        assert [message.id for message in stuck_messages(session)] == [2, 3]


def test_a_migrated_deadline_still_has_one_subject(old_db: Database) -> None:
    """The constraint that a deadline is about exactly one thing holds, and that may be a task now."""
    with filled(old_db).engine.connect() as connection:
        connection.execute(
            text(
                """INSERT INTO task (id, provider_id, kind, key, facts, opened_at)
                   VALUES (3, 1, 'tail_cover', 'k', '{}', '2026-12-01 14:00:00')"""
            )
        )
        connection.execute(text("UPDATE deadline SET credential_id = NULL, task_id = 3"))
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE deadline SET task_id = NULL"))


def test_references_are_checked_after_a_migration(old_db: Database) -> None:
    """SQLite's foreign keys are off while a table is made anew, and on again afterwards."""
    with filled(old_db).engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE nudge SET deadline_id = 99"))


def test_an_npi_that_was_cleared_before_is_known_from_its_event(old_db: Database) -> None:
    """Who a number was taken from stands in the audit chain of older versions; an unreadable event stops nothing."""
    migrate(old_db.engine, to="0008")
    changed = (
        "INSERT INTO audit_event (seq, at, actor, act, subject, before, after, previous_hash, hash, key_id) VALUES"
        " (:seq, '2026-05-01 12:00:00', 'U1', 'provider_changed', :subject, :before, :after, '', '', '')"
    )
    with old_db.engine.begin() as connection:
        connection.execute(text("INSERT INTO provider (id, name, type) VALUES (1, 'Lee', 'psychiatrist')"))
        for seq, subject, before, after in (
            (1, "provider:1", '{"npi": "1234567893"}', '{"npi": null}'),
            (2, "provider:1", '{"npi": null}', '{"npi": "1992999874"}'),
            (3, "provider:9", '{"npi": "1679576722"}', '{"npi": null}'),
            (4, "provider:1", "[]", "{}"),
        ):
            connection.execute(text(changed), {"seq": seq, "subject": subject, "before": before, "after": after})
    migrate(old_db.engine)
    with old_db.engine.connect() as connection:
        kept = connection.execute(text("SELECT provider_id, npi FROM former_npi")).all()
    assert kept == [(1, "1234567893")]
