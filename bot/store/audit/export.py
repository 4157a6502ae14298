"""The audit chain, for a file: event by event, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from bot.store.audit import BATCH, content_of
from bot.store.reports.restricted import shown_event
from bot.store.tables import AuditEvent


def exported_events(session: Session) -> Iterator[dict[str, Any]]:
    """Every event in order as plain JSON, with its hash; restricted parts are named, not shown."""
    query = select(AuditEvent).order_by(col(AuditEvent.seq))
    for event in session.exec(query.execution_options(yield_per=BATCH)):
        yield {**shown_event(content_of(event.model_dump())), "hash": event.hash}
        session.expunge(event)
