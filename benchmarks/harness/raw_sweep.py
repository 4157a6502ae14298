"""The sweep as somebody would write it on the bare driver: the same rule, the same rows, nothing else.

It knows that nobody has had a message today and that every deadline waits for a provider with an account; it
neither shares work with other sweeps nor tries again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import make_url

from bot.rules.context import Context
from bot.rules.policy import OnLapse
from bot.rules.reminders.catalog import DeadlineKind
from bot.rules.reminders.schedule import OpenReminder, RungReached, next_word, speaks_up_at
from bot.store.engine import Database

DUE = """
SELECT d.id, d.kind, d.due_on, d.ladder, d.on_lapse, d.snoozed_until, d.answered_at, d.escalated_at,
       p.person_id, w.time_zone
FROM deadline d JOIN provider p ON p.id = d.provider_id JOIN person w ON w.id = p.person_id
WHERE d.closed_at IS NULL AND d.held_at IS NULL AND d.next_at <= ? ORDER BY d.next_at, d.id LIMIT 5000"""
SAID = """
SELECT n.deadline_id, n.rung, n.at FROM nudge n JOIN deadline d ON d.id = n.deadline_id AND d.due_on = n.due_on
WHERE d.closed_at IS NULL AND d.held_at IS NULL AND d.next_at <= ? ORDER BY n.id"""
CARDS = """
INSERT INTO card (kind, subject, channel, wanted_version, shown_version)
SELECT 'nudge_day', id, recipient, 1, 0 FROM nudge_day WHERE local_date = ? ORDER BY id"""
MESSAGES = """
INSERT INTO outbox_message (kind, subject, facts, channel, card_id, key, state, attempts, search_attempts, created_at)
SELECT c.kind, c.subject, '{}', c.channel, c.id, 'card:' || c.id || ':1', 'pending', 0, 0, ?
FROM card c JOIN nudge_day n ON n.id = c.subject WHERE n.local_date = ? ORDER BY c.id"""
DAYS = "INSERT INTO nudge_day (recipient, local_date)"
NUDGES = "INSERT INTO nudge (deadline_id, due_on, rung, recipient, nudge_day_id, at)"


class RawSqlite:
    """The sqlite3 module; instants are naive UTC text, as the schema keeps them."""

    def __init__(self, db: Database) -> None:
        self._connection = sqlite3.connect(db.url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")

    def begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def rows(self, sql: str, *values: Any) -> list[Any]:
        return self._connection.execute(sql, [_stored(value) for value in values]).fetchall()

    def insert(self, into: str, _: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        self._connection.executemany(f"{into} VALUES ({marks})", [[_stored(v) for v in row] for row in rows])

    def move(self, rows: Sequence[tuple[int, datetime | None]]) -> None:
        values = [(_stored(at), row_id) for row_id, at in rows]
        self._connection.executemany("UPDATE deadline SET next_at = ? WHERE id = ?", values)

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


class RawPostgres:
    """psycopg, with arrays through unnest: its quickest way for many rows."""

    def __init__(self, db: Database) -> None:
        url = make_url(db.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(url)

    def begin(self) -> None:
        """psycopg begins by itself."""

    def rows(self, sql: str, *values: Any) -> list[Any]:
        cursor = self._connection.execute(sql.replace("?", "%s"), values)
        return cursor.fetchall() if cursor.description else []

    def insert(self, into: str, types: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        columns = [list(column) for column in zip(*rows, strict=True)]
        self._connection.execute(f"{into} SELECT * FROM unnest({arrays})", columns)

    def move(self, rows: Sequence[tuple[int, datetime | None]]) -> None:
        self._connection.execute(
            "UPDATE deadline SET next_at = new.at FROM unnest(%s::int[], %s::timestamptz[]) AS new(id, at) "
            "WHERE deadline.id = new.id",
            [list(column) for column in zip(*rows, strict=True)],
        )

    def commit(self) -> None:
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()


def raw_sweep(raw: RawSqlite | RawPostgres, ctx: Context) -> int:
    """Writes what is due at ``ctx.now``; how many reminders that makes."""
    raw.begin()
    said: dict[int, list[RungReached]] = {}
    for deadline_id, rung, at in raw.rows(SAID, ctx.now):
        said.setdefault(deadline_id, []).append(RungReached(rung, _instant(at), told=False))
    nudges: list[tuple[Any, ...]] = []
    days, moves = set(), []
    for row in raw.rows(DUE, ctx.now):
        waiting, mine = _waiting(row), said.get(row[0], [])
        zone = ZoneInfo(row[9])
        plan = next_word(waiting, mine, ctx.now, zone, ctx.holidays)
        next_at = plan.next_at
        if plan.due:
            day, recipient = ctx.now.astimezone(zone).date(), f"person:{row[8]}"
            days.add((recipient, day))
            nudges += [(row[0], waiting.due_on, r.key, recipient, None, ctx.now) for r in plan.superseded]
            nudges.append((row[0], waiting.due_on, plan.due.key, recipient, day, ctx.now))
            mine = [*mine, RungReached(plan.due.key, ctx.now)]
        silent_at = speaks_up_at(waiting, mine, ctx.now, ctx.zone, ctx.holidays)
        moves.append((row[0], min(silent_at, next_at or silent_at) if silent_at else next_at))
    _write(raw, nudges, days, moves)
    raw.commit()
    return len(nudges)


def _write(raw: RawSqlite | RawPostgres, nudges: list[Any], days: set[tuple[str, date]], moves: list[Any]) -> None:
    raw.insert(DAYS, ("text", "date"), sorted(days))
    ids = {}
    for day in {day for _, day in days}:
        raw.rows(CARDS, day)
        raw.rows(MESSAGES, datetime.now(UTC), day)
        found = raw.rows("SELECT recipient, id FROM nudge_day WHERE local_date = ?", day)
        ids.update({(recipient, day): day_id for recipient, day_id in found})
    told = [(*row[:4], ids[row[3], row[4]] if row[4] else None, row[5]) for row in nudges]
    raw.insert(NUDGES, ("int", "date", "text", "text", "int", "timestamptz"), told)
    raw.move(moves)


def _waiting(row: Any) -> OpenReminder:
    _, kind, due_on, ladder, on_lapse, snoozed, answered, escalated, _, _ = row
    return OpenReminder(
        DeadlineKind(kind),
        due_on if isinstance(due_on, date) else date.fromisoformat(due_on),
        tuple(json.loads(ladder) if isinstance(ladder, str) else ladder),
        OnLapse(on_lapse),
        snoozed,
        answered,
        escalated,
    )


def _instant(at: datetime | str) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
