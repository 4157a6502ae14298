"""Messages that did not get through, and forms whose result found nobody looking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column
from sqlmodel import Session, col, func, select

from bot.rules.people.recipients import person_in
from bot.rules.workspace.undeliverable import UndeliverableList, UndeliverableMessage
from bot.store.lookups import LARGEST
from bot.store.outbox.messages import refresh
from bot.store.tables import Card, OutboxMessage, PersonRow

LIST = "stuck"
"""The kind of an admin's list; its subject is a day."""
LEFT_FORM = "left_form"
FOR_A_PERSON: tuple[ColumnElement[str], ...] = (literal_column("'asked'"), literal_column("'failed'"))
"""Written out in the SQL, as their partial index has them."""
IS_FOR_A_PERSON = col(OutboxMessage.state).in_(FOR_A_PERSON)
MOST_GROUPS, MOST_OF_A_GROUP = 10, 100
MOST_LISTED = 100
MOST_SETTLED, MOST_LOOKED_AT = 10, 100


def stuck_messages(session: Session) -> list[UndeliverableMessage]:
    """What waits for an admin's word, the oldest first, at most ``MOST_LISTED``."""
    waiting = select(OutboxMessage).where(IS_FOR_A_PERSON).order_by(col(OutboxMessage.id)).limit(MOST_LISTED)
    return [_as_asked(session, row) for row in session.exec(waiting)]


def read_stuck(session: Session, claim_day: int, conversation: str) -> UndeliverableList:
    """The list of a day (``date.toordinal``) in an admin's DM: all that is open now, and what was settled that day."""
    if (newest_list(session, conversation) or claim_day) > claim_day:
        return UndeliverableList((), 0, (), moved=True)
    waiting = session.exec(select(func.count()).select_from(OutboxMessage).where(IS_FOR_A_PERSON)).one()
    shown = tuple(tuple(_as_asked(session, row) for row in group) for group in _groups(session))
    more = waiting - sum(map(len, shown))
    return UndeliverableList(shown, more, tuple(_settled_on(session, date.fromordinal(claim_day))))


def group_of(session: Session, row: OutboxMessage, last: int) -> list[int]:
    """A message, and what failed in the same place for the same reason, up to the one called ``last``.

    Messages of one place fail in their order, so that what failed since a list was shown comes after its last.
    """
    alike = (
        OutboxMessage.state == "failed",
        OutboxMessage.channel == row.channel,
        col(OutboxMessage.error).is_not_distinct_from(row.error),
        col(OutboxMessage.id).between((row.id or 0) + 1, last),
    )
    others = session.exec(select(OutboxMessage.id).where(*alike).order_by(col(OutboxMessage.id)))
    return [row.id or 0, *(one for one in others if one)]


def newest_list(session: Session, conversation: str | None = None) -> int | None:
    """The day of the newest list, in one DM or anywhere."""
    here = () if conversation is None else (Card.channel == conversation,)
    return session.exec(select(func.max(Card.subject)).where(Card.kind == LIST, *here)).one()


def _groups(session: Session) -> Iterator[Sequence[OutboxMessage]]:
    """Each uncertain one by itself; failed ones with those that failed for the same reason in the same place.

    The groups that wait longest, and of each what fits into a list.
    """
    failed = col(OutboxMessage.state) == "failed"
    alike = (
        case((failed, 0), else_=OutboxMessage.id),
        case((failed, OutboxMessage.channel)),
        case((failed, OutboxMessage.error)),
    )
    first = func.min(OutboxMessage.id)
    firsts = select(first).where(IS_FOR_A_PERSON).group_by(*alike).order_by(first).limit(MOST_GROUPS)
    heads = session.exec(select(OutboxMessage).where(col(OutboxMessage.id).in_(firsts)).order_by(col(OutboxMessage.id)))
    for head in heads.all():
        yield [head] if head.state == "asked" else _failed_alike(session, head)


def _failed_alike(session: Session, head: OutboxMessage) -> Sequence[OutboxMessage]:
    of_group = (
        IS_FOR_A_PERSON,
        OutboxMessage.state == "failed",
        OutboxMessage.channel == head.channel,
        col(OutboxMessage.error).is_not_distinct_from(head.error),
    )
    query = select(OutboxMessage).where(*of_group).order_by(col(OutboxMessage.id)).limit(MOST_OF_A_GROUP)
    return session.exec(query).all()


def _settled_on(session: Session, day: date) -> list[UndeliverableMessage]:
    """The newest that an admin settled on a day."""
    answered = select(OutboxMessage).where(col(OutboxMessage.answer).is_not(None))
    newest = session.exec(answered.order_by(col(OutboxMessage.id).desc()).limit(MOST_LOOKED_AT)).all()
    settled = [row for row in newest if row.answer and row.answer.get("on") == day.isoformat()]
    return [_as_asked(session, row) for row in reversed(settled[:MOST_SETTLED])]


def _as_asked(session: Session, row: OutboxMessage) -> UndeliverableMessage:
    answer = row.answer or {}
    return UndeliverableMessage(
        row.id or 0,
        row.kind,
        row.state,
        _where(session, row.channel),
        row.error,
        answer.get("answer"),
        answer.get("by"),
    )


def ask_about(session: Session, message_id: int, on: date) -> tuple[int, str | None]:
    """A message got stuck (again): it is in today's list, whose day is returned; earlier lists point at it.

    Whatever an admin said before is about an earlier try; when that was said, if it was.
    """
    row = session.get_one(OutboxMessage, message_id)
    said_at = row.answer["at"] if row.answer else None
    row.answer = None
    return todays_list(session, on), said_at


def todays_list(session: Session, on: date) -> int:
    """The day of the list that takes in what is new today; it is shown anew, and an earlier one points at it."""
    newest = newest_list(session)
    day = max(on.toordinal(), newest or 0)
    for which in {newest, day} - {None}:
        refresh(session, LIST, which or 0)
    return day


def read_left_form(session: Session, message_id: int) -> dict[str, Any] | None:
    """The form that somebody closed before it was saved; empty once it is forgotten, None where there is none."""
    row = session.get(OutboxMessage, message_id)
    form: dict[str, Any] | None = row.facts.get("form", {}) if row else None
    return form


def left_by(session: Session, message_id: int) -> str | None:
    """Who closed that form, as ``person:12``; None where the message is no such form."""
    row = session.get(OutboxMessage, message_id) if message_id <= LARGEST else None
    return row.channel if row and row.kind == LEFT_FORM else None


def _where(session: Session, channel: str) -> str:
    person_id = person_in(channel)
    if person_id is None:
        return channel
    person = session.get(PersonRow, person_id)
    return person.name if person else channel
