"""Many rows in one statement. PostgreSQL takes arrays through unnest, SQLite is quick with executemany."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Insert,
    Integer,
    Select,
    Table,
    Update,
    any_,
    bindparam,
    column,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]
Rows = Sequence[Row]


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a model, for statements that must not pay for objects."""
    return model.metadata.tables[str(model.__tablename__)]


def on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def among(session: Session, one: ColumnElement[Any], wanted: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """Whether an id or a word is one of many: a single parameter, however many they are."""
    if on_postgresql(session):
        return one == any_(literal(list(wanted), ARRAY(one.type)))
    each = func.json_each(json.dumps(list(wanted))).table_valued("value")
    return one.in_(select(each.c.value))


def ranked(session: Session, ids: Sequence[int]) -> TableValuedAlias:
    """These ids as a table to join with: each ``value`` with its ``key``, which sorts as they do."""
    if on_postgresql(session):
        array = literal(list(ids), ARRAY(Integer))
        return func.unnest(array).table_valued(column("value", Integer), with_ordinality="key").render_derived()
    return func.json_each(json.dumps(list(ids))).table_valued("value", "key")


def insert_rows(session: Session, into: Table, rows: Rows) -> None:
    """Inserts rows of the same keys; those that are there already, by any unique constraint, stay as they are."""
    if not rows:
        return
    if on_postgresql(session):
        names = list(rows[0])
        insert_selected(session, into, names, select(*_unnested(into, names, rows).c))
        return
    _execute_many(session, sqlite.insert(into).on_conflict_do_nothing(), into, {name: name for name in rows[0]}, rows)


def insert_selected(session: Session, into: Table, columns: list[str], rows: Select[Any]) -> None:
    """INSERT … SELECT, with the same respect for what is there already."""
    new = postgresql.insert(into) if on_postgresql(session) else sqlite.insert(into)
    session.connection().execute(new.from_select(columns, rows).on_conflict_do_nothing())


def update_rows(session: Session, changed: Table, rows: Rows) -> None:
    """Updates rows by their ``id``; every row names the same columns."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    if on_postgresql(session):
        new = _unnested(changed, ["id", *names], rows)
        statement = update(changed).where(changed.c.id == new.c.id).values({name: new.c[name] for name in names})
        session.connection().execute(statement)
        return
    keys = {f"new_{name}": name for name in names} | {"of_id": "id"}
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(changed).where(changed.c.id == bindparam("of_id")).values(values)
    _execute_many(session, statement, changed, keys, rows)


def _execute_many(session: Session, statement: Insert | Update, of: Table, keys: Mapping[str, str], rows: Rows) -> None:
    """By the driver itself: for thousands of rows SQLAlchemy's work on each is most of what it costs.

    ``keys``: which column's value each of the statement's parameters takes.
    """
    dialect = session.get_bind().dialect
    compiled = statement.compile(dialect=dialect, column_keys=[key for key in keys if key in of.c])
    names = [keys[key] for key in compiled.positiontup or ()]
    as_stored = [of.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    columns = [
        [row[name] for row in rows] if stored is None else [stored(row[name]) for row in rows]
        for name, stored in zip(names, as_stored, strict=True)
    ]
    session.connection().exec_driver_sql(str(compiled), list(zip(*columns, strict=True)))


def _unnested(of: Table, names: Sequence[str], rows: Rows) -> TableValuedAlias:
    arrays = [literal([row[name] for row in rows], ARRAY(of.c[name].type, dimensions=1)) for name in names]
    return func.unnest(*arrays).table_valued(*(column(name, of.c[name].type) for name in names)).render_derived()
