"""A database with very many deadlines, of which some are due; and taking a sweep back, to sweep again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    cast,
    false,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    update,
)
from sqlmodel import SQLModel

from benchmarks.harness.places import MONDAY, ZONE
from bot.store.bulk import table
from bot.store.engine import Database
from bot.store.tables import CredentialRow, Deadline, Nudge, NudgeDay, OutboxMessage, PersonRow, ProviderRow

MOST_DUE = 2_000
PER_PROVIDER = 100
BATCHES = 365
DUE_SINCE = MONDAY - timedelta(minutes=1)
DUE_ON = MONDAY.date() + timedelta(days=30)
LADDER = [-90, -60, -30, -14, -7, -1, 0]
SAID = ("-90", "-60")
NUMBER: ColumnElement[int] = literal_column("i", Integer)
WORD: ColumnElement[str] = cast(NUMBER, String)
NAME = literal("Lee Chen")
CREDENTIAL, DEADLINE, NUDGE = table(CredentialRow), table(Deadline), table(Nudge)
Columns = dict[str, ColumnElement[Any]]
EFFECT = ("outbox_message", "card", "nudge", "nudge_day")
"""The tables into which a sweep writes, those that refer to others first."""


def due_of(size: int) -> int:
    """How many of ``size`` deadlines are due, each another person's."""
    return min(MOST_DUE, size // PER_PROVIDER)


def fill(db: Database, size: int) -> None:
    """``size`` open deadlines; the first ones have been due for a minute, the others within a year."""
    fill_credentials(db, size)
    with db.engine.begin() as connection:
        _fill_deadlines(connection, size)
    _settle_down(db)


def fill_credentials(db: Database, size: int) -> None:
    """``size`` licenses, a hundred a provider, each provider with a Slack account."""
    providers = size // PER_PROVIDER
    with db.engine.begin() as connection:
        account: Columns = {"slack_user_id": "U" + WORD, "guest": false(), "bot": false(), "time_zone": literal(ZONE)}
        _copies(connection, PersonRow, providers, name=NAME, **account)
        doctor: Columns = {"person_id": NUMBER, "type": literal("psychiatrist")}
        _copies(connection, ProviderRow, providers, name=NAME, **doctor)
        holder = 1 + (NUMBER - 1) % providers
        _copies(connection, CredentialRow, size, provider_id=holder, type=literal("license"), jurisdiction=WORD)


def take_back(db: Database) -> None:
    """As it was before the sweep."""
    with db.engine.begin() as connection:
        for name in EFFECT:
            earlier = f" WHERE rung NOT IN {SAID}" if name == "nudge" else ""
            connection.execute(text(f"DELETE FROM {name}{earlier}"))
        swept = DEADLINE.c.due_on == DUE_ON
        connection.execute(update(DEADLINE).where(swept).values(next_at=DUE_SINCE))
    _settle_down(db, *EFFECT, "deadline")


def effect(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """What a sweep wrote, but for ids and real times: to see that two ways of sweeping do the same."""
    day, message = table(NudgeDay), table(OutboxMessage)
    queries = {
        "days": select(day.c.recipient, day.c.local_date),
        "messages": select(message.c.kind, message.c.channel, message.c.state, func.count()).group_by(
            message.c.kind, message.c.channel, message.c.state
        ),
        "nudges": select(NUDGE.c.deadline_id, NUDGE.c.rung, NUDGE.c.recipient, NUDGE.c.nudge_day_id.is_(None)),
        "deadlines": select(DEADLINE.c.id, DEADLINE.c.next_at).where(DEADLINE.c.due_on == DUE_ON),
    }
    with db.engine.connect() as connection:
        return {name: sorted(map(tuple, connection.execute(query))) for name, query in queries.items()}


def _copies(connection: Connection, model: type[SQLModel], count: int, **columns: ColumnElement[Any]) -> None:
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n"
    rows = select(NUMBER, *columns.values()).select_from(text(f"({numbers}) AS numbers"))
    connection.execute(insert(table(model)).from_select(["id", *columns], rows))


def _fill_deadlines(connection: Connection, size: int) -> None:
    """By ranges of ids, each with another date."""
    due = due_of(size)
    _deadlines(connection, 1, due, DUE_ON, -30)
    step = max(1, (size - due) // BATCHES)
    for batch, first in enumerate(range(due + 1, size + 1, step)):
        _deadlines(connection, first, min(size, first + step - 1), MONDAY.date() + timedelta(days=91 + batch), -90)
    for rung in SAID:
        facts = (literal(DUE_ON), literal(rung), literal("person:0"), literal(MONDAY, NUDGE.c.at.type))
        rows = select(DEADLINE.c.id, *facts).where(DEADLINE.c.id <= due)
        connection.execute(insert(NUDGE).from_select(["deadline_id", "due_on", "rung", "recipient", "at"], rows))


def _deadlines(connection: Connection, first: int, last: int, due_on: date, rung: int) -> None:
    on = due_on + timedelta(days=rung)
    next_at = DUE_SINCE if due_on == DUE_ON else MONDAY + (on - MONDAY.date())
    facts = {
        "kind": literal("expiry"),
        "subject_type": literal("credential"),
        "assignee": literal("provider"),
        "due_on": literal(due_on),
        "opened_on": literal(MONDAY.date()),
        "ladder": literal(LADDER, DEADLINE.c.ladder.type),
        "on_lapse": literal("inactivate"),
        "next_at": literal(next_at, DEADLINE.c.next_at.type),
    }
    rows = select(CREDENTIAL.c.id, CREDENTIAL.c.id, CREDENTIAL.c.id, CREDENTIAL.c.provider_id, *facts.values())
    chosen = rows.where(CREDENTIAL.c.id.between(first, last))
    connection.execute(
        insert(DEADLINE).from_select(["id", "subject_id", "credential_id", "provider_id", *facts], chosen)
    )


def _settle_down(db: Database, *tables: str) -> None:
    """PostgreSQL counts and clears at its leisure; a measurement should not meet it at that."""
    if db.on_sqlite:
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM ANALYZE {', '.join(tables)}")
