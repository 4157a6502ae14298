"""What follows when somebody else answers: what waits goes along, and of another owner both hear in one message each.

Reminders find whoever answers by themselves, day by day; cards that were sent on their own have to be brought.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session, col, select, update

from bot.changes.reminders.help_requests import CARD as HELP
from bot.changes.reminders.tasks import CARD as TASK
from bot.rules.context import Context
from bot.rules.people.models import Person, Responsible
from bot.rules.people.recipients import to_person
from bot.rules.privileges.models import LineState
from bot.rules.reminders.catalog import OWNER, DeadlineKind, SubjectType
from bot.store.bulk import among, table
from bot.store.database_time import database_now
from bot.store.outbox import messages
from bot.store.people import accounts
from bot.store.reminders.deadlines import refresh_messages
from bot.store.tables import Card, Deadline, PrivilegeRequest, RequestLine
from bot.store.tables.column_types import required
from bot.store.tables.reminders import is_about

TO, FROM = "assigned_to_you", "assigned_from_you"
DEADLINE = table(Deadline)


def hand_over(session: Session, ctx: Context, actor: Person, before: Mapping[int, Responsible]) -> None:
    """``before``: who answered for these providers until this change. Call it once their rows are written."""
    session.flush()
    after = accounts.responsible_for(session, list(before), on=ctx.today, admins=ctx.admins)
    moved = {key: now for key, now in after.items() if _id(now.owner) != _id(before[key].owner)}
    if not moved:
        return
    waiting = _open_tasks(session, moved)
    _begin_anew(session, ctx, waiting)
    _move_cards(session, moved)
    _tell(session, actor, before, moved)


def acting_for_cards(session: Session, ctx: Context, on: date | None = None) -> dict[int, Responsible]:
    """Who answers, on a day, for everybody about whom a card waits; today unless something looks back."""
    about = {provider_id for _, provider_id, _ in _waiting_cards(session)}
    return accounts.responsible_for(session, about, on=on or ctx.today, admins=ctx.admins) if about else {}


def pass_on(session: Session, ctx: Context, before: Mapping[int, Responsible]) -> None:
    """``before``: what ``acting_for_cards`` said until somebody left or came back."""
    if not before:
        return
    after = accounts.responsible_for(session, list(before), on=ctx.today, admins=ctx.admins)
    _move_cards(session, {key: now for key, now in after.items() if _id(now.acting) != _id(before[key].acting)})


def _open_tasks(session: Session, provider_ids: Collection[int]) -> list[int]:
    query = select(Deadline.id).where(
        among(session, DEADLINE.c.provider_id, provider_ids),
        col(Deadline.assignee) == OWNER,
        col(Deadline.closed_at).is_(None),
    )
    return [required(found) for found in session.exec(query.order_by(col(Deadline.id)))]


def _begin_anew(session: Session, ctx: Context, deadline_ids: Collection[int]) -> None:
    """Another owner is an answer: nobody is asked over their head for what the one before left."""
    session.execute(
        update(Deadline)
        .where(
            among(session, DEADLINE.c.id, deadline_ids),
            col(Deadline.next_at).is_not(None),
            col(Deadline.kind) != DeadlineKind.PREPARE.value,
        )
        .values(answered_at=ctx.now, next_at=ctx.now)
    )
    refresh_messages(session, deadline_ids)


def _move_cards(session: Session, moved: Mapping[int, Responsible]) -> None:
    """Whoever acts now gets a card; one who has nothing to do with it any more reads with whom it is."""
    for kind, provider_id, subject in _waiting_cards(session):
        if provider_id in moved:
            if acting := moved[provider_id].acting:
                messages.open_card(session, kind, subject, to_person(acting.id))
            messages.refresh(session, kind, subject)


def _waiting_cards(session: Session) -> list[tuple[str, int, int]]:
    """Kind, provider and subject: calls for help, tasks told at once, requests that wait for a meeting."""
    calls = select(Deadline.provider_id, Deadline.subject_id).where(
        col(Deadline.kind) == DeadlineKind.HELP.value, col(Deadline.closed_at).is_(None)
    )
    told = (
        select(Deadline.provider_id, Deadline.subject_id)
        .join(Card, is_about(SubjectType.TASK, col(Card.subject)) & (col(Card.kind) == TASK))
        .where(col(Deadline.closed_at).is_(None))
        .distinct()
    )
    referred = (
        select(PrivilegeRequest.provider_id, PrivilegeRequest.id)
        .join(RequestLine, col(RequestLine.request_id) == col(PrivilegeRequest.id))
        .where(RequestLine.state == LineState.REFERRED.value)
    )
    found = ((HELP, calls), (TASK, told), ("referred_dm", referred))
    return sorted((kind, about, required(subject)) for kind, query in found for about, subject in session.exec(query))


def _tell(session: Session, actor: Person, before: Mapping[int, Responsible], moved: Mapping[int, Responsible]) -> None:
    """Whoever did it knows; the others hear in one message, however many files it is about."""
    news: dict[tuple[str, int], list[int]] = defaultdict(list)
    for provider_id, now in sorted(moved.items()):
        for kind, told in ((TO, now.owner), (FROM, before[provider_id].owner)):
            if told and told.id != actor.id and accounts.reachable(told):
                news[kind, told.id].append(provider_id)
    at = database_now(session).isoformat()
    for (kind, person_id), provider_ids in sorted(news.items()):
        facts = {"by": actor.name, "providers": provider_ids}
        messages.say(session, kind, person_id, to_person(person_id), key=f"{kind}:{person_id}:{at}", facts=facts)


def _id(someone: Person | None) -> int | None:
    return someone.id if someone else None
