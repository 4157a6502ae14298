"""Payloads of Slack that were acted on: the key commits with the change, so that a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.rules.people.recipients import to_person
from bot.store.bulk.upsert import insert_missing
from bot.store.database_time import database_now
from bot.store.outbox.messages import open_card, say
from bot.store.people import accounts
from bot.store.tables import ProcessedEvent


def first_time(session: Session, key: str) -> bool:
    """Claims the key in the transaction of its change; a repeat at the same time waits for that to end."""
    claim = insert_missing(session, ProcessedEvent).values(key=key, result={}, at=database_now(session))
    return session.execute(claim.returning(col(ProcessedEvent.key))).first() is not None


def forget(session: Session, key: str) -> None:
    """Nothing came of it: the corrected form may come again."""
    session.execute(delete(ProcessedEvent).where(col(ProcessedEvent.key) == key))


def tell_admins(
    session: Session,
    admins: Collection[str],
    on: date,
    code: str,
    key: str,
    facts: Mapping[str, Any],
    *,
    kind: str = "alarm",
) -> None:
    """A message to every admin's DM, once a ``key``. ``kind`` and ``code`` name the piece KIND_CODE."""
    for admin in accounts.reachable_admins(session, on=on, admins=admins):
        say(
            session, kind, admin.id, to_person(admin.id),
            key=f"{kind}:{code}:{key}:{admin.id}", facts={"code": code, **facts},
        )  # fmt: skip


def open_for_admins(session: Session, admins: Collection[str], on: date, kind: str, subject: int) -> None:
    """A card in every admin's DM."""
    for admin in accounts.reachable_admins(session, on=on, admins=admins):
        open_card(session, kind, subject, to_person(admin.id))
