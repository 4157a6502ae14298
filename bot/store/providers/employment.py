"""What providers are and will be: applicant, active, on leave, ended, rehired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session

from bot.rules.providers.employment import status_on
from bot.rules.providers.models import EmploymentStatus, Provider, ProviderStatus
from bot.store.as_of import not_superseded
from bot.store.bulk import among, table
from bot.store.tables import ProviderStatusRow

STATUS = table(ProviderStatusRow)


def still_here(session: Session, providers: Collection[Provider], on: date) -> list[Provider]:
    """Those of them who have not ended by that day, in the same order."""
    statuses = statuses_of(session, [who.id for who in providers])
    return [who for who in providers if status_on(statuses[who.id], on).status is not EmploymentStatus.ENDED]


def statuses_of(
    session: Session, provider_ids: Collection[int], known_at: datetime | None = None
) -> dict[int, tuple[ProviderStatus, ...]]:
    """By provider, every status believed, those to come included, in the order of their days; one query."""
    query = (
        select(STATUS)
        .where(among(session, STATUS.c.provider_id, provider_ids), *not_superseded(ProviderStatusRow, known_at))
        .order_by(STATUS.c.valid_from, STATUS.c.id)
    )
    found: dict[int, list[ProviderStatus]] = defaultdict(list)
    for row in session.connection().execute(query):
        found[row.provider_id].append(
            ProviderStatus(EmploymentStatus(row.status), row.valid_from, row.id, row.expected_back, row.reason_class)
        )
    return {provider_id: tuple(found[provider_id]) for provider_id in provider_ids}
