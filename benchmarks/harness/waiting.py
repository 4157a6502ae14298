"""Many short messages that wait to be sent, to people whose direct messages are open."""

from __future__ import annotations

from sqlalchemy import text

from bot.store.engine import Database

PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {people})
INSERT INTO person (id, slack_user_id, name, dm_channel, guest, bot)
SELECT i, 'U' || i, 'Lee Chen', 'D' || i, false, false FROM n"""
MESSAGES = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last})
INSERT INTO outbox_message (kind, subject, facts, channel, key, state, attempts, search_attempts, created_at)
SELECT 'answer', 0, '{{"text": "Saved.", "blocks": []}}', 'person:' || (1 + i % {people}), 'answer:' || i,
       'pending', 0, 0, '2026-11-23 14:59:00.000000'
FROM n"""


def fill(db: Database, messages: int, people: int) -> None:
    """Everybody has as many as everybody else; the first of each come first."""
    with db.engine.begin() as connection:
        connection.execute(text(PEOPLE.format(people=people)))
        connection.execute(text(MESSAGES.format(last=messages - 1, people=people)))
    if not db.on_sqlite:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
