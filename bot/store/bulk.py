"""Many rows in one statement. PostgreSQL takes arrays through unnest, SQLite is quick with executemany."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Table,
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


def insert_rows(session: Session, into: Table, rows: Sequence[Row]) -> None:
    """Inserts rows of the same keys; those that are there already, by any unique constraint, stay as they are."""
    if not rows:
        return
    if on_postgresql(session):
        names = list(rows[0])
        insert_selected(session, into, names, select(*_unnested(into, names, rows).c))
        return
    session.connection().execute(sqlite.insert(into).on_conflict_do_nothing(), [dict(row) for row in rows])


def insert_selected(session: Session, into: Table, columns: list[str], rows: Select[Any]) -> None:
    """INSERT … SELECT, with the same respect for what is there already."""
    new = postgresql.insert(into) if on_postgresql(session) else sqlite.insert(into)
    session.connection().execute(new.from_select(columns, rows).on_conflict_do_nothing())


def update_rows(session: Session, changed: Table, rows: Sequence[Row]) -> None:
    """Updates rows by their ``id``; every row names the same columns."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    if on_postgresql(session):
        new = _unnested(changed, ["id", *names], rows)
        statement = update(changed).where(changed.c.id == new.c.id).values({name: new.c[name] for name in names})
        session.connection().execute(statement)
        return
    values = {name: bindparam(f"new_{name}", type_=changed.c[name].type) for name in names}
    statement = update(changed).where(changed.c.id == bindparam("of_id")).values(values)
    session.connection().execute(
        statement, [{"of_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
    )


def _unnested(of: Table, names: Sequence[str], rows: Sequence[Row]) -> TableValuedAlias:
    arrays = [literal([row[name] for row in rows], ARRAY(of.c[name].type, dimensions=1)) for name in names]
    return func.unnest(*arrays).table_valued(*(column(name, of.c[name].type) for name in names)).render_derived()
