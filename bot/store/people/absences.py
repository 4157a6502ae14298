"""Who is away, from when to when, and who stands in for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from bot.rules.people.models import AbsenceView
from bot.store.as_of import as_of, not_superseded
from bot.store.bulk import table
from bot.store.tables import Absence, PersonRow


def away_on(session: Session, day: date) -> dict[int, AbsenceView]:
    """Everybody who is away on a day, by person; where two absences overlap the one stated last counts."""
    rows = session.execute(_query().where(*as_of(Absence, day)).order_by(col(Absence.id)))
    return {row.person_id: AbsenceView(*row) for row in rows}


def absences_of(session: Session, person_ids: Collection[int], since: date) -> list[AbsenceView]:
    """These people's absences that end on ``since`` or later, the earliest first."""
    query = _query().where(
        col(Absence.person_id).in_(person_ids), col(Absence.valid_to) >= since, *not_superseded(Absence)
    )
    return [AbsenceView(*row) for row in session.execute(query.order_by(col(Absence.valid_from), col(Absence.id)))]


def stood_in_for(session: Session, delegate_id: int, since: date) -> list[AbsenceView]:
    """The absences in which somebody stands in, those to come included, the earliest first."""
    theirs = _query().where(
        col(Absence.delegate_id) == delegate_id, col(Absence.valid_to) >= since, *not_superseded(Absence)
    )
    return [AbsenceView(*row) for row in session.execute(theirs.order_by(col(Absence.valid_from), col(Absence.id)))]


def turning_days(session: Session, since: date) -> list[date]:
    """The days after ``since`` on which somebody leaves or is back, in order."""
    query = select(col(Absence.valid_from), col(Absence.valid_to)).where(col(Absence.valid_to) >= since)
    rows = session.execute(query.where(*not_superseded(Absence))).all()
    days = {row.valid_from for row in rows} | {row.valid_to + timedelta(days=1) for row in rows}
    return sorted(day for day in days if day > since)


def read_absence(session: Session, absence_id: int) -> tuple[AbsenceView, bool]:
    """One absence, and whether it still stands. LookupError if there is none."""
    row = session.execute(_query().add_columns(col(Absence.superseded_at)).where(col(Absence.id) == absence_id)).first()
    if row is None:
        raise LookupError(f"no absence {absence_id}")
    return AbsenceView(*row[:-1]), row.superseded_at is None


def _query() -> Select[Any]:
    person, delegate = table(PersonRow).alias(), table(PersonRow).alias()
    return (
        select(
            col(Absence.id),
            col(Absence.person_id),
            person.c.name,
            col(Absence.valid_from),
            col(Absence.valid_to),
            col(Absence.delegate_id),
            delegate.c.name,
        )
        .join(person, person.c.id == col(Absence.person_id))
        .outerjoin(delegate, delegate.c.id == col(Absence.delegate_id))
    )
