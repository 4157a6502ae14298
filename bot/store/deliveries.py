"""Payloads of Slack that were acted on: the key commits with the change, so that a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from bot.rules.values import Role
from bot.store import people
from bot.store.moment import database_now
from bot.store.outbox import say
from bot.store.tables import SeenDelivery


def seen(session: Session, key: str) -> bool:
    """Whether this payload's change is committed already."""
    return session.get(SeenDelivery, key) is not None


def remember(session: Session, key: str) -> None:
    """Stores the key in the transaction of the change; the same key at the same time fails one of the two."""
    session.add(SeenDelivery(key=key, result={}, at=database_now(session)))


def tell_admins(
    session: Session, admins: Collection[str], on: date, code: str, key: str, facts: Mapping[str, Any]
) -> None:
    """An ``alarm`` to every admin's DM, once a ``key``. ``code`` names a macro of messages/alarms.j2."""
    for admin in people.holding(session, Role.ADMIN, on=on, admins=admins):
        if people.reachable(admin):
            say(
                session, "alarm", admin.id, f"person:{admin.id}",
                key=f"alarm:{code}:{key}:{admin.id}", facts={"code": code, **facts},
            )  # fmt: skip
