"""Where a chain begins and its key changes: events that Credbot records by itself, and remembers beside the chain.

A retired key may still read what it sealed. It can seal nothing new: the event that pins its end is the new key's.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.tables import AuditEvent, AuditHead, Setting

BEGUN, ROTATED = "chain_begun", "key_rotated"
DATABASE_ID = "database_id"
"""The setting that says which database this is, as the first event does."""
ROTATED_AT = "audit_key:"
"""The settings that say, by key, which event (SEQ:HASH) brought it in."""


class RetiredKeyError(Exception):
    """The first key was replaced by another before. The message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "CREDBOT_SECRET_KEY: its first key was retired, and seals nothing any more. Put the newest key first, or a "
            "fresh one: credbot doctor --new-key"
        )


def opening(session: Session, head: AuditHead, key: str) -> list[dict[str, Any]]:
    """What stands before the events of this transaction: a beginning, a change of key, or nothing. ``key`` is an id."""
    if head.seq == 0:
        return [_begun(session)]
    if head.key_id != key:
        refuse_retired(session, key)
        return [_rotated(head, key)]
    return []


def refuse_retired(session: Session, key: str) -> None:
    """Raises RetiredKeyError where this key has sealed, and the newest event is another's."""
    head = session.get(AuditHead, 1)
    if head is None or head.key_id in (None, key):
        return
    used = select(AuditEvent.id).where(col(AuditEvent.key_id) == key).limit(1)  # type: ignore[call-overload]
    if session.execute(used).first() or setting(session, f"{ROTATED_AT}{key}"):
        raise RetiredKeyError


def setting(session: Session, key: str) -> str | None:
    """Its value alone: what else stands in the row may be anything."""
    return session.execute(select(col(Setting.value)).where(col(Setting.key) == key)).scalar_one_or_none()


def remember_rotation(session: Session, key: str, seq: int, event_hash: str) -> None:
    """Kept beside the chain, so that a chain cut back to before it shows."""
    _remember(session, f"{ROTATED_AT}{key}", f"{seq}:{event_hash}")


def _begun(session: Session) -> dict[str, Any]:
    database_id = secrets.token_hex(16)
    _remember(session, DATABASE_ID, database_id)
    return _event(BEGUN, None, {"database_id": database_id})


def _rotated(head: AuditHead, key: str) -> dict[str, Any]:
    return _event(ROTATED, pinned(head.key_id, head.seq, head.hash), {"key_id": key})


def pinned(key: str | None, seq: int, event_hash: str) -> dict[str, Any]:
    """What a change of key says of the end of the key before."""
    return {"key_id": key, "seq": seq, "hash": event_hash}


def _event(act: str, before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    return {"actor": "credbot", "act": act, "subject": "chain", "reason": None, "before": before, "after": after}


def _remember(session: Session, key: str, value: str) -> None:
    """What is remembered already stays: a chain that was emptied does not begin anew unseen."""
    row = insert_missing(session, Setting).values(key=key, value=value, by="credbot", at=database_now(session))
    session.execute(row)
