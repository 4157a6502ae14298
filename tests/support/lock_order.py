"""The one order of locks, watched on PostgreSQL where changes are tested: out of it, two can deadlock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.store.tables import (
    ApprovalStep,
    AuditHead,
    Card,
    Deadline,
    Nudge,
    OutboxMessage,
    PrivilegeGrant,
    PrivilegeRequest,
    ProviderRow,
)

ORDER = tuple(
    str(model.__tablename__)
    for model in (
        ProviderRow, PrivilegeRequest, ApprovalStep, PrivilegeGrant, Deadline, Nudge, Card, OutboxMessage, AuditHead,
    )
)  # fmt: skip
UPDATED = re.compile(r'\s*UPDATE\s+"?(\w+)')
LOCKED = re.compile(r"FOR (?:NO KEY )?UPDATE(?: OF \"?(\w+))?")
READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)')


class LockOrder:
    """Which tables' rows each transaction has locked, and every lock that came too late."""

    def __init__(self, engine: Engine) -> None:
        self.broken: list[str] = []
        self._held: dict[int, list[str]] = {}
        event.listen(engine, "before_cursor_execute", self._execute)
        for end in ("commit", "rollback"):
            event.listen(engine, end, self._end)

    def _execute(self, connection: Connection, _: Any, statement: str, *__: Any) -> None:
        held = self._held.setdefault(id(connection), [])
        for table in locked_by(statement):
            later = [one for one in held if ORDER.index(one) > ORDER.index(table)]
            if table not in held and later:
                self.broken.append(f"{table} is locked after {later[-1]}: {' '.join(statement.split())[:160]}")
            held.append(table)

    def _end(self, connection: Connection) -> None:
        self._held.pop(id(connection), None)


def locked_by(statement: str) -> Iterator[str]:
    """The tables in ``ORDER`` whose rows the statement locks."""
    updated, locked = UPDATED.match(statement), LOCKED.search(statement)
    named = [updated[1]] if updated else []
    if locked:
        named = [locked[1]] if locked[1] else READ.findall(statement)
    return (table for table in named if table in ORDER)
