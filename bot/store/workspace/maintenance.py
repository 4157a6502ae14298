"""What ages: what Slack said of people, keys of payloads that Slack repeats no more, texts that nobody needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Text, and_, cast, delete, func, or_, update
from sqlmodel import Session, col, select, union

from bot.rules.reminders.catalog import SubjectType
from bot.store.bulk import among, table
from bot.store.outbox.undeliverable import LEFT_FORM
from bot.store.tables import Deadline, Nudge, OutboxMessage, PersonRow, ProcessedEvent, ProviderRow
from bot.store.tables.reminders import is_about


def people_refreshed_before(session: Session, instant: datetime) -> list[str]:
    """The Slack ids of whom we have not asked since then, the longest ago first."""
    long_ago = or_(col(PersonRow.refreshed_at).is_(None), col(PersonRow.refreshed_at) < instant)
    found = select(PersonRow.slack_user_id).where(col(PersonRow.slack_user_id).is_not(None), long_ago)
    return [user for user in session.exec(found.order_by(col(PersonRow.refreshed_at).nulls_first())).all() if user]


def addresses_without_account(session: Session) -> list[str]:
    """E-mail addresses of providers and people for whom no Slack account is known yet."""
    providers = select(func.lower(ProviderRow.email)).where(
        col(ProviderRow.person_id).is_(None), col(ProviderRow.email).is_not(None)
    )
    people = select(func.lower(PersonRow.email)).where(
        col(PersonRow.slack_user_id).is_(None), col(PersonRow.email).is_not(None)
    )
    return sorted(session.execute(union(providers, people)).scalars())


@dataclass(frozen=True, slots=True)
class UnreachableProvider:
    """A provider whom no message reaches. ``account``: the Slack id or e-mail address that led nowhere."""

    name: str
    account: str
    why: Literal["no_account", "unknown", "deactivated", "bot"]


def unreached(session: Session, provider_ids: Collection[int]) -> list[UnreachableProvider]:
    """Those of these providers whose address is nobody's in Slack, or whose account cannot be used, by name."""
    query = (
        select(ProviderRow, PersonRow)
        .outerjoin(PersonRow, col(ProviderRow.person_id) == col(PersonRow.id))
        .where(among(session, table(ProviderRow).c.id, provider_ids))
        .order_by(ProviderRow.name)
    )
    found = (_unreached(provider, person) for provider, person in session.exec(query).all())
    return [one for one in found if one]


def _unreached(provider: ProviderRow, person: PersonRow | None) -> UnreachableProvider | None:
    if person is None or person.slack_user_id is None:
        return UnreachableProvider(provider.name, provider.email, "no_account") if provider.email else None
    account = person.slack_user_id
    if person.bot:
        return UnreachableProvider(provider.name, account, "bot")
    if person.deactivated_at:
        return UnreachableProvider(provider.name, account, "deactivated")
    return None if person.refreshed_at else UnreachableProvider(provider.name, account, "unknown")


def forget_payloads(session: Session, before: datetime, most: int) -> int:
    """Deletes up to ``most`` keys of payloads that were acted on before then; returns how many."""
    old = select(ProcessedEvent.key).where(col(ProcessedEvent.at) < before).limit(most)
    gone = delete(ProcessedEvent).where(col(ProcessedEvent.key).in_(old)).returning(col(ProcessedEvent.key))
    return len(session.execute(gone).all())


def forget_sent_texts(session: Session, before: datetime, most: int) -> int:
    """Empties what was said in up to ``most`` messages that are over since then; returns how many."""
    return _empty(session, before, most, {"sent_text": None}, col(OutboxMessage.sent_text).is_not(None))


def forget_typed_forms(session: Session, before: datetime, most: int) -> int:
    """Empties the facts of up to ``most`` messages that are over; the digest's stay: they are the head it posted.

    A form's message is emptied though an admin never settled it: sent again, it says that the form is forgotten.
    """
    holds = and_(cast(col(OutboxMessage.facts), Text) != "{}", col(OutboxMessage.kind) != "digest")
    unsettled = and_(col(OutboxMessage.kind) == LEFT_FORM, col(OutboxMessage.state).in_(("asked", "failed")))
    return _empty(session, before, most, {"facts": {}}, holds, unsettled)


def forget_help_texts(session: Session, before: datetime, most: int) -> int:
    """Takes the words out of up to ``most`` calls for help that were answered; the audit event keeps them."""
    typed = (
        select(Nudge)
        .join(Deadline, is_about(SubjectType.NUDGE, col(Nudge.id)))
        .where(col(Deadline.closed_at) < before, cast(col(Nudge.answer), Text).contains('"text"'))
    )
    calls = session.exec(typed.order_by(col(Nudge.id)).limit(most)).all()
    for call in calls:
        call.answer = {name: said for name, said in (call.answer or {}).items() if name != "text"}
    session.flush()
    return len(calls)


def _empty(
    session: Session,
    before: datetime,
    most: int,
    values: Mapping[str, Any],
    holds: ColumnElement[bool],
    besides: ColumnElement[bool] | None = None,
) -> int:
    """Only of messages that are over: what waits, is on its way or asks an admin may still be needed as it is."""
    over = or_(col(OutboxMessage.state).in_(("sent", "dropped")), *([] if besides is None else [besides]))
    old = func.coalesce(OutboxMessage.sending_at, OutboxMessage.created_at) < before
    ids = select(OutboxMessage.id).where(over, old, holds).order_by(col(OutboxMessage.id)).limit(most)
    emptied = update(OutboxMessage).where(col(OutboxMessage.id).in_(ids)).values(values)
    return len(session.execute(emptied.returning(col(OutboxMessage.id))).all())
