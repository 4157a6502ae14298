"""Column types and the two pairs of clauses that several tables share."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Integer,
    Text,
    cast,
    type_coerce,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType
from sqlmodel import Field, SQLModel

from bot.store.tables import canonical_json


class _Text(UserDefinedType[str]):
    """A column of SQLite's whose text goes in and comes out as it is. ``kind``: what the schema calls it."""

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        return self.kind


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, naive UTC text on SQLite. Naive values are refused.

    Text as SQLAlchemy's own type writes it, made and read in C: a sweep turns thousands of them.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return super().load_dialect_impl(dialect) if dialect.name == "postgresql" else _Text("DATETIME")

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None).isoformat(" ", "microseconds")

    def process_result_value(self, value: datetime | str | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value.astimezone(UTC)


class LadderColumn(TypeDecorator[tuple[int, ...]]):
    """Days relative to a due date, as JSON. There are few ladders and many deadlines: each is turned once."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return super().load_dialect_impl(dialect) if dialect.name == "postgresql" else _Text("JSON")

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else _written(tuple(value))

    def process_result_value(self, value: Any, _: Dialect) -> tuple[int, ...] | None:
        return _read(value) if isinstance(value, str) else value and tuple(value)


class StrictJSON(TypeDecorator[Any]):
    """JSON that is hashed: read as the text that is stored, and refused where a name stands twice in it."""

    impl = JSON
    cache_ok = True

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """PostgreSQL's driver would read it by itself, and keep the last of two equal names."""
        return type_coerce(cast(column, Text), self)

    def result_processor(self, _: Dialect, __: object) -> Callable[[str | None], Any]:
        return lambda text: None if text is None else canonical_json.read(text)


@lru_cache
def _written(ladder: tuple[int, ...]) -> str:
    return json.dumps(ladder)


@lru_cache
def _read(ladder: str) -> tuple[int, ...]:
    return tuple(json.loads(ladder))


def instant(*, index: bool = False, default: Any = ...) -> Any:
    """A required instant, or an optional one with ``default=None``."""
    return Field(default=default, sa_type=Instant, index=index, nullable=default is None)


def json_column(default_factory: Callable[[], Any] = dict) -> Any:
    """Plain JSON that is always there."""
    return Field(default_factory=default_factory, sa_column=Column(JSON, nullable=False))


def optional_json() -> Any:
    return Field(default=None, sa_column=Column(JSON, nullable=True))


def hashed_json(*, optional: bool = False) -> Any:
    """JSON that a hash covers."""
    return Field(default=None if optional else ..., sa_column=Column(StrictJSON, nullable=optional))


def refers_to(table: str, *, index: bool = True, nullable: bool = False, unique: bool = False) -> Any:
    """A foreign key to ``table.id``; nothing it points at is ever deleted."""
    default: Any = None if nullable else ...
    return Field(
        default=default,
        sa_column=Column(Integer, ForeignKey(f"{table}.id"), index=index, nullable=nullable, unique=unique),
    )


def points_back_at(table: str) -> Any:
    """An id of ``table`` without a constraint: that table refers here already, and SQLite cannot close the circle."""
    return Field(default=None, sa_column=Column(Integer, index=True, nullable=True, comment=f"{table}.id"))


class EndedAs(StrEnum):
    """How a fact stopped being believed."""

    CORRECTED = "corrected"
    """Another row says it now."""
    VOIDED = "voided"
    """It was recorded by mistake: no row takes its place."""
    MOVED = "moved"
    """It belongs to somebody else, and is in their file."""
    SENT_BACK = "sent_back"
    """Whoever reported it is asked to look again."""


HOW_IT_ENDED = frozenset({"superseded_at", "superseded_by", "ended_as"})
"""The columns that are empty while a fact is believed."""


def how_it_ended() -> CheckConstraint:
    """What is no longer believed says how that came about; what is believed says nothing of the kind."""
    return CheckConstraint(
        "(superseded_at IS NULL) = (ended_as IS NULL) AND "
        "(ended_as IS NULL OR ended_as IN ('corrected', 'voided', 'moved', 'sent_back'))",
        name="how_it_ended",
    )


class Bitemporal(SQLModel):
    """When a fact is true (dates) and when we knew it (instants, the database's time). See ``store/as_of.py``.

    Each of its tables has ``how_it_ended()`` among its constraints.
    """

    valid_from: date
    valid_to: date | None = None
    recorded_at: datetime = instant()
    recorded_by: int | None = None
    """The person's id; None for the command line and imports."""
    superseded_at: datetime | None = instant(default=None)
    superseded_by: int | None = None
    """The person's id; None while it is believed, for the command line and imports, and for what time brings."""
    ended_as: str | None = None
    """One of ``EndedAs``; None while it is believed."""
    why: str | None = None
    """Why it was recorded so, or how it ended, in whoever's words; the audit trail has both."""


def required(row_id: int | None) -> int:
    """The id of a stored row."""
    if row_id is None:
        raise AssertionError("a stored row has an id")
    return row_id
