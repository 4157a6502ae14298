"""The two questions to a fact: was it true on a day, and did we believe it at an instant (docs/adr/0005)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from bot.store.tables.column_types import Bitemporal

Clauses = list[ColumnElement[bool]]


def not_superseded(table: type[Bitemporal], known_at: datetime | None = None) -> Clauses:
    """Known at an instant of the database's time: recorded_at ≤ T < superseded_at; None asks for now."""
    if known_at is None:
        return [col(table.superseded_at).is_(None)]
    not_yet_superseded = or_(col(table.superseded_at).is_(None), col(table.superseded_at) > known_at)
    return [col(table.recorded_at) <= known_at, not_yet_superseded]


def as_of(table: type[Bitemporal], on: date, known_at: datetime | None = None) -> Clauses:
    """True on a day of the organization's zone (valid_from ≤ D ≤ valid_to, empty = open), and believed."""
    still_true = or_(col(table.valid_to).is_(None), col(table.valid_to) >= on)
    return [col(table.valid_from) <= on, still_true, *not_superseded(table, known_at)]
